import {
  COMMIT_ANNOTATION,
  DEPLOYED_AT_ANNOTATION,
  ENVIRONMENT_ANNOTATION,
  MODEL_LABEL,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { commitOf, digestFor, environmentOf, type PlannedModel, versionDigest } from './fleet-plan';
import { createRandom, type Random, shareOut } from './random';

/** What a cluster's API server would list, by kind. */
export type ClusterObjects = Readonly<Record<string, readonly KubernetesObject[]>>;

export interface ClusterPlan {
  readonly index: number;
  /** Those that run here. */
  readonly models: readonly PlannedModel[];
  readonly pods: number;
  readonly seed: number;
}

const PODS_PER_NODE = 30;
/** The rest of a cluster's pods are somebody else's. */
const MODEL_PODS = 0.6;
/** Of ten workloads one is not as it should be. */
const TROUBLED = 0.1;

export function createClusterObjects({ index, models, pods, seed }: ClusterPlan): ClusterObjects {
  const random = createRandom(seed * 101 + index);
  const nodes = Array.from({ length: Math.ceil(pods / PODS_PER_NODE) }, (_, at) => createNode(index, at));
  const own = Math.max(models.length, Math.round(pods * MODEL_PODS));
  const replicas =
    models.length === 0
      ? []
      : shareOut(
          own,
          models.map(() => random.next() ** 2),
        );
  const served = models.map((model, at) =>
    createServed({ model, cluster: index, replicas: replicas[at] ?? 1, nodes, random }),
  );
  const others = Array.from({ length: pods - (models.length === 0 ? 0 : own) }, (_, at) =>
    createPod(`other-${at}`, { namespace: 'others', nodes, random, image: 'docker.io/library/other:1' }),
  );
  const all = [...served.flatMap(each => each.pods), ...others];
  return {
    Deployment: served.map(each => each.deployment),
    ReplicaSet: served.map(each => each.replicaSet),
    Pod: all,
    Node: nodes,
    ResourceQuota: [...new Set(models.map(namespaceOf))].slice(0, 3).map(createQuota),
    PodMetrics: all.map(pod => createMetrics(pod, random)),
  };
}

const namespaceOf = ({ owner }: PlannedModel): string => owner.slice(owner.indexOf('/') + 1);
const createdAt = '2026-08-01T10:00:00Z';

interface Served {
  readonly model: PlannedModel;
  readonly cluster: number;
  readonly replicas: number;
  readonly nodes: readonly KubernetesObject[];
  readonly random: Random;
}

/** A Deployment with its ReplicaSet and pods, on the newest version or on the one before. */
function createServed({ model, cluster, replicas, nodes, random }: Served) {
  const version = Math.max(0, model.versions - 1 - (random.chance(0.3) ? 1 : 0));
  const image = `${model.registry}/${model.path}@${versionDigest(model.index, version)}`;
  const namespace = namespaceOf(model);
  const uid = digestFor(`${cluster}/${model.name}`).slice(7, 43);
  const isTroubled = random.chance(TROUBLED);
  const ready = isTroubled ? Math.max(0, replicas - 1) : replicas;
  const template = {
    metadata: { labels: { app: model.name, 'pod-template-hash': uid.slice(0, 8) } },
    spec: { containers: [containerFor(model, image)] },
  };
  const owner = (kind: string, name: string, of: string) => [
    { apiVersion: 'apps/v1', kind, name, uid: of, controller: true },
  ];
  const deployment: KubernetesObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: model.name,
      namespace,
      uid,
      generation: 1,
      creationTimestamp: createdAt,
      labels: { [MODEL_LABEL]: model.name },
      annotations: {
        [ENVIRONMENT_ANNOTATION]: environmentOf(cluster),
        [COMMIT_ANNOTATION]: commitOf(model.index, version),
        [DEPLOYED_AT_ANNOTATION]: createdAt,
      },
    },
    spec: { replicas, selector: { matchLabels: { app: model.name } }, template },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: ready,
      availableReplicas: ready,
      unavailableReplicas: replicas - ready,
      conditions: [
        condition('Available', ready > 0 ? 'True' : 'False'),
        { ...condition('Progressing', 'True'), reason: 'NewReplicaSetAvailable' },
      ],
    },
  };
  const replicaSet: KubernetesObject = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${model.name}-${uid.slice(0, 8)}`,
      namespace,
      uid: `${uid}-rs`,
      generation: 1,
      creationTimestamp: createdAt,
      labels: template.metadata.labels,
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      ownerReferences: owner('Deployment', model.name, uid),
    },
    spec: { replicas, selector: { matchLabels: template.metadata.labels }, template },
    status: { observedGeneration: 1, replicas, readyReplicas: ready, availableReplicas: ready },
  };
  const pods = Array.from({ length: replicas }, (_, at) =>
    createPod(`${model.name}-${uid.slice(0, 8)}-${at}`, {
      namespace,
      nodes,
      random,
      image,
      labels: template.metadata.labels,
      container: containerFor(model, image),
      owners: owner('ReplicaSet', replicaSet.metadata.name, `${uid}-rs`),
      crashes: isTroubled && at >= ready,
    }),
  );
  return { deployment, replicaSet, pods };
}

const condition = (type: string, status: string) => ({
  type,
  status,
  lastUpdateTime: createdAt,
  lastTransitionTime: createdAt,
});

/** Of fifty models one wants an accelerator, and one sets nothing. */
function containerFor({ index }: PlannedModel, image: string) {
  const cpu = `${250 * (1 + (index % 4))}m`;
  const memory = `${512 * (1 + (index % 6))}Mi`;
  const gpu = index % 50 === 7 ? { 'nvidia.com/gpu': '1' } : {};
  const resources =
    index % 50 === 11 ? {} : { requests: { cpu, memory, ...gpu }, limits: { memory, ...gpu } };
  return { name: 'server', image, resources };
}

interface PodPlan {
  readonly namespace: string;
  readonly nodes: readonly KubernetesObject[];
  readonly random: Random;
  readonly image: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly container?: object;
  readonly owners?: readonly { readonly uid: string; readonly kind: string; readonly name: string }[];
  readonly crashes?: boolean;
}

/** Most of a pod that an API server answers is what nobody here reads. */
const MANAGED = {
  managedFields: [{ manager: 'kubelet', operation: 'Update', fieldsV1: { filler: 'f'.repeat(1500) } }],
};

/** As large as pods are that an API server answers: with volumes, probes and managed fields. */
function createPod(name: string, plan: PodPlan): KubernetesObject {
  const { namespace, nodes, random, image, labels, owners, crashes = false } = plan;
  const container = plan.container ?? { name: 'app', image, resources: { requests: { cpu: '100m' } } };
  const state = crashes
    ? { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } }
    : { running: { startedAt: createdAt } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: digestFor(`pod ${namespace}/${name}`).slice(7, 43),
      creationTimestamp: createdAt,
      ...(labels !== undefined && { labels }),
      ...(owners !== undefined && { ownerReferences: owners }),
      ...MANAGED,
    },
    spec: {
      nodeName: random.pick(nodes).metadata.name,
      containers: [{ ...container, livenessProbe: { httpGet: { path: '/v2/health/live', port: 8080 } } }],
      tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }],
      volumes: [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
    },
    status: {
      phase: 'Running',
      startTime: createdAt,
      podIP: '10.0.0.1',
      conditions: [condition('Ready', crashes ? 'False' : 'True'), condition('PodScheduled', 'True')],
      containerStatuses: [
        {
          name: (container as { name: string }).name,
          image,
          imageID: image,
          ready: !crashes,
          restartCount: crashes ? 9 : 0,
          state,
        },
      ],
    },
  };
}

/** One node in ten has accelerators. */
function createNode(cluster: number, at: number): KubernetesObject {
  const gpu = at % 10 === 0 ? { 'nvidia.com/gpu': '4' } : {};
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `node-${cluster}-${at}`, uid: `node-${cluster}-${at}`, creationTimestamp: createdAt },
    spec: {},
    status: {
      allocatable: { cpu: '31850m', memory: '125Gi', pods: '110', ...gpu },
      conditions: [condition('Ready', 'True')],
    },
  };
}

const createQuota = (namespace: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'quota', namespace, uid: `quota-${namespace}`, creationTimestamp: createdAt },
  spec: { hard: { 'requests.cpu': '200', 'requests.memory': '800Gi' } },
  status: { hard: { 'requests.cpu': '200', 'requests.memory': '800Gi' } },
});

function createMetrics({ metadata, spec }: KubernetesObject, random: Random): KubernetesObject {
  const { containers } = spec as { containers: readonly { name: string }[] };
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'PodMetrics',
    metadata: { name: metadata.name, namespace: metadata.namespace },
    containers: containers.map(({ name }) => ({
      name,
      usage: { cpu: `${random.below(400_000_000)}n`, memory: `${random.below(900)}Mi` },
    })),
  };
}
