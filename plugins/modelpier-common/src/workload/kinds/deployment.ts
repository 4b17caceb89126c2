import { findCondition, timestamp } from '../conditions';
import type { DeploymentObject } from '../deployment';
import { digestGate } from '../digest-gate';
import type { HealthContext } from '../health-context';
import { isReady, waitsFor } from './pod';
import { refusal } from './replica-set';
import { firstFailure, firstWaits } from './rollout-pods';
import type { Pod } from '../pod';
import { newestPods } from '../revision';
import type { Status } from '../status';
import { pods, verdict } from '../verdict';

/** Kubernetes' own default of `progressDeadlineSeconds`. */
export const DEFAULT_PROGRESS_DEADLINE_SECONDS = 600;
/** `progressDeadlineSeconds` of this value (the largest int32) means none. */
const NO_DEADLINE = 2_147_483_647;
/** A quota may be raised, a service account may arrive a moment later; then it is meant. */
const REPLICA_FAILURE_PATIENCE_MS = 30_000;

/** What each step of the table reads. */
interface Looked {
  readonly deployment: DeploymentObject;
  readonly context: HealthContext;
  readonly newPods: readonly Pod[];
  readonly wanted: number;
}
type Step = (looked: Looked) => Status | undefined;

/** The first step with a verdict decides. */
const STEPS: readonly Step[] = [
  paused,
  deadline,
  replicaFailure,
  failedPod,
  counts,
  availability,
  progress,
  runsTheDigest,
];

export function deploymentHealth(deployment: DeploymentObject, context: HealthContext): Status {
  const newPods = newestPods(deployment, context);
  const wanted = deployment.spec.replicas ?? 1;
  for (const step of STEPS) {
    const decided = step({ deployment, context, newPods, wanted });
    if (decided !== undefined) return decided;
  }
  if (wanted === 0) return verdict('Current', 'ScaledToZero', 'scaled to zero, nothing runs');
  return verdict('Current', 'Available', `${pods(wanted)} ready`);
}

function paused({ deployment }: Looked): Status | undefined {
  if (deployment.spec.paused !== true) return undefined;
  return verdict('Suspended', 'Paused', 'the rollout is paused (spec.paused); resume it to go on');
}

/** A deadline that an earlier release missed says nothing about this one. */
function deadline({ deployment, context, newPods }: Looked): Status | undefined {
  const progressing = findCondition(deployment.status?.conditions, 'Progressing');
  if (progressing?.reason !== 'ProgressDeadlineExceeded') return undefined;
  const seconds = deployment.spec.progressDeadlineSeconds ?? DEFAULT_PROGRESS_DEADLINE_SECONDS;
  const { applied, now } = context;
  if (applied !== undefined) {
    // The cluster writes whole seconds.
    const appliedAt = Math.floor(applied.at / 1000) * 1000;
    const exceededAt = timestamp(progressing.lastUpdateTime ?? progressing.lastTransitionTime);
    const isStale = (exceededAt ?? 0) < appliedAt && now - applied.at < seconds * 1000;
    if (isStale) return undefined;
  }
  const waiting = newPods.filter(pod => !isReady(pod)).map(waitsFor);
  const why = waiting.length === 0 ? (progressing.message ?? '') : waiting.slice(0, 3).join('; ');
  return verdict('Failed', 'ProgressDeadlineExceeded', `no progress for ${seconds} s: ${why}`);
}

function replicaFailure({ deployment, context }: Looked): Status | undefined {
  const failure = findCondition(deployment.status?.conditions, 'ReplicaFailure');
  if (failure?.status !== 'True') return undefined;
  const began = timestamp(failure.lastTransitionTime) ?? context.now;
  const since = Math.max(began, context.applied?.at ?? began);
  return refusal(context.now - since >= REPLICA_FAILURE_PATIENCE_MS ? 'Failed' : 'InProgress', failure);
}

function failedPod({ newPods, context }: Looked): Status | undefined {
  return firstFailure(newPods, context);
}

function counts({ deployment, newPods, wanted }: Looked): Status | undefined {
  const {
    replicas = 0,
    updatedReplicas = 0,
    availableReplicas = 0,
    readyReplicas = 0,
  } = deployment.status ?? {};
  const waits = firstWaits(newPods);
  const inProgress = (reason: string, message: string): Status =>
    verdict('InProgress', reason, message + waits);
  if (updatedReplicas < wanted) {
    return inProgress('UpdatingReplicas', `${updatedReplicas} of ${pods(wanted)} updated`);
  }
  if (replicas > updatedReplicas) {
    return inProgress('OldReplicas', `${pods(replicas - updatedReplicas)} of the old revision still there`);
  }
  if (availableReplicas < updatedReplicas) {
    return inProgress('UnavailableReplicas', `${availableReplicas} of ${pods(updatedReplicas)} available`);
  }
  if (readyReplicas < wanted)
    return inProgress('UnreadyReplicas', `${readyReplicas} of ${pods(wanted)} ready`);
  return undefined;
}

function availability({ deployment, wanted }: Looked): Status | undefined {
  const available = findCondition(deployment.status?.conditions, 'Available');
  if (wanted === 0 || available?.status === 'True') return undefined;
  return verdict('InProgress', 'NotAvailable', available?.message ?? 'not available yet');
}

function progress({ deployment, wanted }: Looked): Status | undefined {
  if (wanted === 0 || deployment.spec.progressDeadlineSeconds === NO_DEADLINE) return undefined;
  const progressing = findCondition(deployment.status?.conditions, 'Progressing');
  if (progressing?.status === 'True' && progressing.reason === 'NewReplicaSetAvailable') return undefined;
  return verdict('InProgress', 'Progressing', progressing?.message ?? 'the new revision is not complete yet');
}

function runsTheDigest({ context, newPods, wanted }: Looked): Status | undefined {
  return wanted === 0 ? undefined : digestGate(newPods.filter(isReady), wanted, context.digests ?? {});
}
