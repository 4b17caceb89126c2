import {
  type LayerDifference,
  type Source,
  type Version,
  type VersionDiff,
  type VersionDetail,
} from '@modelpier/backstage-plugin-modelpier-common';

type Layer = VersionDetail['layers'][number];

const differenceOf = (
  { digest, sizeBytes, mediaType, kind, files }: Layer,
  change: LayerDifference['change'],
): LayerDifference => ({ change, digest, sizeBytes, mediaType, kind, files });

const sum = (layers: readonly LayerDifference[], change: LayerDifference['change']): number =>
  layers.reduce((bytes, layer) => bytes + (layer.change === change ? layer.sizeBytes : 0), 0);

/** From one version to another, by their layers; the model takes one more input than before. */
export function diffOf(
  [before, after]: readonly [VersionDetail, VersionDetail],
  sources: readonly Source[],
): VersionDiff {
  const has = ({ layers }: VersionDetail, { digest }: Layer) => layers.some(layer => layer.digest === digest);
  const layers = [
    ...after.layers.map(layer => differenceOf(layer, has(before, layer) ? 'same' : 'added')),
    ...before.layers.filter(layer => !has(after, layer)).map(layer => differenceOf(layer, 'removed')),
  ];
  const accuracy = ({ metrics }: Version) => metrics['accuracy'] ?? null;
  return {
    before: before.version,
    after: after.version,
    platform: 'linux/amd64',
    layers,
    bytes: { same: sum(layers, 'same'), added: sum(layers, 'added'), removed: sum(layers, 'removed') },
    files: [{ path: 'models/mnist-mlp/model.pt', change: 'changed' }],
    areFilesComplete: false,
    settings: [
      { name: 'env MODEL_THREADS', change: 'changed', before: '1', after: '4' },
      { name: 'env MODEL_TOKEN', change: 'changed', before: null, after: null },
    ],
    metrics: [
      { name: 'accuracy', before: accuracy(before.version), after: accuracy(after.version) },
      { name: 'loss', before: null, after: 0.061 },
    ],
    facts: [
      { what: 'signature', isBreaking: true, text: 'input mask is new' },
      { what: 'parameters', isBreaking: false, text: 'parameters: 101770 became 203530' },
    ],
    sources,
  };
}
