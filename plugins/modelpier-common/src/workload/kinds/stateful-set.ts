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

/** The fields of a StatefulSet that health reads (Kubernetes API apps/v1). */
const statefulSet = object({
  metadata,
  spec: object({
    replicas: optional(count),
    minReadySeconds: optional(count),
    updateStrategy: optional(
      object({ type: optional(text), rollingUpdate: optional(object({ partition: optional(count) })) }),
    ),
  }),
  status: optional(
    object({
      replicas: optional(count),
      readyReplicas: optional(count),
      updatedReplicas: optional(count),
      availableReplicas: optional(count),
      currentRevision: optional(text),
      updateRevision: optional(text),
    }),
  ),
});
type StatefulSet = Decoded<typeof statefulSet>;

export function statefulSetHealth(value: unknown, context: HealthContext): Status {
  const set = parseWith(statefulSet, value, 'StatefulSet');
  const fresh = newPods(value, context);
  const failed = firstFailure(fresh, context);
  if (failed !== undefined) return failed;
  const unfinished = counts(set, firstWaits(fresh));
  if (unfinished !== undefined) return withinOwnDeadline(unfinished, context, fresh);
  return digestGate(fresh.filter(isReady), updatedWanted(set), context.digests ?? {}) ?? complete(set);
}

const replicasOf = ({ spec }: StatefulSet): number => spec.replicas ?? 1;
const partitionOf = ({ spec }: StatefulSet): number => spec.updateStrategy?.rollingUpdate?.partition ?? 0;
/** Pods below the partition keep the old revision on purpose. */
const updatedWanted = (set: StatefulSet): number => Math.max(0, replicasOf(set) - partitionOf(set));

function counts(set: StatefulSet, waits: string): Status | undefined {
  const short = made(set) ?? ready(set) ?? updated(set) ?? available(set);
  return short?.state === 'InProgress' ? { ...short, message: short.message + waits } : short;
}

const isOnDelete = ({ spec }: StatefulSet): boolean => spec.updateStrategy?.type === 'OnDelete';

function made(set: StatefulSet): Status | undefined {
  const { replicas = 0, updatedReplicas = 0 } = set.status ?? {};
  const wanted = replicasOf(set);
  if (replicas < wanted) {
    return verdict('InProgress', 'CreatingReplicas', `${replicas} of ${pods(wanted)} made`);
  }
  return isOnDelete(set) && updatedReplicas < wanted ? byHand(updatedReplicas, wanted) : undefined;
}

function ready(set: StatefulSet): Status | undefined {
  const { replicas = 0, readyReplicas = 0 } = set.status ?? {};
  const wanted = replicasOf(set);
  if (readyReplicas < wanted) {
    return verdict('InProgress', 'UnreadyReplicas', `${readyReplicas} of ${pods(wanted)} ready`);
  }
  if (replicas <= wanted) return undefined;
  return verdict('InProgress', 'ExtraReplicas', `${pods(replicas - wanted)} too many, going away`);
}

function updated(set: StatefulSet): Status | undefined {
  const { updatedReplicas = 0, currentRevision, updateRevision } = set.status ?? {};
  const wanted = updatedWanted(set);
  if (updatedReplicas < wanted) {
    return verdict('InProgress', 'UpdatingReplicas', `${updatedReplicas} of ${pods(wanted)} updated`);
  }
  const isWhole = partitionOf(set) === 0 && !isOnDelete(set);
  if (!isWhole || currentRevision === updateRevision) return undefined;
  return verdict('InProgress', 'RevisionNotCurrent', 'the new revision is not the current one yet');
}

function available(set: StatefulSet): Status | undefined {
  const { availableReplicas = 0 } = set.status ?? {};
  const wanted = replicasOf(set);
  if ((set.spec.minReadySeconds ?? 0) === 0 || availableReplicas >= wanted) return undefined;
  return verdict('InProgress', 'UnavailableReplicas', `${availableReplicas} of ${pods(wanted)} available`);
}

/** With `OnDelete` the controller never makes the new revision the current one, so the count decides. */
const byHand = (updated: number, wanted: number): Status =>
  verdict(
    'Suspended',
    'ManualUpdateRequired',
    `${updated} of ${pods(wanted)} updated; its strategy is OnDelete: delete the other pods by hand`,
  );

function complete(set: StatefulSet): Status {
  const wanted = replicasOf(set);
  if (wanted === 0) return verdict('Current', 'ScaledToZero', 'scaled to zero, nothing runs');
  if (partitionOf(set) === 0) return verdict('Current', 'ReplicasReady', `${pods(wanted)} ready`);
  const kept = Math.min(partitionOf(set), wanted);
  return verdict(
    'Current',
    'Partitioned',
    `${pods(wanted)} ready; ${kept} of them keep the old revision (partition ${partitionOf(set)})`,
  );
}
