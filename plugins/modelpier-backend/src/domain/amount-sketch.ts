import { type Decoded, integer, list } from '@modelpier/backstage-plugin-modelpier-common';

/** How often amounts fell into each bucket: bucket and count in turn, the buckets in order. */
export const amountSketch = list(integer);
export type AmountSketch = Decoded<typeof amountSketch>;

/** The fraction that is told: what is hardly ever exceeded. */
export const HIGH = 0.95;

/** What a percentile may be off by. */
const RELATIVE_ERROR = 0.01;
/** Buckets grow by this, so that the middle of each is within the error of all in it (as in DDSketch). */
const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
/** Of nothing: no amount has a logarithm below. */
const ZERO = -1;

export const sketchOf = (amount: number): AmountSketch => [bucketOf(amount), 1];

const bucketOf = (amount: number): number =>
  amount < 1 ? ZERO : Math.ceil(Math.log(amount) / Math.log(GROWTH));

const middleOf = (bucket: number): number =>
  bucket === ZERO ? 0 : Math.round((2 * GROWTH ** bucket) / (GROWTH + 1));

/** Both as one; nothing is lost by it. */
export function joinSketches(one: AmountSketch, other: AmountSketch): AmountSketch {
  const counts = new Map<number, number>();
  for (const [bucket, times] of [...pairsOf(one), ...pairsOf(other)]) {
    counts.set(bucket, (counts.get(bucket) ?? 0) + times);
  }
  return [...counts].sort(([a], [b]) => a - b).flat();
}

/** The nearest rank, within a hundredth of the amount; `null` of nothing. */
export function percentileOf(sketch: AmountSketch, fraction: number): number | null {
  const pairs = pairsOf(sketch);
  const total = pairs.reduce((sum, [, times]) => sum + times, 0);
  let passed = 0;
  for (const [bucket, times] of pairs) {
    passed += times;
    if (passed >= fraction * total) return middleOf(bucket);
  }
  return null;
}

const pairsOf = (sketch: AmountSketch): readonly (readonly [bucket: number, times: number])[] =>
  Array.from({ length: sketch.length / 2 }, (_, at) => [sketch[2 * at] ?? 0, sketch[2 * at + 1] ?? 0]);
