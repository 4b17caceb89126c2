import { coreServices, createBackendPlugin } from '@backstage/backend-plugin-api';
import { ScmIntegrations } from '@backstage/integration';
import { durationToMilliseconds } from '@backstage/types';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { modelpierPermissions } from '@modelpier/backstage-plugin-modelpier-common/permissions';
import { refreshFleet } from './collect/refresh-fleet';
import { scheduleRetention } from './collect/retain';
import { scheduleCollectors } from './collect/schedule';
import { createModelSync } from './collect/sync-models';
import { parsePortalConfig, type PortalConfig } from './config/portal-config';
import { openDatabase } from './database/migrate';
import { createWorkflowStarter } from './dispatch/github-workflows';
import { createAccess } from './http/access';
import { createRouter } from './http/router';
import { reconcileSources } from './store/source-store';

/** Collects from registries and clusters in the background, and answers from its own database. */
export const modelpierPlugin = createBackendPlugin({
  pluginId: 'modelpier',
  register(env) {
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        rootConfig: coreServices.rootConfig,
        scheduler: coreServices.scheduler,
      },
      async init(deps) {
        const { auditor, auth, catalog, httpAuth, logger, permissions, scheduler } = deps;
        const config = parsePortalConfig(deps.rootConfig);
        const { entityTypes } = config;
        const now = () => Date.now();
        const knex = await openDatabase(deps.database);
        const homeless = await reconcileSources(knex, [
          ...config.registries.map(({ host }) => ({ kind: 'registry', name: host }) as const),
          ...config.clusters.map(({ name }) => ({ kind: 'cluster', name }) as const),
        ]);
        await refreshFleet(knex, homeless);
        deps.permissionsRegistry.addPermissions(modelpierPermissions);

        const registries = new Set(config.registries.map(({ host }) => host));
        const models = createModelSync({ knex, catalog, auth, entityTypes, registries, now });
        const collectors = await scheduleCollectors({ knex, config, models, scheduler, logger, now });
        await scheduleRetention({ knex, scheduler, logger, now });
        deps.lifecycle.addShutdownHook(() => collectors.close());

        const access = createAccess({
          knex,
          httpAuth,
          permissions,
          catalog,
          entityTypes,
          now,
          learn: entity => models.learn(entity),
        });
        const staleAfterMs = staleAfter(config);
        const starter = createWorkflowStarter(ScmIntegrations.fromConfig(deps.rootConfig), {
          fetch: (url, init) => globalThis.fetch(url, init),
        });
        const workflows = { ...starter, repositories: config.workflowRepositories };
        deps.httpRouter.use(
          createRouter({ knex, access, auditor, workflows, scheduler, staleAfterMs, now, logger }),
        );
      },
    });
  },
});

/** So many collections may be missed before rows are called stale. */
const MISSED_COLLECTIONS = 5;
/** For schedules of which the next time cannot be told beforehand. */
const DEFAULT_STALE_AFTER_MS = 15 * 60 * 1000;

function staleAfter({ schedule: { frequency } }: PortalConfig): number {
  if ('cron' in frequency || 'trigger' in frequency) return DEFAULT_STALE_AFTER_MS;
  return MISSED_COLLECTIONS * durationToMilliseconds(frequency);
}
