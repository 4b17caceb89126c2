import {
  type FleetAllocation,
  type FleetReuse,
  type ModelsPage,
  type ModelSummary,
  type Source,
  STATES,
} from '@modelpier/backstage-plugin-modelpier-common';
import { fleetReuse, RELEASES, versionOf } from './releases';
import { failing, deploymentOf } from './deployments';
import { HOUR, momentsBefore, PRODUCTION, sourcesOf, STAGING } from './world';

/** A fleet, as its page asks for it. */
export interface FleetFixture {
  readonly models: readonly ModelSummary[];
  readonly sources: readonly Source[];
  readonly allocation: FleetAllocation;
  readonly reuse: FleetReuse;
}

export interface FleetOptions {
  readonly now: Date;
  readonly models: number;
  readonly sources?: readonly Source[];
}

const EVERY_FAILING = 10;
const TEAMS = ['vision', 'search'];

/** Models of two teams, every tenth of them failing. */
export function fleetFixture({ now, models, sources }: FleetOptions): FleetFixture {
  const moment = momentsBefore(now);
  const seen = sources ?? sourcesOf(moment);
  const newest = versionOf(RELEASES[0], 0, moment);
  const running = deploymentOf({ at: PRODUCTION, release: 1, replicas: 3, deployedAgoMs: HOUR }, moment);
  const summary = (index: number): ModelSummary => {
    const { version, status, replicas, drift } = index % EVERY_FAILING === 1 ? failing(running) : running;
    const name = `model-${String(index).padStart(4, '0')}`;
    return {
      entity: { kind: 'component', namespace: 'default', name },
      title: null,
      owner: `group:default/${TEAMS[index % TEAMS.length]}`,
      repositories: [`ghcr.io/acme/${name}`],
      versions: RELEASES.length,
      newest,
      deployments: [
        {
          placement: index % 2 === 0 ? PRODUCTION : STAGING,
          version,
          status,
          ready: replicas.ready,
          desired: replicas.desired,
          drift,
        },
      ],
      health: status.state,
      replicas,
      allocation: {
        resources: [
          { resource: 'cpu', requested: '1500m', fairShare: '3', used: '250m', share: 0.5 },
          { resource: 'memory', requested: '3221225472', fairShare: '2147483648', used: null, share: 1.5 },
        ],
        dominantShare: 0.1,
      },
    };
  };
  return {
    models: Array.from({ length: models }, (_, index) => summary(index)),
    sources: seen,
    allocation: {
      scopes: [scopeOf('harbor', '12', moment.ago(0)), scopeOf('offshore', '6', moment.ago(0))],
      sources: [...seen],
    },
    reuse: { models, versions: models * RELEASES.length, reuse: fleetReuse(), sources: [...seen] },
  };
}

/** Eight containers on so many cores, six of them the models'. */
const scopeOf = (cluster: string, total: string, observedAt: string): FleetAllocation['scopes'][number] => ({
  cluster,
  pool: null,
  observedAt,
  nodes: 3,
  models: 6,
  modelContainers: 6,
  resources: [
    {
      resource: 'cpu',
      total,
      containers: 8,
      fairShare: null,
      requested: '4500m',
      limited: null,
      used: null,
      share: null,
      efficiency: null,
      ofTotal: null,
      bestEffort: false,
    },
  ],
});

/** Filtered, sorted by name and cut as the backend does; its cursor is a place in the list. */
export function modelsPageOf({ models, sources }: FleetFixture, asked: URLSearchParams): ModelsPage {
  const fits = (name: string, value: string | null | undefined) =>
    asked.get(name) === null || asked.get(name) === value;
  const found = models.filter(
    ({ entity, owner, health, deployments }) =>
      entity.name.includes(asked.get('filter') ?? '') &&
      fits('owner', owner) &&
      fits('health', health) &&
      deployments.some(({ placement }) => fits('environment', placement.environment)),
  );
  const sorted = asked.get('sort') === '-name' ? found.toReversed() : found;
  const from = Number(asked.get('cursor') ?? 0);
  const to = from + Number(asked.get('limit'));
  const sum = (figure: (model: ModelSummary) => number) => found.reduce((all, each) => all + figure(each), 0);
  return {
    items: sorted.slice(from, to),
    nextCursor: to < sorted.length ? String(to) : null,
    total: found.length,
    ...(asked.get('totals') === 'true' && {
      totals: {
        models: found.length,
        versions: sum(({ versions }) => versions),
        health: STATES.map(state => ({
          state,
          models: found.filter(({ health }) => health === state).length,
        })).filter(each => each.models > 0),
        drifting: sum(({ deployments }) => (deployments.some(({ drift }) => drift) ? 1 : 0)),
        ready: sum(({ replicas }) => replicas?.ready ?? 0),
        desired: sum(({ replicas }) => replicas?.desired ?? 0),
        imageBytes: sum(({ newest }) => newest?.sizeBytes ?? 0),
        requested: [],
      },
      choices: {
        owners: TEAMS.map(team => `group:default/${team}`).toSorted(),
        environments: ['production', 'staging'],
      },
    }),
    sources: [...sources],
  };
}
