import { coreServices, createBackendModule } from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { ModelProvider } from './model-provider';
import { parseProviderConfig } from './provider-config';

/** Registers the provider where `catalog.providers.modelpier` is configured. */
export const catalogModuleModelpier = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'modelpier',
  register(env) {
    env.registerInit({
      deps: {
        catalog: catalogProcessingExtensionPoint,
        logger: coreServices.logger,
        rootConfig: coreServices.rootConfig,
        scheduler: coreServices.scheduler,
      },
      async init({ catalog, logger, rootConfig, scheduler }) {
        const config = parseProviderConfig(rootConfig);
        if (config === undefined) return;
        const provider = new ModelProvider(config, { logger, now: () => Date.now() });
        catalog.addEntityProvider(provider);
        await scheduler.scheduleTask({
          ...config.schedule,
          id: 'modelpier-models',
          scope: 'global',
          fn: signal => provider.refresh({ signal }),
        });
      },
    });
  },
});
