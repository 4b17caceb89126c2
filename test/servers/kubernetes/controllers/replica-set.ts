import { controllerOf, type StoredObject } from '../object';
import { Refused } from '../refused';
import { type ControllerContext, recordEvent } from './context';
import { suffixOf } from './template-hash';
import {
  type Condition,
  isReady,
  isTerminating,
  type Pod,
  PODS,
  readyCondition,
  type ReplicaSet,
  REPLICA_SETS,
  setCondition,
} from './workload';

export const podsOf = ({ store }: ControllerContext, replicaSet: ReplicaSet): Pod[] =>
  store
    .list(PODS, replicaSet.metadata.namespace)
    .filter(pod => controllerOf(pod)?.uid === replicaSet.metadata.uid);

const isActive = (pod: Pod): boolean =>
  !isTerminating(pod) && pod.status.phase !== 'Failed' && pod.status.phase !== 'Succeeded';

/** Creates or deletes pods until there are as many as wanted, then counts them. */
export function reconcileReplicaSet(
  context: ControllerContext,
  replicaSet: ReplicaSet,
  deletePod: (pod: Pod) => void,
): void {
  if (isTerminating(replicaSet)) return;
  const active = podsOf(context, replicaSet).filter(isActive);
  const missing = replicaSet.spec.replicas - active.length;
  let failure: Refused | undefined;
  for (let index = 0; index < missing && failure === undefined; index += 1)
    failure = createPod(context, replicaSet);
  for (const pod of active.sort(lessWorthKeeping).slice(0, Math.max(0, -missing))) {
    deletePod(pod);
    tell(context, replicaSet, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  }
  writeStatus(context, replicaSet, failure);
}

function createPod(context: ControllerContext, replicaSet: ReplicaSet): Refused | undefined {
  const { store, writer } = context;
  const { name, namespace, uid } = replicaSet.metadata;
  const { template } = replicaSet.spec;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${suffixOf(`${uid} ${store.resourceVersion}`)}`,
      generateName: `${name}-`,
      namespace,
      labels: template.metadata.labels,
      annotations: template.metadata.annotations,
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: structuredClone(template.spec),
  };
  try {
    const created = writer.create(PODS, JSON.parse(JSON.stringify(pod)) as StoredObject, {
      manager: 'kube-controller-manager',
    });
    tell(context, replicaSet, 'SuccessfulCreate', `Created pod: ${created.object.metadata.name}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    recordEvent(context, replicaSet, {
      type: 'Warning',
      reason: 'FailedCreate',
      message: `Error creating: ${error.message}`,
      component: 'replicaset-controller',
    });
    return error;
  }
}

const tell = (context: ControllerContext, replicaSet: ReplicaSet, reason: string, message: string): void =>
  recordEvent(context, replicaSet, { type: 'Normal', reason, message, component: 'replicaset-controller' });

/** Pods that serve nobody go first, then the youngest. */
function lessWorthKeeping(a: Pod, b: Pod): number {
  const ready = Number(isReady(a)) - Number(isReady(b));
  if (ready !== 0) return ready;
  return a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1;
}

function writeStatus(context: ControllerContext, replicaSet: ReplicaSet, failure: Refused | undefined): void {
  const { store, writer } = context;
  const active = podsOf(context, replicaSet).filter(isActive);
  const ready = active.filter(isReady);
  const available = ready.filter(pod => isAvailable(context, replicaSet, pod));
  writer.change(REPLICA_SETS, replicaSet, ({ metadata, status }) => {
    status.observedGeneration = metadata.generation ?? 1;
    status.replicas = active.length;
    setCount(status, 'fullyLabeledReplicas', active.length);
    setCount(status, 'readyReplicas', ready.length);
    setCount(status, 'availableReplicas', available.length);
    const conditions = withFailure(status.conditions, failure, store.time());
    if (conditions === undefined) Reflect.deleteProperty(status, 'conditions');
    else status.conditions = conditions;
  });
}

/** Zero is left out, as Go writes empty fields. */
export function setCount<T extends object>(status: T, field: keyof T & string, count: number): void {
  if (count === 0) Reflect.deleteProperty(status, field);
  else Reflect.set(status, field, count);
}

function withFailure(
  conditions: readonly Condition[] | undefined,
  failure: Refused | undefined,
  time: string,
): Condition[] | undefined {
  if (failure === undefined) {
    const left = (conditions ?? []).filter(({ type }) => type !== 'ReplicaFailure');
    return left.length === 0 ? undefined : left;
  }
  const { message } = failure;
  return setCondition(
    conditions,
    { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message },
    time,
  );
}

/** Ready for `minReadySeconds`; looks again when the time has come. */
function isAvailable(context: ControllerContext, replicaSet: ReplicaSet, pod: Pod): boolean {
  const neededMs = (replicaSet.spec.minReadySeconds ?? 0) * 1000;
  if (neededMs === 0) return true;
  const since = Date.parse(readyCondition(pod)?.lastTransitionTime ?? '');
  const leftMs = since + neededMs - context.store.now().getTime();
  if (leftMs > 0) context.after(leftMs, () => writeStatus(context, replicaSet, undefined));
  return leftMs <= 0;
}
