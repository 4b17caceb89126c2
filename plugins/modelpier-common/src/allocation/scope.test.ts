import type { Node, ResourceQuota } from '../workload/node';
import type { Pod, PodSpec } from '../workload/pod';
import { parseQuantity } from './quantity';
import { type ClusterState, countContainers, isCounted, selectScope, totalOf } from './scope';

const READY = [{ type: 'Ready', status: 'True' }];
const WHOLE = { namespace: null, pool: null };

const node = (name: string, over: Partial<Node> = {}): Node => ({
  metadata: { name },
  status: { allocatable: { cpu: '4', memory: '8Gi' }, conditions: READY },
  ...over,
});
const pod = (name: string, over: { spec?: Partial<PodSpec>; phase?: string; meta?: object } = {}): Pod => ({
  metadata: { name, namespace: 'apps', ...over.meta },
  spec: { nodeName: 'a', containers: [{ name: 'app' }], ...over.spec },
  status: { phase: over.phase ?? 'Running' },
});
const quota = (hard: Record<string, string>, spec: object = {}): ResourceQuota => ({
  metadata: { name: 'q', namespace: 'apps' },
  spec: { hard, ...spec },
});
const modelPod = (of: Pod) => ({
  workload: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'apps', name: 'fraud' },
  pod: of,
});
const cluster = (over: Partial<ClusterState> = {}): ClusterState => ({
  nodes: [node('a'), node('b')],
  pods: [],
  quotas: [],
  ...over,
});
const total = (state: ClusterState, resource = 'cpu', bounds: Parameters<typeof selectScope>[2] = WHOLE) =>
  totalOf(selectScope(state, [], bounds), resource);
const nano = (text: string) => parseQuantity(text).nano;

it.each([
  ['a running pod', pod('p'), true],
  ['a scheduled pod that waits', pod('p', { phase: 'Pending' }), true],
  ['a pod without a node', { ...pod('p', { phase: 'Pending' }), spec: { containers: [] } }, false],
  ['a succeeded pod', pod('p', { phase: 'Succeeded' }), false],
  ['a failed pod', pod('p', { phase: 'Failed' }), false],
  ['a lost pod', pod('p', { phase: 'Unknown' }), false],
  ['a pod on its way out', pod('p', { meta: { deletionTimestamp: '2026-08-04T10:00:00Z' } }), false],
  ['a pod without a status', { metadata: { name: 'p' }, spec: { containers: [] } }, false],
])('decides whether N counts %s', (_, given, counted) => {
  expect(isCounted(given)).toBe(counted);
});

