import { count, type Decoded, flag, list, nullable, object, optional, text } from '../parse/decoder';
import { status } from '../workload/status';
import { entityRef, sources } from './source';
import { placement, version } from './version';

export const modelSummary = object({
  entity: entityRef,
  title: nullable(text),
  owner: nullable(text),
  repositories: list(text),
  /** What is wrong with the entity's annotations; left out where nothing is. */
  problems: optional(list(text)),
  versions: count,
  newest: nullable(version),
  deployments: list(
    object({ placement, version: nullable(text), status, ready: count, desired: count, drift: flag }),
  ),
});
export type ModelSummary = Decoded<typeof modelSummary>;

export const modelAnswer = object({ model: modelSummary, sources });
export type ModelAnswer = Decoded<typeof modelAnswer>;

export const modelsPage = object({
  items: list(modelSummary),
  nextCursor: nullable(text),
  total: count,
  sources,
});
export type ModelsPage = Decoded<typeof modelsPage>;
