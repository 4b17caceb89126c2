import { bounds } from './rolling-update';
import { setCount } from './replica-set';
import {
  type Condition,
  type Deployment,
  type DeploymentStatus,
  type ReplicaSet,
  setCondition,
} from './workload';

const total = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number | undefined): number =>
  sets.reduce((sum, set) => sum + (count(set) ?? 0), 0);

/** The status of a Deployment from its ReplicaSets (kubernetes/pkg/controller/deployment/{sync,progress}.go). */
export function statusOf(
  deployment: Deployment,
  newest: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
  now: Date,
): DeploymentStatus {
  const before = deployment.status;
  const available = total(all, ({ status }) => status.availableReplicas);
  const status: DeploymentStatus = { observedGeneration: deployment.metadata.generation ?? 1 };
  setCount(
    status,
    'replicas',
    total(all, set => set.status.replicas),
  );
  setCount(status, 'updatedReplicas', newest?.status.replicas ?? 0);
  setCount(
    status,
    'readyReplicas',
    total(all, set => set.status.readyReplicas),
  );
  setCount(status, 'availableReplicas', available);
  const wanted = total(all, ({ spec }) => spec.replicas);
  setCount(status, 'unavailableReplicas', Math.max(0, wanted - available));

  const time = now.toISOString().replace(/\.\d+Z$/, 'Z');
  const least = deployment.spec.replicas - bounds(deployment).unavailable;
  let conditions = setCondition(before.conditions, availability(available >= least), time);
  conditions = withReplicaFailure(conditions, all, time);
  const { paused = false } = deployment.spec;
  status.conditions = paused
    ? conditions
    : withProgress({ deployment, newest, status, now, time }, conditions);
  return status;
}

const availability = (isEnough: boolean): Condition =>
  isEnough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };

function withReplicaFailure(conditions: Condition[], all: readonly ReplicaSet[], time: string): Condition[] {
  const failure = all
    .flatMap(({ status }) => status.conditions ?? [])
    .find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  if (failure === undefined) return conditions.filter(({ type }) => type !== 'ReplicaFailure');
  return setCondition(conditions, failure, time);
}

interface Progress {
  readonly deployment: Deployment;
  readonly newest: ReplicaSet | undefined;
  readonly status: DeploymentStatus;
  readonly now: Date;
  readonly time: string;
}

function withProgress(progress: Progress, conditions: Condition[]): Condition[] {
  const { deployment, newest, status, time, now } = progress;
  const current = conditions.find(({ type }) => type === 'Progressing');
  const name = newest?.metadata.name ?? '';
  if (current?.reason === 'NewReplicaSetAvailable' && status.replicas === status.updatedReplicas)
    return conditions;
  if (isComplete(deployment, status)) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    const done: Condition = {
      type: 'Progressing',
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message,
    };
    return setCondition(conditions, done, time);
  }
  if (hasMoved(deployment.status, status)) return movedOn(conditions, current, { name, time });
  if (deadlineLeftMs(deployment, current, now) > 0) return conditions;
  const message = `ReplicaSet "${name}" has timed out progressing.`;
  const late: Condition = {
    type: 'Progressing',
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message,
  };
  return setCondition(conditions, late, time);
}

/** Each step counts anew towards the deadline, so the time moves although the reason stays. */
function movedOn(
  conditions: readonly Condition[],
  current: Condition | undefined,
  { name, time }: { readonly name: string; readonly time: string },
): Condition[] {
  const moved: Condition = {
    type: 'Progressing',
    status: 'True',
    reason: 'ReplicaSetUpdated',
    message: `ReplicaSet "${name}" is progressing.`,
    lastTransitionTime: current?.status === 'True' ? (current.lastTransitionTime ?? time) : time,
    lastUpdateTime: time,
  };
  return [...conditions.filter(({ type }) => type !== 'Progressing'), moved];
}

export function isComplete({ spec, metadata }: Deployment, status: DeploymentStatus): boolean {
  return (
    (status.updatedReplicas ?? 0) === spec.replicas &&
    (status.replicas ?? 0) === spec.replicas &&
    (status.availableReplicas ?? 0) === spec.replicas &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 1)
  );
}

function hasMoved(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): number => replicas - updatedReplicas;
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

/** Infinite where no deadline runs. */
export function deadlineLeftMs({ spec }: Deployment, progressing: Condition | undefined, now: Date): number {
  if (progressing === undefined || progressing.reason === 'NewReplicaSetAvailable')
    return Number.POSITIVE_INFINITY;
  if (progressing.reason === 'ProgressDeadlineExceeded') return Number.POSITIVE_INFINITY;
  const since = Date.parse(progressing.lastUpdateTime ?? '');
  return since + spec.progressDeadlineSeconds * 1000 - now.getTime();
}
