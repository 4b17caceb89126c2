import type { StoredObject } from './object';

export interface NodeShape {
  readonly name: string;
  readonly allocatable: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
}

/** Three machines as a small team has them: two alike, one with an accelerator. */
export const DEFAULT_NODES: readonly NodeShape[] = [
  { name: 'node-1', allocatable: { cpu: '3920m', memory: '14790208Ki', pods: '110' } },
  { name: 'node-2', allocatable: { cpu: '3920m', memory: '14790208Ki', pods: '110' } },
  {
    name: 'gpu-1',
    allocatable: { cpu: '7910m', memory: '60123456Ki', pods: '110', 'nvidia.com/gpu': '1' },
    taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }],
  },
];

export const nodeObject = ({ name, allocatable, labels, taints }: NodeShape, index: number): StoredObject =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...labels,
      },
    },
    spec: taints === undefined ? {} : { taints },
    status: {
      addresses: [
        { type: 'InternalIP', address: `192.0.2.${index + 10}` },
        { type: 'Hostname', address: name },
      ],
      allocatable,
      capacity: { ...allocatable },
      conditions: [
        { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
      ],
      nodeInfo: { architecture: 'amd64', operatingSystem: 'linux', kubeletVersion: 'v1.30.0' },
    },
  }) as unknown as StoredObject;

export const namespaceObject = (name: string): StoredObject =>
  ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  }) as unknown as StoredObject;
