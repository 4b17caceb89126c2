import { ratio, type Rational } from './rational';

/** Amounts are nano-units of one resource. */
export interface AllocationInput {
  /** T; `null` where it cannot be read. */
  readonly total: bigint | null;
  /** N. */
  readonly containers: number;
  readonly model: {
    /** n. */
    readonly containers: number;
    /** A. */
    readonly requested: bigint;
    /** U, and the part of A that it was measured on; `null` where nothing measures it. */
    readonly used: { readonly amount: bigint; readonly requested: bigint } | null;
    /** What counts as the model's, where that is not A (the `max` basis). */
    readonly allocated?: bigint | undefined;
  };
}

/** Why there is no fair share, or why it is 0. */
export const ALLOCATION_REASONS = ['no-containers', 'none-in-scope', 'forbidden'] as const;
export type AllocationReason = (typeof ALLOCATION_REASONS)[number];

/** What counts as a model's: its requests, or the larger of request and usage of each pod (as OpenCost). */
export const ALLOCATION_BASES = ['requests', 'max'] as const;
export type AllocationBasis = (typeof ALLOCATION_BASES)[number];

/** R = T / N of one resource, and a model's part in it; `null` wherever a number would be made up. */
export interface Allocation {
  /** R in nano-units. */
  readonly fairShare: Rational | null;
  readonly reason?: AllocationReason | undefined;
  /** A / (n * R). */
  readonly share: number | null;
  /** U / A. */
  readonly efficiency: number | null;
  /** A / T. */
  readonly ofTotal: number | null;
}

/** The seed's first formula, R = T / N, exact. */
export function computeAllocation({ total, containers, model }: AllocationInput): Allocation {
  const { requested, used, allocated = requested } = model;
  const efficiency = used === null ? null : ratio(used.amount, used.requested);
  const ofTotal = total === null ? null : ratio(allocated, total);
  if (total === null) return { fairShare: null, reason: 'forbidden', share: null, efficiency, ofTotal };
  if (containers === 0) return { fairShare: null, reason: 'no-containers', share: null, efficiency, ofTotal };
  return {
    fairShare: { numerator: total, denominator: BigInt(containers) },
    ...(total === 0n && { reason: 'none-in-scope' as const }),
    share: ratio(allocated * BigInt(containers), total * BigInt(model.containers)),
    efficiency,
    ofTotal,
  };
}

/** How much of its fair share an amount is: `null` where there is no fair share, or it is 0. */
export const ofFairShare = (amount: bigint, fairShare: Rational | null): number | null =>
  fairShare === null ? null : ratio(amount * fairShare.denominator, fairShare.numerator);

/** DRF (Ghodsi 2011): the resource of which the largest part is taken, the first of equals. */
export function dominantShare(
  shares: readonly { readonly resource: string; readonly ratio: number | null }[],
): { readonly resource: string; readonly ratio: number } | null {
  let dominant: { readonly resource: string; readonly ratio: number } | null = null;
  for (const { resource, ratio: share } of shares) {
    if (share !== null && (dominant === null || share > dominant.ratio))
      dominant = { resource, ratio: share };
  }
  return dominant;
}

/** The dominant share that would be fair: 1 / M of M models, or by weight; `null` without any weight. */
export function fairDominantShare(weight: number, weights: readonly number[]): number | null {
  const total = weights.reduce((sum, each) => sum + each, 0);
  return total > 0 ? weight / total : null;
}
