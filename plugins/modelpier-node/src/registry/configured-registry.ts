import {
  type Decoded,
  type Decoder,
  DOCKER_HUB,
  flag,
  list,
  optional,
  parseRepository,
  refuse,
  secretText,
  strictObject,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, credentialFor } from './credential';
import type { RegistryPorts } from './ports';
import { createRegistry, type RegistryOptions } from './registry';

const registryHost: Decoder<string> = (value, path, faults) => {
  const isHost = typeof value === 'string' && isRegistryHost(value);
  return isHost
    ? value
    : refuse(faults, path, 'expected a registry host such as ghcr.io or registry.example.com:5000');
};

function isRegistryHost(name: string): boolean {
  try {
    return parseRepository(`${name}/path`).registry === name;
  } catch {
    return false;
  }
}

/** An entry of `modelpier.registries` in the configuration of Backstage. */
export const registryConfig = strictObject({
  host: registryHost,
  username: optional(text),
  password: optional(secretText),
  insecure: optional(flag),
  tokenRealms: optional(list(registryHost)),
});
export type RegistryConfig = Decoded<typeof registryConfig>;

/** Token services that are not on the registry's own host. */
const KNOWN_REALMS: Readonly<Record<string, readonly string[]>> = {
  [DOCKER_HUB]: ['auth.docker.io'],
  'registry.gitlab.com': ['gitlab.com'],
};

/** A client for a configured registry; no other host gets its password. */
export function openConfiguredRegistry(
  { host, username, password, insecure, tokenRealms }: RegistryConfig,
  { timeouts }: Pick<RegistryOptions, 'timeouts'>,
): RegistryPorts & { close(): Promise<void> } {
  const hasLogin = username !== undefined && password !== undefined;
  return createRegistry({
    credentials: hasLogin ? credentialFor(host, { kind: 'basic', username, password }) : anonymous,
    insecureRegistries: insecure === true ? [host] : [],
    allowedRealms: [host, ...(tokenRealms ?? KNOWN_REALMS[host] ?? [])],
    timeouts,
    userAgent: 'modelpier-portal',
  });
}
