import { digest } from '../image/digest';
import { factChange } from '../model/compare-facts';
import { count, type Decoded, flag, list, literal, nullable, number, object, text } from '../parse/decoder';
import { LAYER_KINDS } from '../report/report';
import { sources } from './source';
import { version } from './version';

export const layerDifference = object({
  change: literal('same', 'added', 'removed'),
  digest,
  sizeBytes: count,
  mediaType: text,
  kind: literal(...LAYER_KINDS, 'unknown'),
  files: list(text),
});
export type LayerDifference = Decoded<typeof layerDifference>;

/** A path whose layer is another one is `changed`: a layer may bring the same bytes again. */
export const fileDifference = object({ path: text, change: literal('added', 'removed', 'changed') });
export type FileDifference = Decoded<typeof fileDifference>;

/** `null` where the image does not have it; both `null` where the value is not shown. */
export const settingDifference = object({
  name: text,
  change: literal('added', 'removed', 'changed'),
  before: nullable(text),
  after: nullable(text),
});
export type SettingDifference = Decoded<typeof settingDifference>;

export const metricDifference = object({
  name: text,
  before: nullable(number),
  after: nullable(number),
});
export type MetricDifference = Decoded<typeof metricDifference>;

/** From one version of a model to another; of several platforms the one that both have is compared. */
export const versionDiff = object({
  before: version,
  after: version,
  platform: nullable(text),
  layers: list(layerDifference),
  bytes: object({ same: count, added: count, removed: count }),
  files: list(fileDifference),
  /** Whether every layer that differs says which files it holds, and all of them are listed. */
  areFilesComplete: flag,
  /** How the image starts, and its labels; `null` where that of one of them was not kept. */
  settings: nullable(list(settingDifference)),
  metrics: list(metricDifference),
  /** What the model files say; `null` where nothing is known of one of them. */
  facts: nullable(list(factChange)),
  sources,
});
export type VersionDiff = Decoded<typeof versionDiff>;
