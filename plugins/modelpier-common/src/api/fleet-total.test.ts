import type { FleetAllocation } from './fleet';
import { sumFleetAllocation } from './fleet-total';

type Scope = FleetAllocation['scopes'][number];
type Resource = Scope['resources'][number];

const resource = (name: string, figures: Partial<Resource>): Resource => ({
  resource: name,
  total: null,
  containers: 0,
  fairShare: null,
  requested: '0',
  limited: null,
  used: null,
  share: null,
  efficiency: null,
  ofTotal: null,
  bestEffort: false,
  ...figures,
});

const scope = (cluster: string, pool: string | null, resources: readonly Resource[]): Scope => ({
  cluster,
  pool,
  observedAt: '2026-09-01T00:00:00Z',
  nodes: 2,
  models: 1,
  modelContainers: 2,
  resources: [...resources],
});

const CPU = { total: '7500m', containers: 10, requested: '1' };

it('divides all that there is by all containers, over pools and clusters', () => {
  const scopes = [
    scope('one', null, [resource('cpu', CPU)]),
    scope('one', 'gpu', [resource('cpu', { total: '500m', containers: 2, requested: '500m' })]),
    scope('two', null, [resource('cpu', { total: '16', containers: 12, requested: '3' })]),
  ];
  expect(sumFleetAllocation(scopes, 'cpu')).toEqual({
    resource: 'cpu',
    total: '24000m',
    containers: 24,
    fairShare: '1000m',
    modelContainers: 6,
    requested: '4500m',
    share: 0.75,
    ofTotal: 0.1875,
    clusters: 2,
    unreadClusters: 0,
  });
});

it('counts accelerators of every kind, and of their containers those that ask for them', () => {
  const scopes = [
    scope('one', null, [
      resource('cpu', CPU),
      resource('nvidia.com/gpu', { total: '8', containers: 2, requested: '2', modelContainers: 1 }),
      resource('amd.com/gpu', { total: '4', containers: 1, requested: '1', modelContainers: 1 }),
    ]),
  ];
  expect(sumFleetAllocation(scopes, 'gpu')).toMatchObject({
    total: '12',
    containers: 3,
    fairShare: '4',
    modelContainers: 2,
    requested: '3',
    share: 0.375,
  });
});

it('leaves out clusters whose nodes it may not read, and says how many', () => {
  const unread = { ...scope('two', null, [resource('cpu', { containers: 5 })]), nodes: null };
  const total = sumFleetAllocation([scope('one', null, [resource('cpu', CPU)]), unread], 'cpu');
  expect(total).toMatchObject({ fairShare: '750m', containers: 10, clusters: 2, unreadClusters: 1 });
});

it('knows no share where nothing runs', () => {
  expect(sumFleetAllocation([], 'memory')).toMatchObject({
    total: '0',
    fairShare: null,
    share: null,
    ofTotal: null,
  });
});
