import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type RootConfigService,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import {
  ALLOCATION_BASES,
  type AllocationBasis,
  type Decoder,
  type Fault,
  flag,
  list,
  literal,
  ModelpierError,
  optional,
  refuse,
  strictObject,
  text,
  unknownValue,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type ClusterConfig,
  clusterConfig,
  type PluginClusters,
  readPluginClusters,
  type RegistryConfig,
  registryConfig,
} from '@modelpier/backstage-plugin-modelpier-node';

/** `github.com/acme/models` or `github.com/acme/*`. */
const workflowRepository: Decoder<string> = (value, path, faults) =>
  typeof value === 'string' && /^[\w.:-]+\/[\w-]+\/(?:\*|[\w.-]+)$/.test(value)
    ? value
    : refuse(faults, path, 'expected host/owner/repository or host/owner/*');

const portalConfig = strictObject({
  registries: optional(list(registryConfig)),
  clusters: optional(list(clusterConfig)),
  schedule: optional(unknownValue),
  allocation: optional(
    strictObject({ basis: optional(literal(...ALLOCATION_BASES)), minusSystem: optional(flag) }),
  ),
  entityTypes: optional(list(text)),
  workflowRepositories: optional(list(workflowRepository)),
});

/** How allocation is counted where that is not as usual. */
export interface AllocationRules {
  readonly basis?: AllocationBasis | undefined;
  readonly minusSystem?: boolean | undefined;
}

export interface PortalConfig {
  readonly registries: readonly RegistryConfig[];
  readonly clusters: readonly ClusterConfig[];
  /** Of the Kubernetes plugin's clusters, those that are not collected, and why. */
  readonly skippedClusters: PluginClusters['skipped'];
  readonly schedule: SchedulerServiceTaskScheduleDefinition;
  readonly allocation: AllocationRules;
  /** `spec.type` of the catalog entities that are models. */
  readonly entityTypes: readonly string[];
  /** Repositories whose workflows entities of other repositories may name. */
  readonly workflowRepositories: readonly string[];
}

/**
 * A minute is what people wait for after a deployment. The source of an instance that was killed is free
 * again after the timeout; a large registry that takes longer goes on where it was cut off.
 */
const DEFAULT_SCHEDULE = {
  frequency: { minutes: 1 },
  timeout: { minutes: 2 },
  initialDelay: { seconds: 3 },
} as const;
const DEFAULT_ENTITY_TYPES = ['ml-model'];

/** The plugin's configuration, or one error with every fault in it. */
export function parsePortalConfig(root: RootConfigService): PortalConfig {
  const faults: Fault[] = [];
  const given = portalConfig(root.getOptional('modelpier') ?? {}, 'modelpier', faults);
  if (faults.length === 0) {
    checkRegistries(given.registries ?? [], faults);
    checkClusters(given.clusters ?? [], faults);
  }
  const schedule = readSchedule(root, faults);
  if (faults.length > 0) throw refusedConfig(faults);
  const { clusters, skipped } =
    given.clusters === undefined
      ? readPluginClusters(root.getOptional('kubernetes'))
      : { clusters: given.clusters, skipped: [] };
  return {
    registries: given.registries ?? [],
    clusters,
    skippedClusters: skipped,
    schedule,
    allocation: given.allocation ?? {},
    entityTypes: given.entityTypes ?? DEFAULT_ENTITY_TYPES,
    workflowRepositories: given.workflowRepositories ?? [],
  };
}

function readSchedule(root: RootConfigService, faults: Fault[]): PortalConfig['schedule'] {
  const given = root.getOptionalConfig('modelpier.schedule');
  if (given === undefined) return { ...DEFAULT_SCHEDULE, scope: 'global' };
  try {
    const read = readSchedulerServiceTaskScheduleDefinitionFromConfig(given);
    const { frequency, timeout, initialDelay = DEFAULT_SCHEDULE.initialDelay } = read;
    // After a delay the scheduler would run a task once, also one that is to wait until it is started.
    if ('trigger' in frequency) return { frequency, timeout, scope: 'global' };
    return { frequency, timeout, initialDelay, scope: 'global' };
  } catch (error) {
    return refuse(faults, 'modelpier.schedule', error instanceof Error ? error.message : String(error));
  }
}

function checkRegistries(registries: readonly RegistryConfig[], faults: Fault[]): void {
  const hosts = registries.map(registry => registry.host);
  registries.forEach(({ username, password }, index) => {
    const path = `modelpier.registries[${index}]`;
    refuseTwin(hosts, index, { path: `${path}.host`, faults });
    if ((username === undefined) !== (password === undefined)) {
      faults.push({ path, message: 'username and password go together' });
    }
  });
}

function checkClusters(clusters: readonly ClusterConfig[], faults: Fault[]): void {
  const names = clusters.map(cluster => cluster.name);
  clusters.forEach((_, index) => {
    refuseTwin(names, index, { path: `modelpier.clusters[${index}].name`, faults });
  });
}

function refuseTwin(names: readonly string[], index: number, at: { path: string; faults: Fault[] }): void {
  const name = names[index] ?? '';
  if (names.indexOf(name) !== index)
    at.faults.push({ path: at.path, message: `${JSON.stringify(name)} is named twice` });
}

const refusedConfig = (faults: readonly Fault[]): ModelpierError =>
  new ModelpierError(
    'invalid-input',
    `The configuration of modelpier is not valid: ${faults.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
    { faults, hint: 'correct app-config.yaml; the fields are described in the README of modelpier-backend' },
  );
