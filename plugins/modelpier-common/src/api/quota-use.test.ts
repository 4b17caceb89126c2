import { quotaUses } from './quota-use';

const quota = (namespace: string, hard: Record<string, string>, used?: Record<string, string>) => ({
  metadata: { name: 'team', namespace },
  ...(used === undefined ? { spec: { hard } } : { status: { hard, used } }),
});

it('tells what a namespace may take and how much of it is taken', () => {
  const hard = { 'requests.cpu': '8', 'limits.memory': '16Gi', 'requests.nvidia.com/gpu': '2', pods: '20' };
  const used = { 'requests.cpu': '3200m', 'limits.memory': '4Gi', 'requests.nvidia.com/gpu': '1' };
  expect(quotaUses([quota('apps', hard, used), quota('other', { pods: '1' })], 'apps')).toEqual([
    { quota: 'team', item: 'requests.cpu', resource: 'cpu', hard: '8000m', used: '3200m' },
    { quota: 'team', item: 'limits.memory', resource: 'memory', hard: '17179869184', used: '4294967296' },
    { quota: 'team', item: 'requests.nvidia.com/gpu', resource: 'nvidia.com/gpu', hard: '2', used: '1' },
    { quota: 'team', item: 'pods', resource: 'pods', hard: '20', used: null },
  ]);
});

it('knows no use of a quota that was not worked out yet, and passes over counts of objects', () => {
  expect(
    quotaUses([quota('apps', { cpu: '500m', 'count/deployments.apps': '3', services: '2' })], 'apps'),
  ).toEqual([{ quota: 'team', item: 'cpu', resource: 'cpu', hard: '500m', used: null }]);
});
