import { count, object, optional, parseWith } from '../parse/decoder';

const counted = object({
  spec: optional(object({ replicas: optional(count) })),
  status: optional(
    object({
      readyReplicas: optional(count),
      numberReady: optional(count),
      desiredNumberScheduled: optional(count),
    }),
  ),
});

export interface ReplicaCounts {
  readonly ready: number;
  readonly desired: number;
}

/** How many pods an object keeps, and how many of them are ready; a DaemonSet keeps one a node. */
export function replicaCounts(value: unknown): ReplicaCounts {
  const { spec, status } = parseWith(counted, value, 'workload');
  return {
    ready: status?.readyReplicas ?? status?.numberReady ?? 0,
    desired: status?.desiredNumberScheduled ?? spec?.replicas ?? 1,
  };
}
