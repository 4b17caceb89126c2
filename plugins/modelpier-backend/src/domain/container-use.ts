import {
  type AllocationScope,
  amountText,
  type ContainerAllocation,
  countedContainers,
  type Decoded,
  list,
  type ModelPod,
  object,
  text,
  type UsageReader,
} from '@modelpier/backstage-plugin-modelpier-common';
import { amountSketch, HIGH, joinSketches, percentileOf, sketchOf } from './amount-sketch';
import { groupBy } from './group-by';
import { nanoOf, sampledOf } from './sampled-amount';

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

/** What the page shows of every container; metrics tell of no other resource. */
const MEASURED = ['cpu', 'memory'];

/** One reading of each container that was measured, in each pod by itself. */
export const sampleContainers = (pods: readonly ModelPod[], usage: UsageReader): readonly ContainerUse[] =>
  joinUses(
    pods.flatMap(({ workload, pod }) =>
      countedContainers(pod.spec).flatMap(({ name: container }) =>
        MEASURED.flatMap(resource => {
          const used = usage(pod, container, resource);
          if (used === undefined) return [];
          return [
            { ...identify({ workload, container }, resource), used: sketchOf(sampledOf(resource, used)) },
          ];
        }),
      ),
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

const identify = (
  { workload, container }: Pick<ContainerAllocation, 'workload' | 'container'>,
  resource: string,
): Identity => ({
  namespace: workload.namespace ?? '',
  kind: workload.kind,
  name: workload.name,
  container,
  resource,
});

const keyOf = ({ namespace, kind, name, container, resource }: Identity): string =>
  JSON.stringify([namespace, kind, name, container, resource]);
