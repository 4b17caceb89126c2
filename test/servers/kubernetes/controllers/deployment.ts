import { controllerOf, type StoredObject } from '../object';
import { same } from '../store';
import { type ControllerContext, recordEvent } from './context';
import { deadlineLeftMs, isComplete, statusOf } from './deployment-status';
import { podsOf } from './replica-set';
import { bounds, nextScales } from './rolling-update';
import { hashTemplate } from './template-hash';
import {
  type Deployment,
  DEPLOYMENTS,
  isTerminating,
  type ReplicaSet,
  REPLICA_SETS,
  setCondition,
} from './workload';

const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';

const revisionOf = (object: StoredObject): number => Number(object.metadata.annotations?.[REVISION] ?? 0);

const ownedBy = ({ store }: ControllerContext, deployment: Deployment): ReplicaSet[] =>
  store
    .list(REPLICA_SETS, deployment.metadata.namespace)
    .filter(set => controllerOf(set)?.uid === deployment.metadata.uid);

/** One step towards what a Deployment wants; every change that it makes calls it again. */
export function reconcileDeployment(
  context: ControllerContext,
  deployment: Deployment,
  deleteSet: (set: ReplicaSet) => void,
): void {
  if (isTerminating(deployment)) return;
  const hash = hashTemplate(deployment.spec.template);
  const known = ownedBy(context, deployment);
  const newest = known.find(({ metadata }) => metadata.labels?.[HASH] === hash);
  if (deployment.spec.paused === true) {
    if (newest !== undefined) scale(context, deployment, newest, deployment.spec.replicas);
  } else if (newest === undefined) {
    const old = known.filter(set => set.spec.replicas > 0);
    if (isRecreate(deployment) && !areGone(context, deployment, old, known)) writeStatus(context, deployment);
    else createNewest(context, deployment, hash, known);
    return;
  } else roll(context, deployment, newest, known);
  writeStatus(context, deployment);
  prune(context, deployment, deleteSet);
}

const isRecreate = ({ spec }: Deployment): boolean => spec.strategy.type === 'Recreate';

/** `Recreate` waits until no pod of an older template is left. */
function areGone(
  context: ControllerContext,
  deployment: Deployment,
  running: readonly ReplicaSet[],
  known: readonly ReplicaSet[],
): boolean {
  for (const set of running) scale(context, deployment, set, 0);
  return known.every(set => podsOf(context, set).length === 0);
}

function createNewest(
  context: ControllerContext,
  deployment: Deployment,
  hash: string,
  known: readonly ReplicaSet[],
): void {
  const { writer, store } = context;
  const { name, namespace, uid, annotations } = deployment.metadata;
  const revision = String(Math.max(0, ...known.map(revisionOf)) + 1);
  const { template, selector, replicas, minReadySeconds } = deployment.spec;
  const labels = { ...template.metadata.labels, [HASH]: hash };
  const inUse = known.reduce((sum, set) => sum + set.spec.replicas, 0);
  const most = replicas + bounds(deployment).surge;
  const first = isRecreate(deployment) ? replicas : Math.max(0, Math.min(replicas, most - inUse));
  const set = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: {
        ...annotations,
        [REVISION]: revision,
        'deployment.kubernetes.io/desired-replicas': String(replicas),
        'deployment.kubernetes.io/max-replicas': String(most),
      },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      replicas: first,
      minReadySeconds,
      selector: { matchLabels: { ...selector.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
  const object = JSON.parse(JSON.stringify(set)) as StoredObject;
  writer.create(REPLICA_SETS, object, { manager: 'kube-controller-manager' });
  writer.change(DEPLOYMENTS, deployment, draft => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [REVISION]: revision };
    const message = `Created new replica set "${name}-${hash}"`;
    const condition = {
      type: 'Progressing',
      status: 'True',
      reason: 'NewReplicaSetCreated',
      message,
    } as const;
    draft.status.conditions = setCondition(draft.status.conditions, condition, store.time());
  });
  tellScaled(context, deployment, `Scaled up replica set ${name}-${hash} to ${first}`);
}

function roll(
  context: ControllerContext,
  deployment: Deployment,
  newest: ReplicaSet,
  known: readonly ReplicaSet[],
): void {
  const old = known.filter(set => set !== newest);
  stampRevision(context, deployment, newest, old);
  if (isRecreate(deployment)) {
    if (
      areGone(
        context,
        deployment,
        old.filter(set => set.spec.replicas > 0),
        old,
      )
    ) {
      scale(context, deployment, newest, deployment.spec.replicas);
    }
    return;
  }
  for (const { replicaSet, replicas } of nextScales(deployment, newest, old)) {
    scale(context, deployment, replicaSet, replicas);
  }
}

/** A template that comes back is the newest revision again. */
function stampRevision(
  { writer }: ControllerContext,
  deployment: Deployment,
  newest: ReplicaSet,
  old: readonly ReplicaSet[],
): void {
  const revision = String(Math.max(revisionOf(newest), Math.max(0, ...old.map(revisionOf)) + 1));
  for (const [resource, object] of [
    [REPLICA_SETS, newest],
    [DEPLOYMENTS, deployment],
  ] as const) {
    writer.change(resource, object, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, [REVISION]: revision };
    });
  }
}

function scale(context: ControllerContext, deployment: Deployment, set: ReplicaSet, replicas: number): void {
  const before = set.spec.replicas;
  if (before === replicas) return;
  context.writer.change(REPLICA_SETS, set, ({ spec }) => (spec.replicas = replicas));
  const direction = replicas > before ? 'up' : 'down';
  tellScaled(context, deployment, `Scaled ${direction} replica set ${set.metadata.name} to ${replicas}`);
}

const tellScaled = (context: ControllerContext, deployment: Deployment, message: string): void =>
  recordEvent(context, deployment, {
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message,
    component: 'deployment-controller',
  });

function writeStatus(context: ControllerContext, deployment: Deployment): void {
  const { store, writer } = context;
  const { namespace, name } = deployment.metadata;
  const current = store.get(DEPLOYMENTS, namespace, name);
  if (current?.metadata.uid !== deployment.metadata.uid) return;
  const hash = hashTemplate(current.spec.template);
  const all = ownedBy(context, current);
  const newest = all.find(({ metadata }) => metadata.labels?.[HASH] === hash);
  const status = statusOf(current, newest, all, store.now());
  if (!same(status, current.status)) writer.change(DEPLOYMENTS, current, draft => (draft.status = status));
  const progressing = status.conditions?.find(({ type }) => type === 'Progressing');
  const leftMs = deadlineLeftMs(current, progressing, store.now());
  // One second later, as conditions carry whole seconds.
  if (Number.isFinite(leftMs)) context.after(leftMs + 1_000, () => writeStatus(context, current));
}

/** Old ReplicaSets beyond the history limit go once the rollout is through. */
function prune(
  context: ControllerContext,
  deployment: Deployment,
  deleteSet: (set: ReplicaSet) => void,
): void {
  const current = context.store.get(DEPLOYMENTS, deployment.metadata.namespace, deployment.metadata.name);
  if (current === undefined || !isComplete(current, current.status)) return;
  const idle = ownedBy(context, current)
    .filter(({ spec, status }) => spec.replicas === 0 && status.replicas === 0)
    .sort((a, b) => revisionOf(a) - revisionOf(b));
  for (const set of idle.slice(0, Math.max(0, idle.length - current.spec.revisionHistoryLimit)))
    deleteSet(set);
}
