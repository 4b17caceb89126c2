import { findCondition } from './conditions';
import type { ReplicaSet } from './deployment';
import type { Condition } from './metadata';
import type { State, Status } from './status';
import { pods, verdict } from './verdict';

export function replicaSetHealth({ spec, status = {} }: ReplicaSet): Status {
  const wanted = spec.replicas ?? 1;
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
  return verdict('Current', 'ReplicasReady', `${pods(wanted)} ready`);
}

/** A quota, an admission rule or a missing service account keeps the pods from being made. */
export const refusal = (state: State, { reason, message }: Condition): Status =>
  verdict(
    state,
    reason ?? 'ReplicaFailure',
    `the cluster refuses to make its pods: ${message ?? 'no reason given'}`,
  );
