import type { Reuse, ReuseBasis } from './reuse';

/** A distinct layer of a fleet, and how often it occurs in the fleet's images. */
export interface CountedLayer {
  readonly sizeBytes: number;
  readonly occurrences: number;
  /** Of these, the occurrences that came with a base image. */
  readonly baseOccurrences: number;
}

/** As `computeReuse` of a fleet, where a database has already counted the layers' occurrences. */
export function computeCountedReuse(layers: Iterable<CountedLayer>, basis: ReuseBasis): Reuse {
  let totalBytes = 0;
  let newBytes = 0;
  let newLayers = 0;
  let reusedBaseBytes = 0;
  for (const { sizeBytes, occurrences, baseOccurrences } of layers) {
    if (occurrences === 0) continue;
    totalBytes += sizeBytes * occurrences;
    newBytes += sizeBytes;
    newLayers += 1;
    reusedBaseBytes += sizeBytes * Math.min(baseOccurrences, occurrences - 1);
  }
  return reuseOfSums({ totalBytes, newBytes, newLayers, reusedBaseBytes }, basis);
}

/** The sums that the formula of a fleet ends in. */
export type FleetSums = Pick<Reuse, 'totalBytes' | 'newBytes' | 'newLayers' | 'reusedBaseBytes'>;

/** As `computeCountedReuse`, where a database has already added up too. */
export const reuseOfSums = (sums: FleetSums, basis: ReuseBasis): Reuse => ({
  ...sums,
  mode: 'fleet',
  basis,
  ratio: sums.totalBytes === 0 ? null : (sums.totalBytes - sums.newBytes) / sums.totalBytes,
  ...(sums.totalBytes === 0 && { reason: 'empty-image' as const }),
  reusedOwnBytes: sums.totalBytes - sums.newBytes - sums.reusedBaseBytes,
});
