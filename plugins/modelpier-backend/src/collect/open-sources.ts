import {
  type ClusterClient,
  type ClusterConfig,
  openConfiguredCluster,
  openConfiguredRegistry,
  type RegistryConfig,
} from '@modelpier/backstage-plugin-modelpier-node';

/** A source that does not answer within this is told as such; the next collection asks again. */
const CONNECT_MS = 3_000;
const ANSWER_MS = 10_000;
/** Background reading can wait for its next turn: more tries would only hold up the others. */
const ATTEMPTS = 2;

export const openRegistry = (config: RegistryConfig) =>
  openConfiguredRegistry(config, {
    timeouts: { connectMs: CONNECT_MS, answerMs: ANSWER_MS, idleMs: ANSWER_MS },
  });

export const openCluster = (config: ClusterConfig): Promise<ClusterClient> =>
  openConfiguredCluster(config, {
    timeouts: { connectMs: CONNECT_MS, requestMs: ANSWER_MS },
    attempts: ATTEMPTS,
  });
