import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type RootConfigService,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import {
  list,
  object,
  optional,
  parseWith,
  strictObject,
  text,
  unknownValue,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type ClusterConfig,
  clusterConfig,
  readPluginClusters,
} from '@modelpier/backstage-plugin-modelpier-node';

export interface ProviderConfig {
  readonly owner: string;
  readonly namespace: string;
  readonly entityType: string;
  readonly clusters: readonly ClusterConfig[];
  readonly schedule: SchedulerServiceTaskScheduleDefinition;
}

const PATH = 'catalog.providers.modelpier';
const provider = strictObject({
  owner: optional(text),
  namespace: optional(text),
  entityType: optional(text),
  schedule: optional(unknownValue),
});
const portal = object({ clusters: optional(list(clusterConfig)) });

/** New models appear a few times a week; five minutes are soon enough for a page of the catalog. */
const DEFAULT_SCHEDULE = { frequency: { minutes: 5 }, timeout: { minutes: 2 } } as const;

/** `undefined` where the provider is not configured: the module then does nothing. */
export function parseProviderConfig(root: RootConfigService): ProviderConfig | undefined {
  const given = root.getOptional(PATH);
  if (given === undefined) return undefined;
  const { owner, namespace, entityType } = parseWith(provider, given, PATH);
  const { clusters } = parseWith(portal, root.getOptional('modelpier') ?? {}, 'modelpier');
  const schedule = root.getOptionalConfig(`${PATH}.schedule`);
  return {
    owner: owner ?? 'group:default/unknown',
    namespace: namespace ?? 'default',
    entityType: entityType ?? 'ml-model',
    clusters: clusters ?? readPluginClusters(root.getOptional('kubernetes')).clusters,
    schedule:
      schedule === undefined
        ? DEFAULT_SCHEDULE
        : readSchedulerServiceTaskScheduleDefinitionFromConfig(schedule),
  };
}
