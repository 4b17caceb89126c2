import { count, object, optional, parseWith } from '../parse/decoder';
import type { HealthContext } from './health-context';
import { isReady } from './kinds/pod';
import type { Pod } from './pod';
import { newPods } from './revision';
import { allContainerStatuses } from './sightings';

/** How long health must last where readiness alone proves little. */
export const TRIAL_MS = 5_000;

const workload = object({ spec: optional(object({ minReadySeconds: optional(count) })) });

/**
 * How long an object that is Current has to stay so before that is believed. A pod whose containers all have a
 * readiness or startup probe is ready because they answered; one without is ready because its processes run, and may
 * die of their first step a second later. `minReadySeconds` makes the cluster itself wait.
 */
export function trialMs(value: unknown, context: HealthContext): number {
  const ready = newPods(value, context).filter(isReady);
  if (ready.every(hasAnswered)) return 0;
  const { spec } = parseWith(workload, value, 'workload');
  return Math.max(0, TRIAL_MS - (spec?.minReadySeconds ?? 0) * 1000);
}

/** One that died before may do so again. */
const hasAnswered = (pod: Pod): boolean =>
  pod.spec.containers.every(
    ({ readinessProbe, startupProbe }) => (readinessProbe ?? startupProbe) !== undefined,
  ) && allContainerStatuses(pod).every(({ restartCount }) => restartCount === 0);
