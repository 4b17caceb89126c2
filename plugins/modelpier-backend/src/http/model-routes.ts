import {
  type AllocationAnswer,
  type DeploymentsAnswer,
  type ModelAnswer,
  ModelpierError,
  type RefreshAnswer,
  type ReuseAnswer,
  type VersionDetail,
  type VersionDiff,
  type VersionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  allocationReadPermission,
  deploymentReadPermission,
  refreshPermission,
  versionReadPermission,
} from '@modelpier/backstage-plugin-modelpier-common/permissions';
import type { Request, Router } from 'express';
import { readModelAllocation } from '../read/allocation';
import { readSummaries } from '../read/model-summary';
import { readModelReuse } from '../read/reuse';
import { readClusterSources, readRegistrySources } from '../read/sources';
import { readVersionDetail } from '../read/version-detail';
import { readVersionDiff } from '../read/version-diff';
import { readVersionsPage } from '../read/versions';
import { readDeployments } from '../read/workloads';
import { answering, audited, freshnessOf, type RouteContext, sourcesOf } from './context';
import { readPage } from './page';
import { readWays } from './ways';
import { refreshSources } from './refresh';

export const MODEL = '/v1/models/:namespace/:kind/:name';

/** Routes about one model; each needs a permission for it, and the caller's catalog must show it. */
export function addModelRoutes(router: Router, context: RouteContext): void {
  router.get(
    MODEL,
    answering(request => getModel(request, context)),
  );
  router.get(
    `${MODEL}/versions`,
    answering(request => listVersions(request, context)),
  );
  router.get(
    `${MODEL}/versions/:digest`,
    answering(request => getVersion(request, context)),
  );
  router.get(
    `${MODEL}/versions/:digest/diff/:other`,
    answering(request => getDiff(request, context)),
  );
  router.get(
    `${MODEL}/deployments`,
    answering(request =>
      audited(context, request, { eventId: 'deployment-read' }, () => listDeployments(request, context)),
    ),
  );
  router.get(
    `${MODEL}/allocation`,
    answering(request => getAllocation(request, context)),
  );
  router.get(
    `${MODEL}/reuse`,
    answering(request => getReuse(request, context)),
  );
  router.post(
    `${MODEL}/refresh`,
    answering(
      request => audited(context, request, { eventId: 'model-refresh' }, () => refresh(request, context)),
      202,
    ),
  );
}

async function getModel(request: Request, context: RouteContext): Promise<ModelAnswer> {
  const visit = await context.access.enterModel(request, versionReadPermission);
  const { model, may } = visit;
  const own = new Set([model.id]);
  const deployments = (await may(deploymentReadPermission)) ? own : new Set<number>();
  const allocations = (await may(allocationReadPermission)) ? own : new Set<number>();
  const [summary] = await readSummaries(context.knex, [model.id], {
    versions: own,
    deployments,
    allocations,
  });
  if (summary === undefined) throw new Error(`${model.entityRef} has no summary`);
  return { model: summary, ways: await readWays(visit, context), sources: await sourcesOf(context, model) };
}

async function listVersions(request: Request, context: RouteContext): Promise<VersionsPage> {
  const { model, may } = await context.access.enterModel(request, versionReadPermission);
  const page = await readVersionsPage(context.knex, {
    modelId: model.id,
    ...readPage(request),
    withPlacements: await may(deploymentReadPermission),
  });
  return { ...page, sources: await sourcesOf(context, model) };
}

async function getVersion(request: Request, context: RouteContext): Promise<VersionDetail> {
  const { access, knex } = context;
  const { credentials, model, may } = await access.enterModel(request, versionReadPermission);
  const { digest = '' } = request.params;
  const detail = await readVersionDetail(knex, {
    modelId: model.id,
    digest,
    withPlacements: await may(deploymentReadPermission),
    mayName: refs => access.visible(credentials, refs),
  });
  if (detail === undefined) throw noVersion(model.entityRef, digest);
  return { ...detail, sources: await sourcesOf(context, model) };
}

async function getDiff(request: Request, context: RouteContext): Promise<VersionDiff> {
  const { model, may } = await context.access.enterModel(request, versionReadPermission);
  const { digest: before = '', other: after = '' } = request.params;
  const withPlacements = await may(deploymentReadPermission);
  const diff = await readVersionDiff(context.knex, { modelId: model.id, before, after, withPlacements });
  if ('missing' in diff) throw noVersion(model.entityRef, diff.missing);
  return {
    ...diff,
    sources: await readRegistrySources(context.knex, model.repositories, freshnessOf(context)),
  };
}

export const noVersion = (entityRef: string, digest: string): ModelpierError =>
  new ModelpierError('not-found', `${entityRef} has no version ${digest}`, {
    hint: 'choose one of its versions; a new one is known after the next collection',
  });

async function listDeployments(request: Request, context: RouteContext): Promise<DeploymentsAnswer> {
  const { model } = await context.access.enterModel(request, deploymentReadPermission);
  const deployments = await readDeployments(context.knex, [model]);
  return { items: deployments.get(model.id) ?? [], sources: await sourcesOf(context, model) };
}

async function getAllocation(request: Request, context: RouteContext): Promise<AllocationAnswer> {
  const { model } = await context.access.enterModel(request, allocationReadPermission);
  const allocation = await readModelAllocation(context.knex, model.id, context.now());
  return { ...allocation, sources: await readClusterSources(context.knex, freshnessOf(context)) };
}

async function getReuse(request: Request, context: RouteContext): Promise<ReuseAnswer> {
  const { model } = await context.access.enterModel(request, versionReadPermission);
  const reuse = await readModelReuse(context.knex, model.id);
  const sources = await readRegistrySources(context.knex, model.repositories, freshnessOf(context));
  return { ...reuse, sources };
}

async function refresh(request: Request, context: RouteContext): Promise<RefreshAnswer> {
  const { model, isNew } = await context.access.enterModel(request, refreshPermission, { learns: true });
  const sources = await sourcesOf(context, model);
  return { started: await refreshSources(sources, { ...context, force: isNew }), sources };
}
