import type { HealthContext } from '../health-context';
import type { Pod } from '../pod';
import { type PodFailureOptions, podFailure } from '../pod-failure';
import type { Status } from '../status';
import { isReady, waitsFor } from './pod';

/** Pods that ended are replaced by their controller; what they died of is history. */
const hasEnded = ({ status }: Pod): boolean => status?.phase === 'Failed' || status?.phase === 'Succeeded';

/** Why one of these pods will not come right by itself. */
export function firstFailure(
  pods: readonly Pod[],
  context: HealthContext,
  options?: PodFailureOptions,
): Status | undefined {
  for (const pod of pods) {
    const failure = hasEnded(pod) ? undefined : podFailure(pod, context, options);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** `; container model of pod mnist-1: ContainerCreating`, or nothing where all are ready. */
export const firstWaits = (pods: readonly Pod[]): string =>
  pods.filter(pod => !isReady(pod)).map(pod => `; ${waitsFor(pod)}`)[0] ?? '';
