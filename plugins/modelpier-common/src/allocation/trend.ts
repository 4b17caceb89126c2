import { ModelpierError } from '../error';
import type { Rational } from './rational';

/** T as it was seen at a time (RFC 3339), in nano-units. */
export interface Sample {
  readonly at: string;
  readonly amount: bigint;
}

/**
 * The mean of an amount that moves, as T does where a cluster scales itself: each sample holds until
 * the next one, the last until `until`. `null` where no time has passed. Samples are oldest first.
 */
export function timeWeightedMean(samples: readonly Sample[], until: string): Rational | null {
  let numerator = 0n;
  let denominator = 0n;
  samples.forEach(({ at, amount }, index) => {
    const heldMs = BigInt(milliseconds(samples[index + 1]?.at ?? until) - milliseconds(at));
    if (heldMs < 0n) throw new ModelpierError('internal', 'samples of a trend are ordered by time');
    numerator += amount * heldMs;
    denominator += heldMs;
  });
  return denominator === 0n ? null : { numerator, denominator };
}

function milliseconds(at: string): number {
  const parsed = Date.parse(at);
  if (Number.isNaN(parsed)) throw new ModelpierError('internal', `${JSON.stringify(at)} is not a time`);
  return parsed;
}
