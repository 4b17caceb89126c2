import { count, type Decoded, list, nullable, object, optional, text } from '../parse/decoder';
import { allocatedResource } from './allocation-answer';
import { reuse } from './reuse-answer';
import { sources } from './source';

/** R = T / N of a cluster or a pool with the pods of all models together. */
export const fleetScope = object({
  cluster: text,
  pool: nullable(text),
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
