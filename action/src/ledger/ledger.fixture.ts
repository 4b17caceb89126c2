import {
  type Clock,
  type ClusterClient,
  createCluster,
  systemClock,
} from '@modelpier/backstage-plugin-modelpier-node';
import { type KubernetesServer, startKubernetes } from '../../../test/servers/kubernetes';
import type { LedgerPlace } from './place';

/** Time that passes 200 times as fast: a lease expires in 0.3 s. */
const SPEED = 200;
const BEGAN = systemClock.now();
export const hurriedClock: Clock = {
  now: () => BEGAN + (systemClock.now() - BEGAN) * SPEED,
  sleep: (ms, signal) => systemClock.sleep(ms / SPEED, signal),
};

/** What docs/permissions.md grants for the ledger, and no more. */
const RULES = [
  { resources: ['configmaps'], names: ['modelpier-ledger-mnist'] },
  { resources: ['leases.coordination.k8s.io'], names: ['modelpier-mnist'] },
  {
    resources: ['secrets'],
    names: Array.from({ length: 11 }, (_, slot) => `modelpier-release-mnist-${slot}`),
  },
].map(rule => ({ ...rule, namespace: 'apps', verbs: ['get', 'create', 'patch'] }));

export interface LedgerStage {
  readonly server: KubernetesServer;
  readonly place: LedgerPlace;
  readonly cluster: ClusterClient;
}

/** Runs with a fresh server and an identity that has the rights to the ledger of `mnist` alone. */
export async function withLedger(play: (stage: LedgerStage) => Promise<void>): Promise<void> {
  const server = await startKubernetes({ access: { token: { name: 'ada', rules: RULES } } });
  const cluster = createCluster({ server: server.url, token: 'token', namespace: 'apps' });
  try {
    await play({ server, cluster, place: { cluster, namespace: 'apps', model: 'mnist' } });
  } finally {
    cluster.close();
    await server.close();
  }
}
