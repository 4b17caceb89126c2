/** An exact fraction with a positive denominator, kept so because T / N seldom comes out even. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The nearest number; `null` where there is nothing to divide by. */
export function ratio(numerator: bigint, denominator: bigint): number | null {
  if (denominator === 0n) return null;
  return Number(numerator) / Number(denominator);
}

/** The largest whole number of units in the fraction: N shares of it never exceed T. */
export const floorTo = ({ numerator, denominator }: Rational, unit: bigint): bigint =>
  numerator / (denominator * unit);
