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
import { way } from './dispatch';
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

/** `ways` tells what can be started from the portal. */
export const modelAnswer = object({
  model: modelSummary,
  ways: optional(object({ rollback: way, promote: way })),
  sources,
});
export type ModelAnswer = Decoded<typeof modelAnswer>;

/** Over all models that fit the filters, whichever page is shown. */
export const modelsTotals = object({
  models: count,
  versions: count,
  /** Models by the worst state of their deployments; those that run nowhere are in none. */
  health: list(object({ state: literal(...STATES), models: count })),
  drifting: count,
  ready: count,
  desired: count,
  /** Of the newest versions. */
  imageBytes: count,
  requested: list(object({ resource: text, amount: text })),
});
export type ModelsTotals = Decoded<typeof modelsTotals>;

/** What lists of models can be filtered by, over all that the caller may see. */
export const modelsChoices = object({ owners: list(text), environments: list(text) });
export type ModelsChoices = Decoded<typeof modelsChoices>;

export const modelsPage = object({
  items: list(modelSummary),
  nextCursor: nullable(text),
  total: count,
  /** Only where they are asked for. */
  totals: optional(modelsTotals),
  /** Only where they are asked for. */
  choices: optional(modelsChoices),
  sources,
});
export type ModelsPage = Decoded<typeof modelsPage>;
