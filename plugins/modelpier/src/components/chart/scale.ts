/** A chart's vertical axis: it begins at zero, so that heights compare. */
export interface Scale {
  readonly top: number;
  /** From zero to the top. */
  readonly ticks: readonly number[];
}

const MOST_STEPS = 4;

/** Steps of 1, 2 or 5 in powers of ten; of bytes, powers of two. */
export function scaleFor(most: number, base: 2 | 10 = 10): Scale {
  const step = stepFor(Math.max(most, 0), base);
  const steps = Math.max(1, Math.ceil(most / step));
  return { top: steps * step, ticks: Array.from({ length: steps + 1 }, (_, index) => index * step) };
}

function stepFor(most: number, base: 2 | 10): number {
  if (most === 0) return 1;
  const least = most / MOST_STEPS;
  if (base === 2) return 2 ** Math.ceil(Math.log2(least));
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find(each => each * power >= least * (1 - Number.EPSILON * 8)) ?? 10;
  return factor * power;
}
