import { DOCKER_HUB } from '@modelpier/backstage-plugin-modelpier-common';
import {
  anonymous,
  type ClusterClient,
  type ClusterConfig,
  createRegistry,
  credentialFor,
  openConfiguredCluster,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { RegistryConfig } from '../config/portal-config';

/** A source that does not answer within this is told as such; the next collection asks again. */
const CONNECT_MS = 3_000;
const ANSWER_MS = 10_000;
/** Background reading can wait for its next turn: more tries would only hold up the others. */
const ATTEMPTS = 2;

/** Token services that are not on the registry's own host. */
const KNOWN_REALMS: Readonly<Record<string, readonly string[]>> = {
  [DOCKER_HUB]: ['auth.docker.io'],
  'registry.gitlab.com': ['gitlab.com'],
};

export function openRegistry({ host, username, password, insecure, tokenRealms }: RegistryConfig) {
  const hasLogin = username !== undefined && password !== undefined;
  return createRegistry({
    credentials: hasLogin ? credentialFor(host, { kind: 'basic', username, password }) : anonymous,
    insecureRegistries: insecure === true ? [host] : [],
    allowedRealms: [host, ...(tokenRealms ?? KNOWN_REALMS[host] ?? [])],
    timeouts: { connectMs: CONNECT_MS, answerMs: ANSWER_MS, idleMs: ANSWER_MS },
    userAgent: 'modelpier-portal',
  });
}

export const openCluster = (config: ClusterConfig): Promise<ClusterClient> =>
  openConfiguredCluster(config, {
    timeouts: { connectMs: CONNECT_MS, requestMs: ANSWER_MS },
    attempts: ATTEMPTS,
  });
