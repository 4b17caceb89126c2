import type { AllocatedResource, AllocationScope } from '@modelpier/backstage-plugin-modelpier-common';
import { explainAllocation, explainReuse } from './explain-formulas';

const cpu: AllocatedResource = {
  resource: 'cpu',
  total: '7840m',
  containers: 2,
  fairShare: '3920m',
  requested: '1000m',
  limited: null,
  used: '24m',
  share: 1000 / 7840,
  efficiency: 0.024,
  ofTotal: 0.128,
  bestEffort: false,
};
const scope: AllocationScope = {
  cluster: 'main',
  namespace: null,
  pool: 'cpu',
  observedAt: '2026-03-01T12:00:00.000Z',
  nodes: 2,
  modelContainers: 2,
  resources: [
    cpu,
    {
      ...cpu,
      resource: 'memory',
      total: null,
      fairShare: null,
      reason: 'forbidden',
      used: null,
      share: null,
    },
  ],
  dominant: null,
  containers: [],
};
const reuse = {
  mode: 'release',
  basis: 'compressed',
  totalBytes: 6500,
  newBytes: 500,
  newLayers: 1,
  ratio: 6000 / 6500,
  reusedBaseBytes: 4000,
  reusedOwnBytes: 2000,
} as const;

it('works R = T / N out in words, with every number that goes in', () => {
  expect(explainAllocation(scope)).toEqual({
    place: 'main, pool cpu',
    observedAt: scope.observedAt,
    resources: [
      "cpu: R = T / N = 7840m / 2 = 3920m for each container; the model's 2 containers request 1000m, 12.8 % of their fair share; they use 24m",
      "memory: no fair share is known (forbidden); the model's 2 containers request 1000m; metrics not available",
    ],
  });
});

it('works R = 1 - (S1 + ... + SN) / S0 out in words', () => {
  expect(explainReuse(reuse)).toMatch(/ are shared: R = 1 - 500 \/ 6500 = 92\.3 %, with 1 new layer$/);
  expect(explainReuse({ ...reuse, ratio: null, reason: 'unknown' })).toBe('reuse is not known (unknown)');
});
