import { count, object, optional, parseWith, text } from '../parse/decoder';
import { isTrue } from './conditions';
import { metadata } from './metadata';
import type { Pod } from './pod';
import { isOwnedBy } from './revision';

const REVISION_LABEL = 'controller-revision-hash';

const statefulSet = object({
  metadata,
  spec: object({
    podManagementPolicy: optional(text),
    updateStrategy: optional(
      object({ type: optional(text), rollingUpdate: optional(object({ partition: optional(count) })) }),
    ),
  }),
  status: optional(
    object({
      observedGeneration: optional(count),
      currentRevision: optional(text),
      updateRevision: optional(text),
    }),
  ),
});

/**
 * Pods of a revision that a StatefulSet does not want any more and that will never become ready. Its controller waits
 * for each pod before it touches the next, so it never replaces them (Kubernetes docs, StatefulSets, "Forced
 * rollback"). Nothing where the controller has not seen the newest change yet.
 */
export function stuckPods(value: unknown, pods: readonly Pod[]): readonly Pod[] | undefined {
  const { metadata: own, spec, status = {} } = parseWith(statefulSet, value, 'StatefulSet');
  if ((status.observedGeneration ?? 0) < (own.generation ?? 0)) return undefined;
  const { type = 'RollingUpdate', rollingUpdate } = spec.updateStrategy ?? {};
  if (spec.podManagementPolicy === 'Parallel' || type !== 'RollingUpdate') return [];
  const wanted = [status.updateRevision];
  // Below the partition the current revision is wanted too.
  if ((rollingUpdate?.partition ?? 0) > 0) wanted.push(status.currentRevision);
  return pods.filter(
    pod =>
      isOwnedBy(pod.metadata, own) &&
      pod.metadata.deletionTimestamp === undefined &&
      !wanted.includes(pod.metadata.labels?.[REVISION_LABEL]) &&
      !isTrue(pod.status?.conditions, 'Ready'),
  );
}
