import type { Digest } from '../image/digest';

/** Why a layer had to be stored and moved although the version before was there. */
export const NEW_LAYER_REASONS = [
  'recompressed',
  'squashed',
  'base-changed',
  'versioned-name',
  'content-changed',
  'added',
] as const;
export type NewLayerReason = (typeof NEW_LAYER_REASONS)[number];

/** A layer with what is known of its content. */
export interface LintedLayer {
  readonly digest: Digest;
  readonly diffId?: Digest | undefined;
  readonly isBase: boolean;
  /** Paths inside the image; empty where nobody says. */
  readonly files: readonly string[];
}

/** The layers that the version before did not have, each with the likeliest reason. */
export function explainNewLayers(
  layers: readonly LintedLayer[],
  previous: readonly LintedLayer[],
): ReadonlyMap<Digest, NewLayerReason> {
  const before = {
    digests: new Set(previous.map(({ digest }) => digest)),
    diffIds: new Set(previous.map(({ diffId }) => diffId)),
    files: new Set(previous.flatMap(({ files }) => files)),
    unversioned: new Set(previous.flatMap(({ files }) => files).map(withoutVersion)),
  };
  const isSquashed = layers.length === 1 && previous.length > 1;
  const reasonFor = ({ diffId, isBase, files }: LintedLayer): NewLayerReason => {
    if (diffId !== undefined && before.diffIds.has(diffId)) return 'recompressed';
    if (isSquashed) return 'squashed';
    if (isBase) return 'base-changed';
    const isRenamed = (file: string): boolean =>
      !before.files.has(file) && before.unversioned.has(withoutVersion(file));
    if (files.some(isRenamed)) return 'versioned-name';
    return files.some(file => before.files.has(file)) ? 'content-changed' : 'added';
  };
  return new Map(
    layers.filter(({ digest }) => !before.digests.has(digest)).map(layer => [layer.digest, reasonFor(layer)]),
  );
}

/** A path with the numbers of its basename left out: `models/net-v1.2.pt` and `models/net-v2.pt` are alike. */
function withoutVersion(path: string): string {
  const slash = path.lastIndexOf('/') + 1;
  return path.slice(0, slash) + path.slice(slash).replace(/v?\d+(?:[._-]\d+)*/gi, '#');
}
