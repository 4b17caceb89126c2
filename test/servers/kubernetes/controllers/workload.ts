import type { ObjectMetadata, StoredObject } from '../object';
import { type Kind, resourceOf } from '../resources';

/** The kinds that the controllers work on, with the fields that they read and write. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  lastUpdateTime?: string;
  lastTransitionTime?: string;
}

export interface Container {
  name: string;
  image: string;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  [field: string]: unknown;
}

export interface PodSpec {
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  tolerations?: { key?: string; operator?: string; value?: string; effect?: string }[];
  containers: Container[];
  initContainers?: Container[];
  [field: string]: unknown;
}

export interface PodTemplate {
  metadata: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: PodSpec;
}

export interface DeploymentStatus {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  conditions?: Condition[];
}

export interface Deployment extends StoredObject {
  spec: {
    replicas: number;
    paused?: boolean;
    minReadySeconds?: number;
    progressDeadlineSeconds: number;
    revisionHistoryLimit: number;
    selector: { matchLabels: Record<string, string> };
    strategy: {
      type: string;
      rollingUpdate?: { maxSurge: number | string; maxUnavailable: number | string };
    };
    template: PodTemplate;
  };
  status: DeploymentStatus;
}

export interface ReplicaSetStatus {
  observedGeneration?: number;
  replicas: number;
  fullyLabeledReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  conditions?: Condition[];
}

export interface ReplicaSet extends StoredObject {
  spec: {
    replicas: number;
    minReadySeconds?: number;
    selector: { matchLabels: Record<string, string> };
    template: PodTemplate;
  };
  status: ReplicaSetStatus;
}

export interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: {
    exitCode: number;
    reason: string;
    message?: string;
    startedAt: string;
    finishedAt: string;
    containerID: string;
  };
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  ready: boolean;
  started: boolean;
  restartCount: number;
  state: ContainerState;
  lastState: ContainerState;
}

export interface Pod extends StoredObject {
  spec: PodSpec;
  status: {
    phase: string;
    reason?: string;
    message?: string;
    podIP?: string;
    hostIP?: string;
    startTime?: string;
    qosClass?: string;
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
    [field: string]: unknown;
  };
}

export interface Node extends StoredObject {
  metadata: ObjectMetadata;
  spec: { unschedulable?: boolean; taints?: { key: string; value?: string; effect: string }[] };
  status: { allocatable: Record<string, string>; addresses?: { type: string; address: string }[] };
}

export interface Event extends StoredObject {
  involvedObject: { uid: string };
  reason: string;
  message: string;
  count?: number;
  lastTimestamp?: string;
}

function kindOf<T>(group: string, plural: string): Kind<T> {
  const resource = resourceOf(group, plural);
  if (resource === undefined) throw new Error(`no resource ${plural}`);
  return resource;
}

export const DEPLOYMENTS: Kind<Deployment> = kindOf('apps', 'deployments');
export const REPLICA_SETS: Kind<ReplicaSet> = kindOf('apps', 'replicasets');
export const PODS: Kind<Pod> = kindOf('', 'pods');
export const NODES: Kind<Node> = kindOf('', 'nodes');
export const NAMESPACES: Kind<StoredObject> = kindOf('', 'namespaces');
export const EVENTS: Kind<Event> = kindOf('', 'events');

export const isTerminating = ({ metadata }: StoredObject): boolean =>
  metadata.deletionTimestamp !== undefined;

export const readyCondition = (pod: Pod): Condition | undefined =>
  pod.status.conditions?.find(({ type }) => type === 'Ready');

export const isReady = (pod: Pod): boolean => readyCondition(pod)?.status === 'True';

/** Replaces the condition of a type; its times stay where status and reason do. */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  wanted: Condition,
  time: string,
): Condition[] {
  const before = conditions?.find(({ type }) => type === wanted.type);
  if (before?.status === wanted.status && before.reason === wanted.reason) return [...(conditions ?? [])];
  const lastTransitionTime = before?.status === wanted.status ? (before.lastTransitionTime ?? time) : time;
  const others = (conditions ?? []).filter(({ type }) => type !== wanted.type);
  return [...others, { ...wanted, lastTransitionTime, lastUpdateTime: time }];
}
