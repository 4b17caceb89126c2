import { ModelpierError } from '../error';

export const REUSE_MODES = ['release', 'fleet'] as const;
/** `release`: what one image did not bring anew; `fleet`: what sharing saves among all images. */
export type ReuseMode = (typeof REUSE_MODES)[number];

export const REUSE_BASES = ['compressed', 'uncompressed'] as const;
/** Blob digests and compressed bytes (registry, transfer), or chain ids and unpacked bytes (node disk). */
export type ReuseBasis = (typeof REUSE_BASES)[number];

export const REUSE_REASONS = ['empty-image', 'unknown', 'first-release'] as const;
export type ReuseReason = (typeof REUSE_REASONS)[number];

/** One occurrence of a layer in an image. */
export interface ReuseLayer {
  /** Blob digest, or chain id where the basis is `uncompressed`. */
  readonly key: string;
  /** `null` where nobody says. */
  readonly sizeBytes: number | null;
  /** Fetched from elsewhere (`urls`): neither stored nor moved here. */
  readonly isForeign?: boolean | undefined;
}

export interface ReuseImage {
  readonly basis: ReuseBasis;
  /** `null` where the manifest could not be read. */
  readonly layers: readonly ReuseLayer[] | null;
  /** Keys of the layers that came with the base image. */
  readonly baseKeys?: ReadonlySet<string> | undefined;
  /** Releases are measured platform by platform. */
  readonly platform?: string | undefined;
}

export interface ReuseOptions {
  readonly mode: ReuseMode;
  readonly basis: ReuseBasis;
}

/** R = 1 - newBytes / totalBytes, with the numbers that went in. */
export interface Reuse extends ReuseOptions {
  /** S0: every occurrence of every layer. */
  readonly totalBytes: number;
  /** S1 + ... + SN: the distinct layers that the baseline lacks. */
  readonly newBytes: number;
  /** N. */
  readonly newLayers: number;
  readonly ratio: number | null;
  readonly reason?: ReuseReason | undefined;
  readonly reusedBaseBytes: number;
  readonly reusedOwnBytes: number;
}

/**
 * The seed's second formula, R = 1 - (S1 + ... + SN) / S0. The baseline is what was there already:
 * images of the version before, of the registry or of a node; `null` for a first release and always
 * for a fleet. With reason `unknown` the bytes are those that are known, and the ratio is `null`.
 */
export function computeReuse(
  images: readonly ReuseImage[],
  baseline: readonly ReuseImage[] | null,
  options: ReuseOptions,
): Reuse {
  refuseUnlike(images, baseline, options);
  const sums = sumImages(images, layersOf(baseline ?? []));
  const isUnknown = sums.isUnknown || (baseline ?? []).some(({ layers }) => layers === null);
  const { totalBytes, newBytes, newLayers, reusedBaseBytes } = sums;
  const reason = reasonOf({ isUnknown, totalBytes, isFirst: baseline === null, mode: options.mode });
  return {
    ...options,
    totalBytes,
    newBytes,
    newLayers,
    ratio: isUnknown || totalBytes === 0 ? null : (totalBytes - newBytes) / totalBytes,
    ...(reason !== undefined && { reason }),
    reusedBaseBytes,
    reusedOwnBytes: totalBytes - newBytes - reusedBaseBytes,
  };
}

interface Sums {
  totalBytes: number;
  newBytes: number;
  newLayers: number;
  reusedBaseBytes: number;
  isUnknown: boolean;
}

/** Sizes of the layers that are there, by key; one map, for a fleet has hundreds of thousands. */
type Present = Map<string, number | null>;

function layersOf(images: readonly ReuseImage[]): Present {
  const present: Present = new Map();
  for (const { layers } of images) {
    for (const { key, sizeBytes, isForeign = false } of layers ?? []) {
      if (isForeign) continue;
      const known = present.get(key) ?? null;
      if (known !== null && sizeBytes !== null) refuseTwoSizes(key, known, sizeBytes);
      present.set(key, known ?? sizeBytes);
    }
  }
  return present;
}

function sumImages(images: readonly ReuseImage[], present: Present): Sums {
  const sums: Sums = { totalBytes: 0, newBytes: 0, newLayers: 0, reusedBaseBytes: 0, isUnknown: false };
  for (const { layers, baseKeys } of images) {
    sums.isUnknown ||= layers === null;
    for (const { key, sizeBytes, isForeign = false } of layers ?? []) {
      if (isForeign) continue;
      if (sizeBytes === null) {
        sums.isUnknown = true;
        continue;
      }
      sums.totalBytes += sizeBytes;
      const known = present.get(key);
      if (known === undefined) {
        present.set(key, sizeBytes);
        sums.newBytes += sizeBytes;
        sums.newLayers += 1;
        continue;
      }
      if (known !== null) refuseTwoSizes(key, known, sizeBytes);
      if (baseKeys?.has(key) === true) sums.reusedBaseBytes += sizeBytes;
    }
  }
  return sums;
}

/** One layer has one size; two sizes mean that compressed and unpacked bytes were mixed. */
function refuseTwoSizes(key: string, one: number, other: number): void {
  if (one === other) return;
  throw new ModelpierError('internal', `layer ${key} measures ${one} and ${other} bytes: mixed basis`);
}

function refuseUnlike(
  images: readonly ReuseImage[],
  baseline: readonly ReuseImage[] | null,
  { mode, basis }: ReuseOptions,
): void {
  const stranger = [...images, ...(baseline ?? [])].find(image => image.basis !== basis);
  if (stranger !== undefined) {
    throw new ModelpierError('internal', `reuse in ${basis} bytes got an image in ${stranger.basis} bytes`);
  }
  if (mode === 'fleet' && baseline !== null) {
    throw new ModelpierError('internal', 'the reuse of a fleet has no baseline: every image is measured');
  }
  const platforms = new Set(images.map(image => image.platform));
  if (mode === 'release' && platforms.size > 1) {
    throw new ModelpierError('internal', 'the reuse of a release is measured platform by platform');
  }
}

function reasonOf(of: {
  readonly isUnknown: boolean;
  readonly totalBytes: number;
  readonly isFirst: boolean;
  readonly mode: ReuseMode;
}): ReuseReason | undefined {
  if (of.isUnknown) return 'unknown';
  if (of.totalBytes === 0) return 'empty-image';
  return of.isFirst && of.mode === 'release' ? 'first-release' : undefined;
}
