import { type Placement, type Source } from '@modelpier/backstage-plugin-modelpier-common';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export interface Moment {
  /** RFC 3339, that long before now. */
  readonly ago: (ms: number) => string;
}

export const momentsBefore = (now: Date): Moment => ({
  ago: ms => new Date(now.getTime() - ms).toISOString(),
});

export const sourcesOf = ({ ago }: Moment): Source[] => [
  { id: 'registry:local', kind: 'registry', name: '127.0.0.1:5000', state: 'ok', observedAt: ago(12_000) },
  { id: 'cluster:harbor', kind: 'cluster', name: 'harbor', state: 'ok', observedAt: ago(9_000) },
];

/** Sources of which the second cluster is dead since a while. */
export const troubledSources = (moment: Moment): Source[] => [
  ...sourcesOf(moment),
  {
    id: 'cluster:offshore',
    kind: 'cluster',
    name: 'offshore',
    state: 'unreachable',
    observedAt: moment.ago(26 * MINUTE),
    message: 'GET https://10.20.0.1:6443/apis/apps/v1/deployments: connect ETIMEDOUT',
  },
];

const place = (environment: string, namespace: string, cluster = 'harbor'): Placement => ({
  cluster,
  namespace,
  environment,
  workload: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'mnist-mlp' },
});

export const STAGING = place('staging', 'apps-staging');
export const PRODUCTION = place('production', 'apps');
export const EDGE = place('edge', 'edge', 'offshore');
