import type { Tree } from '../parse/tree';
import { count, type Decoder, literal, object, optional, text, unknownValue } from '../parse/decoder';
import { type ObjectRef, objectRef } from '../workload/object-ref';
import { podSpec, type PodSpec } from '../workload/pod';

/** How an apply changes the pods of one object. */
export interface FitWorkload {
  readonly ref: ObjectRef;
  readonly pod: PodSpec;
  /** Pods once it is through; of a DaemonSet not known. */
  readonly replicas: number | undefined;
  /** What is there before the apply. */
  readonly live: { readonly pod: PodSpec; readonly replicas: number } | undefined;
  /** An old pod goes before its successor comes, so that none needs room beside it. */
  readonly stopsFirst: boolean;
}

const amount: Decoder<unknown> = unknownValue;
const workload = object({
  apiVersion: text,
  kind: literal('Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'Pod'),
  metadata: object({ name: text, namespace: optional(text) }),
  spec: object({
    replicas: optional(count),
    parallelism: optional(count),
    strategy: optional(
      object({ type: optional(text), rollingUpdate: optional(object({ maxUnavailable: optional(amount) })) }),
    ),
    template: optional(object({ spec: podSpec })),
  }),
});
const lonePod = object({ spec: podSpec });

/** An object as far as its pods go; `undefined` for kinds that make none, or in ways of their own. */
export function readFitWorkload(wanted: Tree, live: Tree | undefined): FitWorkload | undefined {
  const object = decode(workload, wanted);
  if (object === undefined) return undefined;
  const { apiVersion, kind, metadata } = object;
  const pod = kind === 'Pod' ? decode(lonePod, wanted)?.spec : object.spec.template?.spec;
  if (pod === undefined) return undefined;
  const before = live === undefined ? undefined : readFitWorkload(live, undefined);
  return {
    ref: objectRef({ apiVersion, kind, ...metadata }, '', []),
    pod,
    replicas: replicasOf(object),
    live: before && { pod: before.pod, replicas: before.replicas ?? 0 },
    stopsFirst: kind !== 'Deployment' || doesStopFirst(object.spec),
  };
}

/** A DaemonSet has as many as there are nodes for it. */
function replicasOf({ kind, spec }: ReturnType<typeof workload>): number | undefined {
  if (kind === 'DaemonSet') return undefined;
  return (kind === 'Job' ? spec.parallelism : spec.replicas) ?? 1;
}

/** A quarter of fewer than four pods is rounded down to none. */
const DEFAULT_MAX_UNAVAILABLE = '25%';

function doesStopFirst({ strategy, replicas = 1 }: ReturnType<typeof workload>['spec']): boolean {
  if (strategy?.type === 'Recreate') return true;
  const { maxUnavailable = DEFAULT_MAX_UNAVAILABLE } = strategy?.rollingUpdate ?? {};
  const percent = /^(\d+)%$/.exec(String(maxUnavailable))?.[1];
  return percent === undefined
    ? Number(maxUnavailable) > 0
    : Math.floor((replicas * Number(percent)) / 100) > 0;
}

function decode<T>(decoder: Decoder<T>, value: unknown): T | undefined {
  const faults: never[] = [];
  const decoded = decoder(value, '', faults);
  return faults.length === 0 ? decoded : undefined;
}
