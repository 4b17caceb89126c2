import type { LimitRange, Node, ResourceQuota } from '../workload/node';
import type { Pod, ResourceList } from '../workload/pod';
import { type FitWorkload, readFitWorkload } from './workload';

interface NodeShape {
  readonly architecture?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taint?: string;
}

export const nodeOf = (allocatable: ResourceList, shape: NodeShape = {}): Node => ({
  metadata: { name: 'node', labels: shape.labels },
  spec: { taints: shape.taint === undefined ? [] : [{ key: shape.taint, effect: 'NoSchedule' }] },
  status: {
    allocatable: { pods: '10', ...allocatable },
    nodeInfo: { architecture: shape.architecture ?? 'amd64', operatingSystem: 'linux' },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});

export const quotaOf = (hard: ResourceList, used: ResourceList = {}): ResourceQuota => ({
  metadata: { name: 'team' },
  status: { hard, used },
});

export const rangeOf = (limits: Omit<LimitRange['spec']['limits'][number], 'type'>): LimitRange => ({
  metadata: { name: 'bounds' },
  spec: { limits: [{ type: 'Container', ...limits }] },
});

interface Asked {
  readonly requests?: ResourceList;
  readonly limits?: ResourceList;
}

const deployment = (resources: Asked, spec: object, podSpec: object): Readonly<Record<string, unknown>> => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'mnist', namespace: 'apps' },
  spec: { ...spec, template: { spec: { ...podSpec, containers: [{ name: 'model', resources }] } } },
});

interface Given {
  readonly spec?: object;
  readonly pod?: object;
  /** What is there before: as many replicas that ask for this. */
  readonly live?: Asked & { readonly replicas: number };
}

/** A Deployment with one container, three replicas and a rollout that takes no old pod away first. */
export function workloadOf(resources: Asked, { spec = {}, pod = {}, live }: Given = {}): FitWorkload {
  const strategy = { rollingUpdate: { maxUnavailable: 0 } };
  const before = live && deployment(live, { strategy, replicas: live.replicas }, {});
  const found = readFitWorkload(deployment(resources, { replicas: 3, strategy, ...spec }, pod), before);
  if (found === undefined) throw new Error('the fixture is no workload');
  return found;
}

export const podOn = (nodeName: string, requests: ResourceList): Pod => ({
  metadata: { name: 'other' },
  spec: { nodeName, containers: [{ name: 'a', resources: { requests } }] },
  status: { phase: 'Running' },
});
