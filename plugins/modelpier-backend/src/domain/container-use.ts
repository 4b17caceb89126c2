import {
  type AllocationScope,
  amountText,
  type ContainerAllocation,
  type Decoded,
  list,
  object,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import { amountSketch, HIGH, joinSketches, percentileOf, sketchOf } from './amount-sketch';
import { groupBy } from './group-by';
import { amountOf, nanoOf } from './sampled-amount';

/** How much of a resource one container of a workload used over a span of time, whichever pod it was in. */
const containerUse = object({
  namespace: text,
  kind: text,
  name: text,
  container: text,
  resource: text,
  used: amountSketch,
});
export const containerUses = list(containerUse);
export type ContainerUse = Decoded<typeof containerUse>;

/** Weekdays and weekends alike. */
const TOLD_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The first day whose use is told at `now`, in milliseconds since the epoch. */
export const useToldSince = (now: number): string => new Date(now - TOLD_DAYS * DAY_MS).toISOString();

/** One reading of each container that was measured. */
export const sampleContainers = (scopes: readonly AllocationScope[]): readonly ContainerUse[] =>
  scopes
    .flatMap(({ containers }) => containers)
    .flatMap(container =>
      container.resources.flatMap(({ resource, used }) =>
        used === null ? [] : [{ ...identify(container, resource), used: sketchOf(amountOf(resource, used)) }],
      ),
    );

/** All readings of each container as one. */
export const joinUses = (uses: readonly ContainerUse[]): readonly ContainerUse[] =>
  [...groupBy(uses, keyOf).values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [{ ...first, used: others.reduce((sum, { used }) => joinSketches(sum, used), first.used) }],
  );

/** Tells of each container what it hardly ever used more of. */
export function withHighUse(scope: AllocationScope, uses: readonly ContainerUse[]): AllocationScope {
  const known = new Map(joinUses(uses).map(use => [keyOf(use), use.used]));
  const describe = (container: ContainerAllocation): ContainerAllocation => ({
    ...container,
    resources: container.resources.map(amounts => {
      const { resource } = amounts;
      const sketch = known.get(keyOf(identify(container, resource)));
      const high = sketch === undefined ? null : percentileOf(sketch, HIGH);
      return high === null ? amounts : { ...amounts, usedP95: amountText(resource, nanoOf(resource, high)) };
    }),
  });
  return { ...scope, containers: scope.containers.map(describe) };
}

type Identity = Omit<ContainerUse, 'used'>;

const identify = ({ workload, container }: ContainerAllocation, resource: string): Identity => ({
  namespace: workload.namespace ?? '',
  kind: workload.kind,
  name: workload.name,
  container,
  resource,
});

const keyOf = ({ namespace, kind, name, container, resource }: Identity): string =>
  JSON.stringify([namespace, kind, name, container, resource]);
