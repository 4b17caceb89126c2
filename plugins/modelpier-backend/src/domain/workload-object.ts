import {
  count,
  type Decoded,
  metadata,
  object,
  optional,
  parseWith,
  podSpec,
  replicaCounts,
} from '@modelpier/backstage-plugin-modelpier-common';

/** What Deployments, StatefulSets, DaemonSets and Jobs have in common (Kubernetes API apps/v1, batch/v1). */
const workloadObject = object({
  metadata,
  spec: object({ parallelism: optional(count), template: object({ spec: podSpec }) }),
  status: optional(
    object({
      updatedReplicas: optional(count),
      updatedNumberScheduled: optional(count),
      availableReplicas: optional(count),
      numberAvailable: optional(count),
      /** Of a Job: pods that run, that are ready, and that came to a good end. */
      active: optional(count),
      ready: optional(count),
      succeeded: optional(count),
    }),
  ),
});
export type WorkloadObject = Decoded<typeof workloadObject>;

export const parseWorkload = (value: unknown): WorkloadObject => parseWith(workloadObject, value, 'workload');

export interface Replicas {
  readonly desired: number;
  readonly ready: number;
  readonly updated: number;
  readonly available: number;
}

/** How many pods a workload wants, and how far it is with them; a Job that has ended wants none. */
export function countReplicas(kind: string, raw: unknown, { spec, status = {} }: WorkloadObject): Replicas {
  if (kind === 'Job') return countJob(spec.parallelism ?? 1, status);
  return {
    ...replicaCounts(raw),
    updated: status.updatedReplicas ?? status.updatedNumberScheduled ?? 0,
    available: status.availableReplicas ?? status.numberAvailable ?? 0,
  };
}

function countJob(parallelism: number, status: NonNullable<WorkloadObject['status']>): Replicas {
  const { active = 0, succeeded = 0, ready = active } = status;
  const wanted = succeeded > 0 ? 0 : parallelism;
  return { desired: active > 0 ? active : wanted, ready, updated: active, available: ready };
}
