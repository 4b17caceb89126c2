import {
  HISTORY_RANGES,
  type HistoryAnswer,
  RELEASE_VERDICTS,
  type ReleasesPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  allocationReadPermission,
  deploymentReadPermission,
  versionReadPermission,
} from '@modelpier/backstage-plugin-modelpier-common/permissions';
import type { Request, Router } from 'express';
import { readHistory } from '../read/history';
import { readReleasesPage } from '../read/releases';
import { readClusterSources } from '../read/sources';
import { DEFAULT_RANGE } from '../schema/openapi';
import { answering, audited, freshnessOf, type RouteContext } from './context';
import { MODEL } from './model-routes';
import { readOneOf, readPage, readText } from './page';

/** Routes about what was released and how the model stood over time. */
export function addReleaseRoutes(router: Router, context: RouteContext): void {
  router.get(
    `${MODEL}/releases`,
    answering(request =>
      audited(context, request, { eventId: 'release-read' }, () => listReleases(request, context)),
    ),
  );
  router.get(
    `${MODEL}/history`,
    answering(request => getHistory(request, context)),
  );
}

async function listReleases(request: Request, context: RouteContext): Promise<ReleasesPage> {
  const { model } = await context.access.enterModel(request, deploymentReadPermission);
  const page = await readReleasesPage(context.knex, {
    modelId: model.id,
    ...readPage(request),
    cluster: readText(request, 'cluster'),
    namespace: readText(request, 'namespace'),
    verdict: readOneOf(request, 'verdict', RELEASE_VERDICTS),
  });
  return { ...page, sources: await readClusterSources(context.knex, freshnessOf(context)) };
}

async function getHistory(request: Request, context: RouteContext): Promise<HistoryAnswer> {
  const { model, may } = await context.access.enterModel(request, deploymentReadPermission);
  const history = await readHistory(context.knex, {
    modelId: model.id,
    range: readOneOf(request, 'range', HISTORY_RANGES) ?? DEFAULT_RANGE,
    cluster: readText(request, 'cluster'),
    now: context.now(),
    withVersions: await may(versionReadPermission),
    withAllocation: await may(allocationReadPermission),
  });
  return { ...history, sources: await readClusterSources(context.knex, freshnessOf(context)) };
}