it.each<[string, Node, string]>([
  ['ready', node('c'), '12'],
  ['cordoned', node('c', { spec: { unschedulable: true } }), '8'],
  [
    'not ready',
    node('c', { status: { allocatable: { cpu: '4' }, conditions: [{ type: 'Ready', status: 'False' }] } }),
    '8',
  ],
  [
    'silent',
    node('c', { status: { allocatable: { cpu: '4' }, conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
    '8',
  ],
  ['new and without conditions', { metadata: { name: 'c' } }, '8'],
  ['tainted', node('c', { spec: { taints: [{ key: 'dedicated', effect: 'NoSchedule' }] } }), '8'],
  [
    'asking to be avoided',
    node('c', { spec: { taints: [{ key: 'old', effect: 'PreferNoSchedule' }] } }),
    '12',
  ],
])('sums T over the nodes of use, where one is %s', (_, third, cpu) => {
  expect(total(cluster({ nodes: [node('a'), node('b'), third] }))).toBe(nano(cpu));
});

it('adds a tainted node that the model tolerates, and counts what runs there', () => {
  const taints = [{ key: 'nvidia.com/gpu', effect: 'NoSchedule' }];
  const tolerations = [{ key: 'nvidia.com/gpu', operator: 'Exists' }];
  const onGpu = pod('fraud-1', { spec: { nodeName: 'g', tolerations } });
  const state = cluster({
    nodes: [node('a'), node('g', { spec: { taints } })],
    pods: [onGpu, pod('other')],
  });
  const scope = selectScope(state, [modelPod(onGpu)], WHOLE);
  expect([totalOf(scope, 'cpu'), countContainers(scope.pods, 'cpu')]).toEqual([nano('8'), 2]);
  const without = selectScope(state, [], WHOLE);
  expect([totalOf(without, 'cpu'), countContainers(without.pods, 'cpu')]).toEqual([nano('4'), 1]);
});

it('still counts containers on a cordoned node, for they will need a place', () => {
  const state = cluster({
    nodes: [
      node('a', {
        spec: {
          unschedulable: true,
          taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }],
        },
      }),
      node('b'),
    ],
    pods: [pod('p'), pod('q', { spec: { nodeName: 'b' } })],
  });
  const scope = selectScope(state, [], WHOLE);
  expect([totalOf(scope, 'cpu'), countContainers(scope.pods, 'cpu')]).toEqual([nano('4'), 2]);
});

it.each<[string, readonly ResourceQuota[], string]>([
  ['no quota', [], '8'],
  ['a smaller quota', [quota({ 'requests.cpu': '3' })], '3'],
  ['a larger quota', [quota({ 'requests.cpu': '30' })], '8'],
  ['a quota by its older name', [quota({ cpu: '2500m' })], '2500m'],
  ['two quotas', [quota({ 'requests.cpu': '5' }), quota({ 'requests.cpu': '4' })], '4'],
  ['a quota on something else', [quota({ 'requests.memory': '1Gi', pods: '3' })], '8'],
  ['a quota on limits', [quota({ 'limits.cpu': '1' })], '8'],
  ['a quota of some pods only', [quota({ 'requests.cpu': '1' }, { scopes: ['BestEffort'] })], '8'],
  ['a quota of one priority', [quota({ 'requests.cpu': '1' }, { scopeSelector: {} })], '8'],
  ['a quota of 0', [quota({ 'requests.cpu': '0' })], '0'],
  [
    'a quota in force that differs from the wish',
    [{ ...quota({ 'requests.cpu': '3' }), status: { hard: { 'requests.cpu': '2' } } }],
    '2',
  ],
  [
    'a quota of another namespace',
    [{ ...quota({ 'requests.cpu': '1' }), metadata: { name: 'q', namespace: 'shop' } }],
    '8',
  ],
])('caps the T of a namespace with %s', (_, quotas, cpu) => {
  expect(total(cluster({ quotas }), 'cpu', { namespace: 'apps', pool: null })).toBe(nano(cpu));
});

it('leaves the T of the cluster to its nodes, whatever a namespace may take', () => {
  expect(total(cluster({ quotas: [quota({ 'requests.cpu': '3' })] }))).toBe(nano('8'));
});

it('counts a quota on devices by their full name', () => {
  const gpu = node('g', { status: { allocatable: { 'nvidia.com/gpu': '4' }, conditions: READY } });
  const bounds = { namespace: 'apps', pool: null };
  const quotas = [quota({ 'requests.nvidia.com/gpu': '2', 'nvidia.com/gpu': '1' })];
  expect(total(cluster({ nodes: [gpu], quotas }), 'nvidia.com/gpu', bounds)).toBe(nano('2'));
});

it('falls back to the quota where nodes cannot be read', () => {
  const state = cluster({ nodes: 'forbidden', quotas: [quota({ 'requests.cpu': '3' })], pods: [pod('p')] });
  const bounds = { namespace: 'apps', pool: null };
  expect([total(state, 'cpu', bounds), total(state, 'memory', bounds)]).toEqual([nano('3'), null]);
  expect(countContainers(selectScope(state, [], bounds).pods, 'cpu')).toBe(1);
});

it('computes one pool at a time', () => {
  const inPool = (name: string, pool: string) =>
    node(name, { metadata: { name, labels: { agentpool: pool } } });
  const state = cluster({
    nodes: [inPool('a', 'small'), inPool('b', 'big'), inPool('c', 'big')],
    pods: [pod('p'), pod('q', { spec: { nodeName: 'b' } })],
  });
  const scope = selectScope(state, [], { namespace: null, pool: 'big' });
  expect(totalOf(scope, 'cpu')).toBe(nano('8'));
  expect(scope.pods.map(({ metadata }) => metadata.name)).toEqual(['q']);
});

it('takes the system out of T and of N when asked', () => {
  const requests = { requests: { cpu: '500m' } };
  const containers = [{ name: 'agent', resources: requests }];
  const state = cluster({
    pods: [
      pod('app', { spec: { containers } }),
      pod('dns', { spec: { containers }, meta: { namespace: 'kube-system' } }),
      pod('agent', {
        spec: { containers },
        meta: { ownerReferences: [{ uid: '1', kind: 'DaemonSet', name: 'agent' }] },
      }),
      pod('static', {
        spec: { containers, nodeName: 'elsewhere' },
        meta: { ownerReferences: [{ uid: '2', kind: 'Node', name: 'elsewhere' }] },
      }),
    ],
  });
  const scope = selectScope(state, [], { ...WHOLE, minusSystem: true });
  expect([totalOf(scope, 'cpu'), countContainers(scope.pods, 'cpu')]).toEqual([nano('7'), 1]);
  const all = selectScope(state, [], WHOLE);
  expect([totalOf(all, 'cpu'), countContainers(all.pods, 'cpu')]).toEqual([nano('8'), 3]);
});

it('never lets the system leave less than nothing', () => {
  const containers = [{ name: 'agent', resources: { requests: { cpu: '64' } } }];
  const state = cluster({ pods: [pod('dns', { spec: { containers }, meta: { namespace: 'kube-system' } })] });
  expect(total(state, 'cpu', { ...WHOLE, minusSystem: true })).toBe(0n);
});

it('counts of a device only the containers that request it', () => {
  const gpu = { name: 'server', resources: { limits: { 'nvidia.com/gpu': '1' } } };
  const none = { name: 'batch', resources: { requests: { 'nvidia.com/gpu': '0' } } };
  const pods = [
    pod('p', { spec: { containers: [gpu, { name: 'proxy' }] } }),
    pod('q', { spec: { containers: [none] } }),
  ];
  expect([countContainers(pods, 'cpu'), countContainers(pods, 'nvidia.com/gpu')]).toEqual([3, 1]);
});
