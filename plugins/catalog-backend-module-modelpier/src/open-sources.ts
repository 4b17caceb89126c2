import {
  type ClusterConfig,
  openConfiguredCluster,
  openConfiguredRegistry,
  type RegistryConfig,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { Findings, ModelSource } from './found-model';
import type { ProviderConfig } from './provider-config';
import { readWorkloads } from './read-workloads';
import { RepositoryReader } from './repository-reader';
import type { WantedRepositories } from './wanted-repositories';

/** A source that does not answer within this is left out; the next round asks again. */
const CONNECT_MS = 3_000;
const ANSWER_MS = 10_000;
const ATTEMPTS = 2;

/** A source that can be looked at. */
export interface OpenSource extends ModelSource {
  look(now: number, options: Waiting): Promise<Findings>;
}

/** Everything that the configuration names to be looked at. */
export function openSources({ clusters, registries }: Pick<ProviderConfig, 'clusters' | 'registries'>) {
  const repositories = new RepositoryReader();
  return [
    ...clusters.map(openCluster),
    ...registries.map(({ registry, wanted }) => openRegistry(registry, wanted, repositories)),
  ];
}

const openCluster = (config: ClusterConfig): OpenSource => ({
  kind: 'cluster',
  name: config.name,
  look: async (_, { signal }) => {
    const client = await openConfiguredCluster(config, {
      timeouts: { connectMs: CONNECT_MS, requestMs: ANSWER_MS },
      attempts: ATTEMPTS,
    });
    try {
      return { models: await readWorkloads(client, config, { signal }), trouble: undefined };
    } finally {
      client.close();
    }
  },
});

const openRegistry = (
  config: RegistryConfig,
  wanted: WantedRepositories,
  repositories: RepositoryReader,
): OpenSource => ({
  kind: 'registry',
  name: config.host,
  look: async (now, { signal }) => {
    const reader = openConfiguredRegistry(config, {
      timeouts: { connectMs: CONNECT_MS, answerMs: ANSWER_MS, idleMs: ANSWER_MS },
    });
    try {
      return await repositories.read({ reader, wanted, now, signal });
    } finally {
      await reader.close();
    }
  },
});
