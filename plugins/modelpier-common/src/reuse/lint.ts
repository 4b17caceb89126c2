import type { Digest } from '../image/digest';

/** Why a layer had to be stored and moved although the version before was there. */
export const NEW_LAYER_REASONS = [
  'recompressed',
  'squashed',
  'base-changed',
  'versioned-name',
  'moved',
  'time-stamps',
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

interface LintOptions {
  /** Whether files carry another time than before, which changes every archive whatever its content. */
  readonly isRedated?: boolean;
}

/** The layers that the version before did not have, each with the likeliest reason. */
export function explainNewLayers(
  layers: readonly LintedLayer[],
  previous: readonly LintedLayer[],
  { isRedated = false }: LintOptions = {},
): ReadonlyMap<Digest, NewLayerReason> {
  const digests = new Set(previous.map(({ digest }) => digest));
  const diffIds = new Set(previous.map(({ diffId }) => diffId));
  const before = filesOf(previous);
  const isSquashed = layers.length === 1 && previous.length > 1;
  const reasonFor = ({ diffId, isBase, files }: LintedLayer): NewLayerReason => {
    if (diffId !== undefined && diffIds.has(diffId)) return 'recompressed';
    if (isSquashed) return 'squashed';
    if (isBase) return 'base-changed';
    const known = files.filter(file => before.paths.has(file));
    const others = files.filter(file => !before.paths.has(file));
    if (others.some(file => before.unversioned.has(withoutVersion(file)))) return 'versioned-name';
    if (others.some(file => before.basenames.has(basename(file)))) return 'moved';
    if (known.length === 0) return 'added';
    return isRedated ? 'time-stamps' : 'content-changed';
  };
  return new Map(
    layers.filter(({ digest }) => !digests.has(digest)).map(layer => [layer.digest, reasonFor(layer)]),
  );
}

function filesOf(layers: readonly LintedLayer[]) {
  const paths = layers.flatMap(({ files }) => files);
  return {
    paths: new Set(paths),
    unversioned: new Set(paths.map(withoutVersion)),
    basenames: new Set(paths.map(basename)),
  };
}

const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A path with the numbers of its basename left out: `models/net-v1.2.pt` and `models/net-v2.pt` are alike. */
function withoutVersion(path: string): string {
  const slash = path.lastIndexOf('/') + 1;
  return path.slice(0, slash) + path.slice(slash).replace(/v?\d+(?:[._-]\d+)*/gi, '#');
}
