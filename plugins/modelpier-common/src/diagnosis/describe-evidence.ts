import { formatCount, formatDuration } from '../format';
import { endOf, ranMs } from './container-scene';
import type { ContainerEvidence, EventEvidence, PodEvidence } from './evidence';

/** "waiting (CrashLoopBackOff), 4 restarts, last run OOMKilled with exit code 137 after 12 s". */
export function describeContainer(container: ContainerEvidence): string {
  const { restarts } = container;
  return [
    stateOf(container),
    ...(restarts === 0 ? [] : [formatCount(restarts, 'restart')]),
    ...endingOf(container),
  ].join(', ');
}

function stateOf({ state, ready }: ContainerEvidence): string {
  if (state?.waiting !== undefined) return `waiting (${state.waiting.reason ?? 'no reason given'})`;
  if (state?.terminated !== undefined) return 'ended';
  if (state?.running === undefined) return 'not begun';
  return ready ? 'ready' : 'running, not ready';
}

function endingOf(container: ContainerEvidence): readonly string[] {
  const ended = endOf(container);
  if (ended === undefined) return [];
  const { reason, exitCode } = ended;
  const ms = ranMs(ended);
  const how = reason === undefined || reason === 'Error' ? 'ended' : reason;
  return [`last run ${how} with exit code ${exitCode}${durationOf(ms)}`];
}

function durationOf(ms: number | undefined): string {
  if (ms === undefined) return '';
  // The kubelet writes whole seconds.
  return ms === 0 ? ' within a second' : ` after ${formatDuration(ms)}`;
}

/** "Running on node1", "Failed (Evicted) on node1", "Pending, on no node yet". */
export function describePod({ phase = 'Pending', reason, node }: PodEvidence): string {
  const state = reason === undefined ? phase : `${phase} (${reason})`;
  return node === undefined ? `${state}, on no node yet` : `${state} on ${node}`;
}

/** "Unhealthy (22 times)". */
export const describeEvent = ({ reason, count }: EventEvidence): string =>
  count > 1 ? `${reason} (${count} times)` : reason;
