import { MODEL_SORTS, routes, STATES } from '@modelpier/backstage-plugin-modelpier-common';
import { clusterName, type FleetSize, planFleet, versionDigest } from '../../fleet/fleet-plan';
import { createRandom } from '../../fleet/random';

/** What is asked of a portal, by the name of the figure. */
export interface PortalPaths {
  readonly model: Readonly<Record<string, readonly string[]>>;
  readonly fleet: readonly string[];
  readonly totals: readonly string[];
}

/** Of so many models, so that no page is read twice in a row. */
const SAMPLE = 60;

export function pathsFor(size: FleetSize, seed: number): PortalPaths {
  const random = createRandom(seed + 7);
  const models = planFleet(size, seed);
  // Those with most versions are among them: they are the dearest.
  const dearest = models.toSorted((a, b) => b.versions - a.versions).slice(0, SAMPLE / 4);
  const chosen = [...dearest, ...Array.from({ length: SAMPLE - dearest.length }, () => random.pick(models))];
  const each = (pathOf: (model: (typeof chosen)[number]) => string) => chosen.map(pathOf);
  const entity = ({ name }: { name: string }) => ({ kind: 'component', namespace: 'default', name });
  const version = (model: (typeof chosen)[number]) => Math.max(0, model.versions - 1 - random.below(5));
  return {
    model: {
      model: each(model => routes.model(entity(model))),
      versions: each(model => `${routes.versions(entity(model))}?limit=50`),
      version: each(model => routes.version(entity(model), versionDigest(model.index, version(model)))),
      diff: each(model => {
        const after = version(model);
        const before = versionDigest(model.index, Math.max(0, after - 1));
        return routes.diff(entity(model), before, versionDigest(model.index, after));
      }),
      deployments: each(model => routes.deployments(entity(model))),
      releases: each(model => `${routes.releases(entity(model))}?limit=50`),
      history: each(model => `${routes.history(entity(model))}?range=quarter`),
      allocation: each(model => routes.allocation(entity(model))),
      reuse: each(model => routes.reuse(entity(model))),
    },
    fleet: fleetPaths(size).map(query => `${routes.models}?limit=50&${query}`),
    totals: Array.from({ length: SAMPLE }, (_, at) =>
      at % 2 === 0 ? routes.fleetReuse : routes.fleetAllocation,
    ),
  };
}

/** Every sort alone and with every filter. */
function fleetPaths({ clusters }: FleetSize): readonly string[] {
  const filters = [
    '',
    'filter=fraud',
    'filter=no-such-model',
    `owner=${encodeURIComponent('group:default/team-07')}`,
    `cluster=${clusterName(clusters - 1)}`,
    'namespace=team-07',
    'environment=staging',
    ...STATES.map(state => `health=${state}`),
    'drift=true',
    'filter=risk&environment=production&health=Current',
  ];
  return MODEL_SORTS.flatMap(sort => filters.map(filter => `sort=${sort}${filter && `&${filter}`}`));
}
