import { count, type Decoded, object, optional, parseWith, text } from '../../parse/decoder';
import { digestGate } from '../digest-gate';
import type { HealthContext } from '../health-context';
import { metadata } from '../metadata';
import { newPods } from '../revision';
import type { Status } from '../status';
import { pods, verdict } from '../verdict';
import { withinOwnDeadline } from './own-deadline';
import { isReady } from './pod';
import { firstFailure, firstWaits } from './rollout-pods';

/** The fields of a DaemonSet that health reads (Kubernetes API apps/v1). */
const daemonSet = object({
  metadata,
  spec: object({ updateStrategy: optional(object({ type: optional(text) })) }),
  status: optional(
    object({
      desiredNumberScheduled: optional(count),
      currentNumberScheduled: optional(count),
      updatedNumberScheduled: optional(count),
      numberAvailable: optional(count),
      numberReady: optional(count),
    }),
  ),
});
type DaemonSet = Decoded<typeof daemonSet>;

export function daemonSetHealth(value: unknown, context: HealthContext): Status {
  const set = parseWith(daemonSet, value, 'DaemonSet');
  const fresh = newPods(value, context);
  const failed = firstFailure(fresh, context);
  if (failed !== undefined) return failed;
  const wanted = set.status?.desiredNumberScheduled;
  const unfinished = counts(set, firstWaits(fresh));
  if (unfinished !== undefined) return withinOwnDeadline(unfinished, context, fresh);
  const wrong = digestGate(fresh.filter(isReady), wanted ?? 0, context.digests ?? {});
  if (wrong !== undefined) return wrong;
  return wanted === 0
    ? verdict('Current', 'NoMatchingNode', 'no node matches its selector, nothing runs')
    : verdict('Current', 'ReplicasReady', `ready on ${nodes(wanted ?? 0)}`);
}

const nodes = (count: number): string => (count === 1 ? '1 node' : `${count} nodes`);

function counts({ spec, status = {} }: DaemonSet, waits: string): Status | undefined {
  const wanted = status.desiredNumberScheduled;
  if (wanted === undefined) return verdict('InProgress', 'NotCounted', 'its nodes are not counted yet');
  const {
    currentNumberScheduled = 0,
    updatedNumberScheduled = 0,
    numberAvailable = 0,
    numberReady = 0,
  } = status;
  if (
    spec.updateStrategy?.type === 'OnDelete' &&
    currentNumberScheduled >= wanted &&
    updatedNumberScheduled < wanted
  ) {
    return verdict(
      'Suspended',
      'ManualUpdateRequired',
      `${updatedNumberScheduled} of ${pods(wanted)} updated; its strategy is OnDelete: delete the other pods by hand`,
    );
  }
  const steps = [
    ['CreatingReplicas', 'made', currentNumberScheduled],
    ['UpdatingReplicas', 'updated', updatedNumberScheduled],
    ['UnavailableReplicas', 'available', numberAvailable],
    ['UnreadyReplicas', 'ready', numberReady],
  ] as const;
  const short = steps.find(([, , number]) => number < wanted);
  if (short === undefined) return undefined;
  const [reason, word, number] = short;
  return verdict('InProgress', reason, `${number} of ${pods(wanted)} ${word}${waits}`);
}
