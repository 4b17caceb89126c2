import { findCondition } from '../conditions';
import { parseReplicaSet, type ReplicaSet } from '../deployment';
import { digestGate } from '../digest-gate';
import type { HealthContext } from '../health-context';
import type { Condition } from '../metadata';
import { newPods } from '../revision';
import type { State, Status } from '../status';
import { pods, verdict } from '../verdict';
import { isReady } from './pod';
import { firstFailure } from './rollout-pods';

export function replicaSetHealth(value: unknown, context: HealthContext): Status {
  const set = parseReplicaSet(value);
  const own = newPods(value, context);
  const wanted = set.spec.replicas ?? 1;
  return (
    firstFailure(own, context) ??
    counts(set, wanted) ??
    digestGate(own.filter(isReady), wanted, context.digests ?? {}) ??
    verdict('Current', 'ReplicasReady', `${pods(wanted)} ready`)
  );
}

function counts({ status = {} }: ReplicaSet, wanted: number): Status | undefined {
  const { replicas = 0, fullyLabeledReplicas = 0, availableReplicas = 0, readyReplicas = 0 } = status;
  const failure = findCondition(status.conditions, 'ReplicaFailure');
  if (failure?.status === 'True') return refusal('InProgress', failure);
  const counts = [
    ['LabeledReplicas', 'fully labeled', fullyLabeledReplicas],
    ['AvailableReplicas', 'available', availableReplicas],
    ['ReadyReplicas', 'ready', readyReplicas],
  ] as const;
  for (const [reason, word, count] of counts) {
    if (count < wanted) return verdict('InProgress', reason, `${count} of ${pods(wanted)} ${word}`);
  }
  if (replicas > wanted) {
    return verdict('InProgress', 'ExtraReplicas', `${pods(replicas - wanted)} too many, going away`);
  }
  return undefined;
}

/** A quota, an admission rule or a missing service account keeps the pods from being made. */
export const refusal = (state: State, { reason, message }: Condition): Status =>
  verdict(
    state,
    reason ?? 'ReplicaFailure',
    `the cluster refuses to make its pods: ${message ?? 'no reason given'}`,
  );
