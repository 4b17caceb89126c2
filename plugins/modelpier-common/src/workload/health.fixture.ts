import { parseDigest } from '../image/digest';
import type { Applied, HealthContext } from './health-context';
import { parsePod, type Pod } from './pod';
import type { State } from './status';

/** Noon, when all vectors look. */
export const NOW = Date.parse('2026-03-01T12:00:00Z');
export const at = (secondsBefore: number): string => new Date(NOW - secondsBefore * 1000).toISOString();

export const applied = (secondsBefore: number, over: Partial<Applied> = {}): Applied => ({
  uid: 'd',
  generation: 2,
  at: NOW - secondsBefore * 1000,
  ...over,
});

export const context = (over: Partial<HealthContext> = {}): HealthContext => ({ now: NOW, ...over });

type Fields = Record<string, unknown>;
interface DeploymentFields {
  metadata?: Fields;
  spec?: Fields;
  status?: Fields;
  conditions?: Fields[];
}

const template = { metadata: {}, spec: { containers: [{ name: 'model' }] } };
export const AVAILABLE = { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' };
export const COMPLETE = { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' };

/** A Deployment of three replicas whose rollout is complete, but for what is given. */
export const deployment = (over: DeploymentFields = {}): unknown => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'mnist', namespace: 'shop', uid: 'd', generation: 2, ...over.metadata },
  spec: { replicas: 3, selector: { matchLabels: { app: 'mnist' } }, template, ...over.spec },
  status: {
    observedGeneration: 2,
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    conditions: over.conditions ?? [AVAILABLE, COMPLETE],
    ...over.status,
  },
});

export const replicaSet = (name: string, revision: number, over: Fields = {}): unknown => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name,
    namespace: 'shop',
    uid: name,
    generation: 1,
    annotations: { 'deployment.kubernetes.io/revision': String(revision) },
    ownerReferences: [{ uid: 'd', kind: 'Deployment', name: 'mnist' }],
  },
  spec: { replicas: 3 },
  status: {
    observedGeneration: 1,
    replicas: 3,
    fullyLabeledReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    ...over,
  },
});

interface PodFields {
  name?: string;
  owner?: string;
  metadata?: Fields;
  status?: Fields;
  /** Of the container `model`. */
  container?: Fields;
  /** Of the init container `fetch`. */
  init?: Fields;
}

const READY = { type: 'Ready', status: 'True' };

/** A ready pod of ReplicaSet `new`, but for what is given; a container's fields make it unready. */
export const pod = ({
  name = 'mnist-1',
  owner = 'new',
  metadata,
  status,
  container,
  init,
}: PodFields = {}): unknown => {
  const isWell = container === undefined && init === undefined;
  const started = { name: 'model', ready: isWell, restartCount: 0, state: { running: {} } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid: name,
      resourceVersion: '1',
      creationTimestamp: at(5),
      ownerReferences: [{ uid: owner, kind: 'ReplicaSet', name: owner }],
      ...metadata,
    },
    spec: { containers: [{ name: 'model' }] },
    status: {
      phase: 'Running',
      startTime: at(5),
      conditions: isWell ? [READY] : [],
      ...(init !== undefined && {
        initContainerStatuses: [{ name: 'fetch', ready: false, restartCount: 0, ...init }],
      }),
      containerStatuses: [{ ...started, ...container }],
      ...status,
    },
  };
};

export const waiting = (reason: string, message?: string): Fields => ({
  state: { waiting: { reason, ...(message !== undefined && { message }) } },
});

export const crashed = (restartCount: number, ended: Fields): Fields => ({
  restartCount,
  ...waiting('CrashLoopBackOff', 'back-off 10s restarting failed container=model'),
  lastState: { terminated: ended },
});

/** One row of a kind's table: how an object is judged, and for which reason. */
export type Vector = [
  name: string,
  object: unknown,
  context: Partial<HealthContext>,
  state: State,
  reason: string,
];

/** Any object, of generation 2 and observed, but for what is given. */
export const objectOf = (apiVersion: string, kind: string, over: DeploymentFields = {}): unknown => ({
  apiVersion,
  kind,
  metadata: { name: 'mnist', namespace: 'shop', uid: 'd', generation: 2, ...over.metadata },
  ...(over.spec !== undefined && { spec: over.spec }),
  status: {
    ...(over.conditions !== undefined && { conditions: over.conditions }),
    ...over.status,
  },
});

/** A pod that the object itself owns, with this revision among its labels. */
export const ownPod = (name: string, labels: Record<string, string>, over: PodFields = {}): Pod =>
  parsePod(pod({ name, owner: 'd', ...over, metadata: { labels, ...over.metadata } }));

export const DIGEST = parseDigest(`sha256:${'a'.repeat(64)}`);
export const digests = { model: DIGEST };
/** What a ready container's status says when it runs `imageID`. */
export const runs = (imageID: string): Fields => ({
  conditions: [READY],
  containerStatuses: [{ name: 'model', ready: true, restartCount: 0, imageID, state: { running: {} } }],
});
