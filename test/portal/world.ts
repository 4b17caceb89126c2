import { anonymous, createRegistry, type RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { type KubernetesOptions, type KubernetesServer, startKubernetes } from '../servers/kubernetes';
import { type RegistryServer, startRegistry } from '../servers/registry/server';

/** A registry, a cluster, and a client to fill the one. */
export interface World {
  readonly registry: RegistryServer;
  readonly cluster: KubernetesServer;
  readonly client: RegistryPorts & { close(): Promise<void> };
  /** Waits until all Deployments have as many ready pods as they want. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export async function startWorld(options: KubernetesOptions = {}): Promise<World> {
  const registry = await startRegistry({ tagsPerPage: 2 });
  const cluster = await startKubernetes(options);
  const client = createRegistry({ credentials: anonymous });
  return {
    registry,
    cluster,
    client,
    settled: async () => {
      for (let waitedMs = 0; waitedMs < 4000; waitedMs += 20) {
        if (cluster.list('apps/v1', 'Deployment').every(isReady)) return;
        await sleep(20);
      }
      throw new Error('the deployments did not become ready');
    },
    close: async () => {
      await client.close();
      await cluster.close();
      await registry.close();
    },
  };
}

const isReady = (deployment: object): boolean => {
  const { spec, status } = deployment as {
    spec?: { replicas?: number };
    status?: { readyReplicas?: number };
  };
  return (status?.readyReplicas ?? 0) === (spec?.replicas ?? 1);
};
