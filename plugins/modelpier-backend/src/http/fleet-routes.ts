import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type FleetAllocation,
  type FleetReuse,
  MODEL_SORTS,
  type ModelsPage,
  type OrphansPage,
  type SourcesAnswer,
  STATES,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  deploymentReadPermission,
  allocationReadPermission,
  fleetReadPermission,
  versionReadPermission,
} from '@modelpier/backstage-plugin-modelpier-common/permissions';
import type { Request, Router } from 'express';
import { readFleetAllocation } from '../read/allocation';
import { readSummaries, type Sight } from '../read/model-summary';
import { readModelsChoices } from '../read/models-choices';
import { type ListedModel, type ModelsQuestion, partsOf, readModelsPage } from '../read/models-page';
import { readModelsTotals } from '../read/models-totals';
import { readOrphans } from '../read/orphans';
import { readFleetReuse } from '../read/reuse';
import { readAllSources } from '../read/sources';
import { FLEET_PARTS } from '../read/visible-fleet';
import { answering, freshnessOf, type RouteContext } from './context';
import { readFlag, readOneOf, readPage, readText } from './page';

/** Routes over all models; lists hold only what the caller's catalog shows. */
export function addFleetRoutes(router: Router, context: RouteContext): void {
  router.get(
    '/v1/models',
    answering(request => listModels(request, context)),
  );
  router.get(
    '/v1/fleet/allocation',
    answering(request => getFleetAllocation(request, context)),
  );
  router.get(
    '/v1/fleet/reuse',
    answering(request => getFleetReuse(request, context)),
  );
  router.get(
    '/v1/fleet/orphans',
    answering(request => listOrphans(request, context)),
  );
  router.get(
    '/v1/sources',
    answering(request => listSources(request, context)),
  );
}

async function listModels(request: Request, context: RouteContext): Promise<ModelsPage> {
  const { knex, access } = context;
  const credentials = await access.enterFleet(request, fleetReadPermission);
  const sort = readOneOf(request, 'sort', MODEL_SORTS) ?? 'name';
  const asked = readQuestion(request);
  const hasTotals = readFlag(request, 'totals') === true;
  const hasChoices = readFlag(request, 'choices') === true;
  const filter = {
    ...asked,
    visible: await access.visibleModels(credentials),
    sight: await access.sight(credentials, hasTotals || hasChoices ? FLEET_PARTS : partsOf(sort, asked)),
  };
  const { items, nextCursor, total } = await readModelsPage(knex, { ...readPage(request), sort, ...filter });
  const sight = await sightOf(context, credentials, items);
  return {
    items: await readSummaries(
      knex,
      items.map(({ id }) => id),
      sight,
    ),
    nextCursor,
    total,
    ...(hasTotals && { totals: await readModelsTotals(knex, filter) }),
    ...(hasChoices && { choices: await readModelsChoices(knex, filter) }),
    sources: await readAllSources(knex, freshnessOf(context)),
  };
}

const readQuestion = (request: Request): ModelsQuestion => ({
  text: readText(request, 'filter'),
  owner: readText(request, 'owner'),
  cluster: readText(request, 'cluster'),
  namespace: readText(request, 'namespace'),
  environment: readText(request, 'environment'),
  health: readOneOf(request, 'health', STATES),
  drift: readFlag(request, 'drift'),
});

/** A rule may let a caller see the fleet, but not the versions or deployments of every model. */
export async function sightOf(
  { access }: Pick<RouteContext, 'access'>,
  credentials: BackstageCredentials,
  models: readonly ListedModel[],
): Promise<Sight> {
  const refs = models.map(model => model.entity_ref);
  const versions = await access.allowed(credentials, versionReadPermission, refs);
  const deployments = await access.allowed(credentials, deploymentReadPermission, refs);
  const allocations = await access.allowed(credentials, allocationReadPermission, refs);
  const idsOf = (allowed: ReadonlySet<string>) =>
    new Set(models.filter(model => allowed.has(model.entity_ref)).map(model => model.id));
  return {
    versions: idsOf(versions),
    deployments: idsOf(deployments),
    allocations: idsOf(allocations),
  };
}

async function getFleetAllocation(request: Request, context: RouteContext): Promise<FleetAllocation> {
  await context.access.enterFleet(request, fleetReadPermission);
  const sources = await readAllSources(context.knex, freshnessOf(context));
  return {
    ...(await readFleetAllocation(context.knex)),
    sources: sources.filter(({ kind }) => kind === 'cluster'),
  };
}

async function getFleetReuse(request: Request, context: RouteContext): Promise<FleetReuse> {
  await context.access.enterFleet(request, fleetReadPermission);
  const sources = await readAllSources(context.knex, freshnessOf(context));
  return {
    ...(await readFleetReuse(context.knex)),
    sources: sources.filter(({ kind }) => kind === 'registry'),
  };
}

async function listOrphans(request: Request, context: RouteContext): Promise<OrphansPage> {
  const credentials = await context.access.enterFleet(request, fleetReadPermission);
  // No entity tells whose they are: no rule can decide of one by itself.
  await context.access.visitEvery(credentials, deploymentReadPermission);
  const sources = await readAllSources(context.knex, freshnessOf(context));
  return {
    ...(await readOrphans(context.knex, readPage(request))),
    sources: sources.filter(({ kind }) => kind === 'cluster'),
  };
}

async function listSources(request: Request, context: RouteContext): Promise<SourcesAnswer> {
  await context.access.enterFleet(request, fleetReadPermission);
  return { items: await readAllSources(context.knex, freshnessOf(context)) };
}
