import { findCondition, timestamp } from './conditions';
import type { Pod } from './pod';

/**
 * From the start of the container until its pod was ready, to the second as the cluster writes times; nothing where
 * it has been started again since.
 */
export function coldStartMs({ status }: Pod, containers: readonly string[]): number | undefined {
  const started = (status?.containerStatuses ?? [])
    .filter(({ name, restartCount }) => containers.includes(name) && restartCount === 0)
    .flatMap(({ state }) => timestamp(state?.running?.startedAt) ?? []);
  const ready = timestamp(findCondition(status?.conditions, 'Ready')?.lastTransitionTime);
  if (started.length === 0 || ready === undefined) return undefined;
  const tookMs = ready - Math.max(...started);
  return tookMs >= 0 ? tookMs : undefined;
}
