import { findCondition } from './conditions';
import { containerTrouble } from './container-trouble';
import type { HealthContext } from './health-context';
import { type Pod } from './pod';
import { podFailure } from './pod-failure';
import { allContainerStatuses } from './sightings';
import type { Status } from './status';
import { verdict } from './verdict';

export const isReady = (pod: Pod): boolean =>
  findCondition(pod.status?.conditions, 'Ready')?.status === 'True';

export function podHealth(pod: Pod, context: HealthContext): Status {
  const { phase, reason, message } = pod.status ?? {};
  if (phase === 'Succeeded') return verdict('Current', 'Succeeded', 'the pod ran to its end');
  if (phase === 'Failed') {
    return verdict('Failed', reason ?? 'PodFailed', `the pod failed: ${message ?? waitsFor(pod)}`);
  }
  if (phase === 'Running' && isReady(pod)) return verdict('Current', 'Ready', 'the pod is ready');
  return podFailure(pod, context) ?? verdict('InProgress', 'PodNotReady', waitsFor(pod));
}

/** What a pod that is not ready waits for, in a few words. */
export function waitsFor(pod: Pod): string {
  const scheduled = findCondition(pod.status?.conditions, 'PodScheduled');
  if (scheduled?.status === 'False') {
    return `pod ${pod.metadata.name} has no node yet: ${scheduled.message ?? scheduled.reason ?? 'waiting'}`;
  }
  const statuses = allContainerStatuses(pod);
  const culprit =
    statuses.find(({ state }) => state?.waiting !== undefined) ??
    statuses.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0) ??
    statuses.find(({ ready, state }) => !ready && state?.running !== undefined);
  return culprit === undefined
    ? `pod ${pod.metadata.name} is ${(pod.status?.phase ?? 'Pending').toLowerCase()}`
    : containerTrouble(pod, culprit);
}
