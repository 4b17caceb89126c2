import type { AllocatedResource, AllocationScope } from './allocation-answer';
import { glanceAtAllocation } from './allocation-glance';

const resource = (name: string, over: Partial<AllocatedResource> = {}): AllocatedResource => ({
  resource: name,
  total: '8000m',
  containers: 8,
  fairShare: '1000m',
  requested: '1000m',
  limited: null,
  used: null,
  share: 0.5,
  efficiency: null,
  ofTotal: 0.125,
  bestEffort: false,
  ...over,
});
const scope = (over: Partial<AllocationScope> = {}): AllocationScope => ({
  cluster: 'a',
  namespace: null,
  pool: 'cpu',
  observedAt: '2026-08-04T10:00:00Z',
  nodes: 2,
  modelContainers: 2,
  resources: [resource('cpu'), resource('memory', { total: '16000', requested: '1000' })],
  dominant: { resource: 'cpu', ratio: 0.125 },
  containers: [],
  ...over,
});

it('adds the pools of every cluster up', () => {
  const { resources, dominantShare } = glanceAtAllocation([
    scope(),
    scope({ cluster: 'b', dominant: { resource: 'cpu', ratio: 0.5 } }),
  ]);
  expect(resources).toEqual([
    { resource: 'cpu', requested: '2000m', fairShare: '4000m', used: null, share: 0.5 },
    { resource: 'memory', requested: '2000', fairShare: '8000', used: null, share: 0.25 },
  ]);
  expect(dominantShare).toBe(0.5);
});

it('passes over a namespace whose containers a pool counts already', () => {
  const capped = scope({ namespace: 'apps', pool: null });
  expect(glanceAtAllocation([scope(), capped])).toEqual(glanceAtAllocation([scope()]));
  expect(glanceAtAllocation([capped]).resources[0]?.requested).toBe('1000m');
});

it('counts accelerators of every kind as one', () => {
  const gpu = (name: string) =>
    resource(name, { total: '4', containers: 4, modelContainers: 1, requested: '1', used: '0.5' });
  const mixed = scope({ resources: [resource('cpu'), gpu('nvidia.com/gpu'), gpu('amd.com/gpu')] });
  expect(glanceAtAllocation([mixed]).resources.at(-1)).toEqual({
    resource: 'gpu',
    requested: '2',
    fairShare: '2',
    used: '1',
    share: 1,
  });
});

it('knows no share where nodes cannot be read, and none of a model that does not run', () => {
  const hidden = scope({ resources: [resource('cpu', { total: null, fairShare: null })], dominant: null });
  expect(glanceAtAllocation([hidden])).toMatchObject({
    resources: [{ fairShare: null, share: null }, { resource: 'memory' }],
    dominantShare: null,
  });
  expect(glanceAtAllocation([]).resources[0]).toEqual({
    resource: 'cpu',
    requested: '0m',
    fairShare: null,
    used: null,
    share: null,
  });
});
