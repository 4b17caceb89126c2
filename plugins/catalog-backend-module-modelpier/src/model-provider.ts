import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EntityProvider, EntityProviderConnection } from '@backstage/plugin-catalog-node';
import {
  type ClusterConfig,
  openConfiguredCluster,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { type FoundWorkload, modelComponents } from './model-component';
import type { ProviderConfig } from './provider-config';
import { readWorkloads } from './read-workloads';

/** A cluster that does not answer within this is left out; the next round asks again. */
const CONNECT_MS = 3_000;
const ANSWER_MS = 10_000;
const ATTEMPTS = 2;

/** Gives the catalog a component for each model that some cluster serves. */
export class ModelProvider implements EntityProvider {
  #connection: EntityProviderConnection | undefined;

  constructor(
    private readonly config: ProviderConfig,
    private readonly logger: LoggerService,
  ) {}

  getProviderName(): string {
    return 'modelpier';
  }

  connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
    return Promise.resolve();
  }

  /** Reads every cluster; while one is silent nothing is taken out of the catalog. */
  async refresh({ signal }: Waiting = {}): Promise<void> {
    const readings = await Promise.allSettled(
      this.config.clusters.map(cluster => readCluster(cluster, { signal })),
    );
    readings.forEach((reading, index) => {
      if (reading.status === 'fulfilled') return;
      const { name } = this.config.clusters[index] ?? { name: '' };
      this.logger.warn(`Models of cluster ${name} could not be read: ${String(reading.reason)}`);
    });
    const found = readings.flatMap(reading => (reading.status === 'fulfilled' ? reading.value : []));
    const entities = modelComponents(found, this.config).map(entity => ({
      entity,
      locationKey: this.getProviderName(),
    }));
    const isWhole = readings.every(({ status }) => status === 'fulfilled');
    await this.#connection?.applyMutation(
      isWhole ? { type: 'full', entities } : { type: 'delta', added: entities, removed: [] },
    );
  }
}

async function readCluster(config: ClusterConfig, { signal }: Waiting): Promise<readonly FoundWorkload[]> {
  const client = await openConfiguredCluster(config, {
    timeouts: { connectMs: CONNECT_MS, requestMs: ANSWER_MS },
    attempts: ATTEMPTS,
  });
  try {
    return await readWorkloads(client, config, { signal });
  } finally {
    client.close();
  }
}
