import {
  type AllocationAnswer,
  type AllocatedResource,
  type ContainerAllocation,
  type ModelSummary,
} from '@modelpier/backstage-plugin-modelpier-common';
import { type Moment, PRODUCTION } from './world';

const MIB = 1024 ** 2;

const resourcesOf = (measured: boolean): AllocatedResource[] => [
  {
    resource: 'cpu',
    total: '11760m',
    containers: 12,
    fairShare: '980m',
    requested: '6400m',
    limited: '8000m',
    used: measured ? '2310m' : null,
    share: 6400 / (8 * 980),
    efficiency: measured ? 2310 / 6400 : null,
    ofTotal: 6400 / 11_760,
    bestEffort: false,
  },
  {
    resource: 'memory',
    total: '41875931136',
    containers: 12,
    fairShare: '3489660928',
    requested: String(16.5 * 1024 * MIB),
    limited: null,
    used: measured ? String(9_420 * MIB) : null,
    share: 16.5 / 26,
    efficiency: measured ? 9_420 / (16.5 * 1024) : null,
    ofTotal: (16.5 * 1024 * MIB) / 41_875_931_136,
    bestEffort: false,
  },
  {
    resource: 'nvidia.com/gpu',
    total: '0',
    containers: 0,
    fairShare: null,
    reason: 'no-containers',
    requested: '0',
    limited: null,
    used: null,
    share: null,
    efficiency: null,
    ofTotal: null,
    bestEffort: true,
  },
];

const containersOf = (measured: boolean): ContainerAllocation[] => [
  {
    workload: PRODUCTION.workload,
    container: 'server',
    instances: 4,
    resources: [
      {
        resource: 'cpu',
        request: '1500m',
        limit: '2000m',
        used: measured ? '560m' : null,
        ...(measured && { usedP95: '912m' }),
        ofFairShare: 1500 / 980,
      },
      {
        resource: 'memory',
        request: String(4096 * MIB),
        limit: null,
        used: measured ? String(2_300 * MIB) : null,
        ...(measured && { usedP95: String(2_410 * MIB) }),
        ofFairShare: 4 / 3.25,
      },
    ],
  },
  {
    workload: PRODUCTION.workload,
    container: 'proxy',
    instances: 4,
    resources: [
      {
        resource: 'cpu',
        request: '100m',
        limit: null,
        used: measured ? '18m' : null,
        ...(measured && { usedP95: '31m' }),
        ofFairShare: 100 / 980,
      },
      {
        resource: 'memory',
        request: String(128 * MIB),
        limit: null,
        used: measured ? String(55 * MIB) : null,
        ...(measured && { usedP95: String(58 * MIB) }),
        ofFairShare: 0.125 / 3.25,
      },
    ],
  },
];

/** The worked example of the formula: 3 nodes, 12 containers, 8 of them the model's. */
export const allocationOf = ({ ago }: Moment, measured: boolean): AllocationAnswer['scopes'] => [
  {
    cluster: 'harbor',
    namespace: null,
    pool: null,
    observedAt: ago(9_000),
    nodes: 3,
    modelContainers: 8,
    resources: resourcesOf(measured),
    dominant: { resource: 'cpu', ratio: 6400 / 11_760 },
    containers: containersOf(measured),
    quotas: [
      { quota: 'team', item: 'requests.cpu', resource: 'cpu', hard: '8000m', used: '6400m' },
      { quota: 'team', item: 'pods', resource: 'pods', hard: '20', used: '4' },
    ],
  },
];

/** The same at a glance. */
export const allocationSummary = (measured: boolean): NonNullable<ModelSummary['allocation']> => ({
  resources: resourcesOf(measured)
    .slice(0, 2)
    .map(({ resource, requested, used, share }) => ({
      resource,
      requested,
      used,
      share,
      fairShare: resource === 'cpu' ? '7840m' : String(26 * 1024 * MIB),
    })),
  dominantShare: 6400 / 11_760,
});
