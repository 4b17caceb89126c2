import type {
  FileDifference,
  LayerDifference,
  MetricDifference,
  VersionDiff,
} from '@modelpier/backstage-plugin-modelpier-common';
import { compareSettings } from './compare-settings';
import type { KeptConfig } from './fetched-manifest';

/** A layer as the diff shows it; `files` is `null` where it does not say what it holds. */
export interface ComparedLayer extends Omit<LayerDifference, 'change' | 'files'> {
  readonly files: readonly string[] | null;
}

export interface ComparedImage {
  readonly layers: readonly ComparedLayer[];
  readonly config: KeptConfig | undefined;
  readonly metrics: Readonly<Record<string, number>>;
}

type Compared = Pick<VersionDiff, 'layers' | 'bytes' | 'files' | 'areFilesComplete' | 'settings' | 'metrics'>;

/** More rows than anybody reads. */
const MOST_FILES = 1000;

/** What is another from one image to the next. */
export function compareImages(before: ComparedImage, after: ComparedImage): Compared {
  const had = new Set(before.layers.map(({ digest }) => digest));
  const has = new Set(after.layers.map(({ digest }) => digest));
  const removed = before.layers.filter(({ digest }) => !has.has(digest));
  const added = after.layers.filter(({ digest }) => !had.has(digest));
  const same = after.layers.filter(({ digest }) => had.has(digest));
  const files = compareFiles(removed, added);
  return {
    layers: [
      ...after.layers.map(layer => describe(layer, had.has(layer.digest) ? 'same' : 'added')),
      ...removed.map(layer => describe(layer, 'removed')),
    ],
    bytes: { same: sizeOf(same), added: sizeOf(added), removed: sizeOf(removed) },
    files: files.slice(0, MOST_FILES),
    areFilesComplete:
      files.length <= MOST_FILES && [...removed, ...added].every(layer => layer.files !== null),
    settings: compareSettings(before.config, after.config),
    metrics: compareMetrics(before.metrics, after.metrics),
  };
}

const describe = (
  { digest, sizeBytes, mediaType, kind, files }: ComparedLayer,
  change: LayerDifference['change'],
): LayerDifference => ({ change, digest, sizeBytes, mediaType, kind, files: files ?? [] });

/** A blob that an image has twice is kept and moved once. */
const sizeOf = (layers: readonly ComparedLayer[]): number =>
  [...new Map(layers.map(({ digest, sizeBytes }) => [digest, sizeBytes])).values()].reduce(
    (sum, each) => sum + each,
    0,
  );

function compareFiles(
  removed: readonly ComparedLayer[],
  added: readonly ComparedLayer[],
): readonly FileDifference[] {
  const before = filesOf(removed);
  const after = filesOf(added);
  return [...new Set([...before, ...after])]
    .toSorted()
    .map(path => ({ path, change: !before.has(path) ? 'added' : after.has(path) ? 'changed' : 'removed' }));
}

const filesOf = (layers: readonly ComparedLayer[]): ReadonlySet<string> =>
  new Set(layers.flatMap(({ files }) => files ?? []));

function compareMetrics(
  before: ComparedImage['metrics'],
  after: ComparedImage['metrics'],
): readonly MetricDifference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .toSorted()
    .map(name => ({ name, before: before[name] ?? null, after: after[name] ?? null }))
    .filter(metric => metric.before !== metric.after);
}
