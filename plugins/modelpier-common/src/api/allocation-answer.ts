import { ALLOCATION_BASES, ALLOCATION_REASONS } from '../allocation/allocation';
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
import { objectRef } from '../workload/object-ref';
import { sources } from './source';

/** R = T / N for one resource in one scope, with a model's part in it. See `computeAllocation`. */
export const allocatedResource = object({
  resource: text,
  /** T: allocatable over the scope's usable nodes, or the namespace's quota where that is smaller. */
  total: nullable(text),
  /** N: containers that run or are scheduled in the scope; of a device, those that request it. */
  containers: count,
  /** n where it is not the scope's `modelContainers`: of a device, the containers that request it. */
  modelContainers: optional(count),
  /** R = T / N. */
  fairShare: nullable(text),
  reason: optional(literal(...ALLOCATION_REASONS)),
  /** A: requests of the model's containers. */
  requested: text,
  /** What counts as the model's where the basis is not A; `share` and `ofTotal` are of it. */
  allocated: optional(text),
  /** `null` where one of them has no limit. */
  limited: nullable(text),
  /** U: `null` reads "metrics not available". */
  used: nullable(text),
  /** How many containers U was measured on, where that is not all; `efficiency` is of these. */
  measuredContainers: optional(count),
  /** A / (n * R). */
  share: nullable(number),
  /** U / A. */
  efficiency: nullable(number),
  /** A / T. */
  ofTotal: nullable(number),
  bestEffort: flag,
});
export type AllocatedResource = Decoded<typeof allocatedResource>;

export const containerAllocation = object({
  workload: objectRef,
  container: text,
  /** Pods that run this container. */
  instances: count,
  /** Per resource, for one container. */
  resources: list(
    object({
      resource: text,
      request: nullable(text),
      limit: nullable(text),
      used: nullable(text),
      /** The 95th percentile of the readings of a week, within a hundredth; left out where there were none. */
      usedP95: optional(text),
      /** request / R. */
      ofFairShare: nullable(number),
    }),
  ),
});
export type ContainerAllocation = Decoded<typeof containerAllocation>;

export const allocationScope = object({
  cluster: text,
  /** Where T is capped by a ResourceQuota, its namespace. */
  namespace: nullable(text),
  /** Left out: `requests`. */
  basis: optional(literal(...ALLOCATION_BASES)),
  /** Whether T and N are without the system's pods; left out: with them. */
  minusSystem: optional(flag),
  /** The node pool, so that unlike nodes are never averaged; `null` for the whole cluster. */
  pool: nullable(text),
  observedAt: text,
  /** Nodes that T is summed over; `null` where nodes cannot be read. */
  nodes: nullable(count),
  /** n: the model's containers in the scope. */
  modelContainers: count,
  resources: list(allocatedResource),
  /** DRF: the largest A / T. */
  dominant: nullable(object({ resource: text, ratio: number })),
  containers: list(containerAllocation),
  /** Of the namespace; left out where the scope is none, or has none. */
  quotas: optional(
    list(object({ quota: text, item: text, resource: text, hard: text, used: nullable(text) })),
  ),
});
export type AllocationScope = Decoded<typeof allocationScope>;

export const allocationAnswer = object({ scopes: list(allocationScope), sources });
export type AllocationAnswer = Decoded<typeof allocationAnswer>;
