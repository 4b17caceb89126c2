import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type RootConfigService,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import {
  type Decoded,
  type Fault,
  list,
  number,
  ModelpierError,
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
  type RegistryConfig,
  registryConfig,
} from '@modelpier/backstage-plugin-modelpier-node';
import { type WantedRepositories, wantedRepositories } from './wanted-repositories';

export interface ProviderConfig {
  readonly owner: string;
  readonly namespace: string;
  readonly entityType: string;
  readonly clusters: readonly ClusterConfig[];
  readonly registries: readonly { readonly registry: RegistryConfig; readonly wanted: WantedRepositories }[];
  /** How long a model has to stay away before its component goes. */
  readonly removeAfterMs: number;
  readonly schedule: SchedulerServiceTaskScheduleDefinition;
}

const PATH = 'catalog.providers.modelpier';
const duration = strictObject({
  days: optional(number),
  hours: optional(number),
  minutes: optional(number),
  seconds: optional(number),
});
const provider = strictObject({
  owner: optional(text),
  namespace: optional(text),
  entityType: optional(text),
  registries: optional(list(wantedRepositories)),
  removeAfter: optional(duration),
  schedule: optional(unknownValue),
});
const portal = object({
  clusters: optional(list(clusterConfig)),
  registries: optional(list(registryConfig)),
});

/** New models appear a few times a week; five minutes are soon enough for a page of the catalog. */
const DEFAULT_SCHEDULE = { frequency: { minutes: 5 }, timeout: { minutes: 2 } } as const;
/** Longer than a registry or an API server is down for maintenance. */
const DEFAULT_REMOVE_AFTER = { hours: 1 } as const;

/** `undefined` where the provider is not configured: the module then does nothing. */
export function parseProviderConfig(root: RootConfigService): ProviderConfig | undefined {
  const given = root.getOptional(PATH);
  if (given === undefined) return undefined;
  const config = parseWith(provider, given, PATH);
  const { clusters, registries = [] } = parseWith(portal, root.getOptional('modelpier') ?? {}, 'modelpier');
  const schedule = root.getOptionalConfig(`${PATH}.schedule`);
  return {
    owner: config.owner ?? 'group:default/unknown',
    namespace: config.namespace ?? 'default',
    entityType: config.entityType ?? 'ml-model',
    clusters: clusters ?? readPluginClusters(root.getOptional('kubernetes')).clusters,
    registries: joinRegistries(config.registries ?? [], registries),
    removeAfterMs: toMilliseconds(config.removeAfter ?? DEFAULT_REMOVE_AFTER),
    schedule:
      schedule === undefined
        ? DEFAULT_SCHEDULE
        : readSchedulerServiceTaskScheduleDefinitionFromConfig(schedule),
  };
}

const toMilliseconds = ({
  days = 0,
  hours = 0,
  minutes = 0,
  seconds = 0,
}: Decoded<typeof duration>): number => (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;

/** Each with how the backend plugin reaches it: no other host is ever asked. */
function joinRegistries(
  wanted: readonly WantedRepositories[],
  known: readonly RegistryConfig[],
): ProviderConfig['registries'] {
  const faults: Fault[] = [];
  const joined = wanted.flatMap((each, at) => {
    const registry = known.find(({ host }) => host === each.host);
    const isTwin = wanted.findIndex(({ host }) => host === each.host) !== at;
    const path = `${PATH}.registries[${at}].host`;
    if (isTwin) faults.push({ path, message: `"${each.host}" is named twice` });
    if (registry !== undefined) return [{ registry, wanted: each }];
    faults.push({ path, message: `"${each.host}" is not among modelpier.registries` });
    return [];
  });
  if (faults.length === 0) return joined;
  const told = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new ModelpierError('invalid-input', `The configuration of modelpier is not valid: ${told}`, {
    faults,
  });
}
