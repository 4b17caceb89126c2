import {
  type AllocationScope,
  type Decoded,
  glanceAtAllocation,
  integer,
  list,
  nullable,
  object,
  optional,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import { amountSketch, joinSketches, sketchOf } from './amount-sketch';
import { amountOf } from './sampled-amount';
import type { StoredWorkload } from './stored-workload';

/** Amounts of one resource over a span of time: in thousandths, of memory in bytes. */
const sampledResource = object({
  resource: text,
  /** As it was last. */
  requested: integer,
  fairShare: nullable(integer),
  /** Of the samples that had any: how many, their sum, and the most. */
  measured: integer,
  usedSum: integer,
  usedMost: integer,
  /** How they were spread; left out of spans that began before it was kept. */
  used: optional(amountSketch),
});
export const sampledResources = list(sampledResource);
export type SampledResource = Decoded<typeof sampledResource>;

/** How a model stands in a cluster at one time. */
export interface ModelSample {
  readonly desired: number;
  readonly ready: number;
  readonly resources: readonly SampledResource[];
}

export function sampleModel(
  workloads: readonly StoredWorkload[],
  scopes: readonly AllocationScope[],
): ModelSample {
  const { resources } = glanceAtAllocation(scopes);
  return {
    desired: workloads.reduce((sum, { deployment }) => sum + deployment.replicas.desired, 0),
    ready: workloads.reduce((sum, { deployment }) => sum + deployment.replicas.ready, 0),
    resources: resources.map(({ resource, requested, fairShare, used }) => ({
      resource,
      requested: amountOf(resource, requested),
      fairShare: fairShare === null ? null : amountOf(resource, fairShare),
      measured: used === null ? 0 : 1,
      usedSum: used === null ? 0 : amountOf(resource, used),
      usedMost: used === null ? 0 : amountOf(resource, used),
      used: used === null ? [] : sketchOf(amountOf(resource, used)),
    })),
  };
}

/** Two spans as one, the later one second. */
export function joinResources(
  before: readonly SampledResource[],
  after: readonly SampledResource[],
): readonly SampledResource[] {
  return after.map(each => {
    const old = before.find(({ resource }) => resource === each.resource);
    if (old === undefined) return each;
    return {
      ...each,
      measured: old.measured + each.measured,
      usedSum: old.usedSum + each.usedSum,
      usedMost: Math.max(old.usedMost, each.usedMost),
      used: old.used && each.used && joinSketches(old.used, each.used),
    };
  });
}
