import { parseWith } from '../parse/decoder';
import type { Node } from '../workload/node';
import type { Container, Pod } from '../workload/pod';
import { allocationScope } from './allocation-answer';
import { fleetAllocation } from './fleet';
import { type AllocationQuestion, computeFleetAllocation, computeModelAllocation } from './model-allocation';

const workload = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'apps', name: 'fraud' };
const node = (name: string): Node => ({
  metadata: { name },
  status: {
    allocatable: { cpu: '3920m', memory: '13Gi', 'nvidia.com/gpu': '1', 'vpc.amazonaws.com/pod-eni': '9' },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});
const container = (
  name: string,
  requests: Record<string, string>,
  limits?: Record<string, string>,
): Container => ({
  name,
  resources: { requests, ...(limits !== undefined && { limits }) },
});
const pod = (name: string, containers: readonly Container[]): Pod => ({
  metadata: { name, namespace: 'apps' },
  spec: { nodeName: 'a', containers },
  status: { phase: 'Running' },
});
const server = container('server', { cpu: '1500m', memory: '4Gi' }, { cpu: '2', memory: '4Gi' });
const proxy = container('proxy', { cpu: '100m', memory: '128Mi' });
const fraud = [1, 2, 3, 4].map(each => pod(`fraud-${each}`, [server, proxy]));
const others = [1, 2, 3, 4].map(each => pod(`other-${each}`, [{ name: 'app' }]));
const usageOf = (name: string, cpu: string) => ({
  metadata: { name, namespace: 'apps' },
  containers: [
    { name: 'server', usage: { cpu, memory: '1Gi' } },
    { name: 'proxy', usage: { cpu: '1', memory: '64Mi' } },
  ],
});

const ask = (over: Partial<AllocationQuestion> = {}): AllocationQuestion => ({
  cluster: 'main',
  namespace: null,
  pool: null,
  observedAt: '2026-08-04T10:00:00Z',
  nodes: [node('a'), node('b'), node('c')],
  pods: [...fraud, ...others],
  modelPods: fraud.map(each => ({ workload, pod: each })),
  quotas: [],
  usage: null,
  ...over,
});

it('works the model fraud out as the specification does', () => {
  const scope = computeModelAllocation(ask());
  expect(scope).toMatchObject({ nodes: 3, modelContainers: 8 });
  expect(scope.resources[0]).toEqual({
    resource: 'cpu',
    total: '11760m',
    containers: 12,
    fairShare: '980m',
    requested: '6400m',
    limited: null,
    used: null,
    share: 6400 / 7840,
    efficiency: null,
    ofTotal: 6400 / 11760,
    bestEffort: false,
  });
  expect(scope.resources[1]).toMatchObject({
    total: '41875931136',
    fairShare: '3489660928',
    requested: '17716740096',
    share: 16.5 / 26,
  });
  expect(scope.dominant).toEqual({ resource: 'cpu', ratio: 6400 / 11760 });
});

it('shows the free GPUs where nobody asks for one, and no other device', () => {
  const { resources } = computeModelAllocation(ask());
  expect(resources.map(({ resource }) => resource)).toEqual(['cpu', 'memory', 'nvidia.com/gpu']);
  expect(resources[2]).toMatchObject({
    total: '3',
    containers: 0,
    modelContainers: 0,
    fairShare: null,
    reason: 'no-containers',
    share: null,
    bestEffort: false,
  });
});

it('compares every container with its fair share', () => {
  const { containers } = computeModelAllocation(ask());
  const shares = containers.map(({ container: name, instances, resources }) => [
    name,
    instances,
    ...resources.map(({ ofFairShare }) => (ofFairShare === null ? null : Number(ofFairShare.toFixed(3)))),
  ]);
  expect(shares).toEqual([
    ['server', 4, 1.531, 1.231, null],
    ['proxy', 4, 0.102, 0.038, null],
  ]);
  expect(containers[0]?.resources[0]).toMatchObject({ request: '1500m', limit: '2000m', used: null });
  expect(containers[1]?.resources[0]).toMatchObject({ request: '100m', limit: null });
});

it('gives a GPU a fair share of a quarter where twelve containers ask for three', () => {
  const gpu = container('server', {}, { 'nvidia.com/gpu': '1' });
  const pods = Array.from({ length: 12 }, (_, each) => pod(`gpu-${each}`, [gpu, proxy]));
  const scope = computeModelAllocation(
    ask({ pods, modelPods: pods.slice(0, 2).map(each => ({ workload, pod: each })) }),
  );
  expect(scope.resources[2]).toMatchObject({
    containers: 12,
    modelContainers: 2,
    fairShare: '0.25',
    requested: '2',
    limited: '2',
    share: 4,
  });
});

it('answers 0 and the reason where a model asks for GPUs that no node has', () => {
  const gpu = pod('fraud-1', [container('server', { 'nvidia.com/gpu': '1' })]);
  const bare: Node = { ...node('a'), status: { ...node('a').status, allocatable: { cpu: '4' } } };
  const scope = computeModelAllocation(
    ask({ nodes: [bare], pods: [gpu], modelPods: [{ workload, pod: gpu }] }),
  );
  expect(scope.resources[2]).toMatchObject({
    total: '0',
    fairShare: '0',
    reason: 'none-in-scope',
    share: null,
  });
});

it('marks a model without requests best-effort, so that its share of 0 is not praised', () => {
  const bare = pod('fraud-1', [{ name: 'server' }]);
  const scope = computeModelAllocation(ask({ pods: [bare], modelPods: [{ workload, pod: bare }] }));
  expect(scope.resources[0]).toMatchObject({ requested: '0m', share: 0, bestEffort: true, limited: null });
  expect(scope.containers[0]?.resources[0]).toMatchObject({ request: null, ofFairShare: null });
});

it('answers no share for a model scaled to zero', () => {
  const scope = computeModelAllocation(ask({ modelPods: [] }));
  expect(scope).toMatchObject({ modelContainers: 0, dominant: null, containers: [] });
  expect(scope.resources[0]).toMatchObject({
    requested: '0m',
    limited: '0m',
    share: null,
    bestEffort: false,
  });
});

it('answers what is known where nodes cannot be read', () => {
  const scope = computeModelAllocation(ask({ nodes: 'forbidden' }));
  expect(scope).toMatchObject({ nodes: null, dominant: null, modelContainers: 8 });
  expect(scope.resources[0]).toMatchObject({
    total: null,
    fairShare: null,
    reason: 'forbidden',
    requested: '6400m',
  });
});

it('measures usage in nano-units and efficiency on what was measured', () => {
  const usage = [usageOf('fraud-1', '600000001n'), usageOf('fraud-2', '600m')];
  const scope = computeModelAllocation(ask({ usage }));
  expect(scope.resources[0]).toMatchObject({ used: '3201m', measuredContainers: 4, requested: '6400m' });
  expect(scope.resources[0]?.efficiency).toBeCloseTo(1.0000000003, 10);
  expect(scope.containers[0]?.resources[0]).toMatchObject({ used: '601m' });
});

it('leaves out how many were measured where all were', () => {
  const usage = fraud.map(({ metadata }) => usageOf(metadata.name, '600m'));
  const [cpu] = computeModelAllocation(ask({ usage })).resources;
  expect(cpu).toMatchObject({ used: '6400m', efficiency: 1 });
  expect(cpu).not.toHaveProperty('measuredContainers');
});

it('answers no usage where only a part of each pod is measured, never 0', () => {
  const usage = [
    {
      metadata: { name: 'fraud-1', namespace: 'apps' },
      containers: [{ name: 'server', usage: { cpu: '1' } }],
    },
  ];
  const scope = computeModelAllocation(ask({ usage }));
  expect(scope.resources[0]).toMatchObject({ used: null, efficiency: null });
});

it('counts the larger of request and usage on the basis max', () => {
  const usage = [usageOf('fraud-1', '2')];
  const scope = computeModelAllocation(ask({ usage, basis: 'max' }));
  expect(scope.basis).toBe('max');
  expect(scope.resources[0]).toMatchObject({ requested: '6400m', share: (4800 + 3000) / 7840 });
});

it('tells the settings of a rollout apart', () => {
  const bigger = pod('fraud-5', [container('server', { cpu: '2', memory: '4Gi' }), proxy]);
  const pods = [...fraud, bigger];
  const { containers } = computeModelAllocation(
    ask({ pods, modelPods: pods.map(each => ({ workload, pod: each })) }),
  );
  expect(containers.map(({ container: name, instances }) => [name, instances])).toEqual([
    ['server', 4],
    ['proxy', 5],
    ['server', 1],
  ]);
});

it('adds up the models of a fleet', () => {
  const question = ask();
  const scope = computeFleetAllocation({ ...question, models: 2 });
  expect(scope).toMatchObject({ nodes: 3, models: 2, modelContainers: 8 });
  expect(scope.resources[0]).toMatchObject({ fairShare: '980m', share: 6400 / 7840 });
  expect(parseWith(fleetAllocation, { scopes: [scope], sources: [] }, 'answer').scopes).toEqual([scope]);
});

it('answers what the frontend can parse, whatever was asked', () => {
  for (const question of [
    ask(),
    ask({ nodes: 'forbidden' }),
    ask({ modelPods: [] }),
    ask({ namespace: 'apps', basis: 'max' }),
  ]) {
    const scope = computeModelAllocation(question);
    expect(parseWith(allocationScope, JSON.parse(JSON.stringify(scope)), 'scope')).toEqual(scope);
  }
});

it('answers for a model among 10,000 pods in well under a second of processor time', () => {
  const pods = Array.from({ length: 10_000 }, (_, each) => pod(`p-${each}`, [server, proxy]));
  const nodes = Array.from({ length: 1_000 }, (_, each) => node(`n-${each}`));
  const began = process.cpuUsage();
  computeModelAllocation(
    ask({
      nodes: [...nodes, node('a')],
      pods,
      modelPods: pods.slice(0, 500).map(each => ({ workload, pod: each })),
    }),
  );
  expect(process.cpuUsage(began).user).toBeLessThan(1_000_000);
});
