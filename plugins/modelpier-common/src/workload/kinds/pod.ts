import { findCondition } from '../conditions';
import { containerTrouble } from '../container-trouble';
import { digestGate } from '../digest-gate';
import type { HealthContext } from '../health-context';
import { type Pod } from '../pod';
import { podFailure } from '../pod-failure';
import { allContainerStatuses } from '../sightings';
import type { Status } from '../status';
import { verdict } from '../verdict';

export const isReady = (pod: Pod): boolean =>
  findCondition(pod.status?.conditions, 'Ready')?.status === 'True';

export function podHealth(pod: Pod, context: HealthContext): Status {
  return ended(pod, context) ?? serving(pod, context) ?? podFailure(pod, context) ?? waitingStatus(pod);
}

function ended(pod: Pod, { digests = {} }: HealthContext): Status | undefined {
  const { phase, reason = 'PodFailed', message = waitsFor(pod) } = pod.status ?? {};
  if (phase === 'Failed') return verdict('Failed', reason, `the pod failed: ${message}`);
  if (phase !== 'Succeeded') return undefined;
  const wrong = digestGate([pod], 1, digests);
  // What has run has run: it will not come right.
  return wrong ? { ...wrong, state: 'Failed' } : verdict('Current', 'Succeeded', 'the pod ran to its end');
}

function serving(pod: Pod, { digests = {} }: HealthContext): Status | undefined {
  if (pod.status?.phase !== 'Running' || !isReady(pod)) return undefined;
  return digestGate([pod], 1, digests) ?? verdict('Current', 'Ready', 'the pod is ready');
}

const waitingStatus = (pod: Pod): Status => verdict('InProgress', 'PodNotReady', waitsFor(pod));

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
