import {
  coreServices,
  createBackendPlugin,
  type LoggerService,
  type RootConfigService,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef, metricsServiceRef } from '@backstage/backend-plugin-api/alpha';
import { ScmIntegrations } from '@backstage/integration';
import { durationToMilliseconds } from '@backstage/types';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { modelpierPermissions } from '@modelpier/backstage-plugin-modelpier-common/permissions';
import { registerActions } from './actions/register-actions';
import { createCollectionMetrics } from './collect/collection-metrics';
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
        actions: actionsRegistryServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        rootConfig: coreServices.rootConfig,
        scheduler: coreServices.scheduler,
      },
      async init(deps) {
        const { auditor, auth, catalog, httpAuth, logger, permissions, scheduler } = deps;
        const config = readConfig(deps.rootConfig, logger);
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
        const collectors = await scheduleCollectors({
          knex,
          config,
          models,
          scheduler,
          logger,
          metrics: createCollectionMetrics(deps.metrics, { knex, now }),
          now,
        });
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
        const workflows = openWorkflows(deps.rootConfig, config);
        const context = { knex, access, auditor, workflows, scheduler, staleAfterMs, now };
        registerActions(deps.actions, context);
        deps.httpRouter.use(createRouter({ ...context, logger }));
      },
    });
  },
});

function readConfig(rootConfig: RootConfigService, logger: LoggerService): PortalConfig {
  const config = parsePortalConfig(rootConfig);
  for (const { name, reason } of config.skippedClusters) {
    logger.warn(`Cluster ${name} is not collected: ${reason}; name it in modelpier.clusters`);
  }
  return config;
}

const openWorkflows = (rootConfig: RootConfigService, { workflowRepositories }: PortalConfig) => ({
  ...createWorkflowStarter(ScmIntegrations.fromConfig(rootConfig), {
    fetch: (url, init) => globalThis.fetch(url, init),
  }),
  repositories: workflowRepositories,
});

/** So many collections may be missed before rows are called stale. */
const MISSED_COLLECTIONS = 5;
/** For schedules of which the next time cannot be told beforehand. */
const DEFAULT_STALE_AFTER_MS = 15 * 60 * 1000;

function staleAfter({ schedule: { frequency } }: PortalConfig): number {
  if ('cron' in frequency || 'trigger' in frequency) return DEFAULT_STALE_AFTER_MS;
  return MISSED_COLLECTIONS * durationToMilliseconds(frequency);
}
