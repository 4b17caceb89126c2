import {
  count,
  type Decoded,
  flag,
  list,
  literal,
  nullable,
  number,
  object,
  optional,
  text,
} from '../parse/decoder';
import { STATES, status } from '../workload/status';
import { reuse } from './reuse-answer';
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
  /** The worst of the deployments; left out where there is none. */
  health: optional(literal(...STATES)),
  /** Over all deployments. */
  replicas: optional(object({ ready: count, desired: count })),
  /** Requests against n * R over all clusters; amounts as in an allocation scope. Left out where it runs nowhere. */
  allocation: optional(
    object({
      /** CPU, memory and, where there are any, accelerators of every kind as `gpu`. */
      resources: list(
        object({
          resource: text,
          requested: text,
          fairShare: nullable(text),
          used: nullable(text),
          share: nullable(number),
        }),
      ),
      dominantShare: nullable(number),
    }),
  ),
  /** What sharing saves over all versions of the model; left out where there is none. */
  reuse: optional(reuse),
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
