import { ALLOCATION_BASES } from '../allocation/allocation';
import { count, type Decoded, flag, list, literal, nullable, object, optional, text } from '../parse/decoder';
import { objectRef } from '../workload/object-ref';
import { status } from '../workload/status';
import { allocatedResource } from './allocation-answer';
import { reuse } from './reuse-answer';
import { sources } from './source';

/** R = T / N of a cluster or a pool with the pods of all models together. */
export const fleetScope = object({
  cluster: text,
  pool: nullable(text),
  /** Left out: `requests`. */
  basis: optional(literal(...ALLOCATION_BASES)),
  /** Whether T and N are without the system's pods; left out: with them. */
  minusSystem: optional(flag),
  observedAt: text,
  /** Nodes that T is summed over; `null` where nodes cannot be read. */
  nodes: nullable(count),
  models: count,
  /** n: the models' containers in the scope. */
  modelContainers: optional(count),
  resources: list(allocatedResource),
});

export const fleetAllocation = object({ scopes: list(fleetScope), sources });
export type FleetAllocation = Decoded<typeof fleetAllocation>;

export const fleetReuse = object({ models: count, versions: count, reuse, sources });
export type FleetReuse = Decoded<typeof fleetReuse>;

/** A workload that says which model it serves, while the catalog has no such model. */
export const orphan = object({
  cluster: text,
  namespace: text,
  workload: objectRef,
  /** As its label says. */
  model: text,
  image: text,
  replicas: object({ desired: count, ready: count }),
  status,
  observedAt: text,
});
export type Orphan = Decoded<typeof orphan>;

export const orphansPage = object({
  items: list(orphan),
  nextCursor: nullable(text),
  total: count,
  sources,
});
export type OrphansPage = Decoded<typeof orphansPage>;
