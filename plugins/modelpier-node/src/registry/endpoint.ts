import { DOCKER_HUB, ModelpierError, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { isMetadataHost } from './metadata-host';
import { shownUrl } from './redact';

/** Docker Hub's registry answers under another name than its images bear. */
const DOCKER_HUB_API = 'registry-1.docker.io';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** Decides which hosts are spoken to without TLS. */
export interface Endpoints {
  /** `https://ghcr.io/`; plain HTTP for loopback and for the registries named as insecure. */
  baseUrl(registry: string): URL;
  /** Throws where an address that a registry sent must not be visited from `from`. */
  assertMayVisit(url: URL, from: URL): void;
}

/** Tells the registries that are spoken to in plain HTTP: those of this machine, and those named. */
export function plainRegistries(insecureRegistries: readonly string[]): (registry: string) => boolean {
  const insecure = new Set(insecureRegistries.map(host => host.toLowerCase()));
  return registry => LOOPBACK.test(registry) || insecure.has(registry.toLowerCase());
}

export function createEndpoints(insecureRegistries: readonly string[]): Endpoints {
  const isPlain = plainRegistries(insecureRegistries);
  return {
    baseUrl: registry => {
      const host = registry === DOCKER_HUB ? DOCKER_HUB_API : registry;
      return new URL(`${isPlain(registry) ? 'http' : 'https'}://${host}/`);
    },
    assertMayVisit: (url, from) => {
      if (isMetadataHost(url)) throw pointsToMetadata(url, from);
      if (url.protocol === 'https:') return;
      if (url.protocol === 'http:' && from.protocol === 'http:' && isPlain(url.host)) return;
      throw new ModelpierError('forbidden', `${shownUrl(from)} points to ${url.protocol}//${shownUrl(url)}`, {
        hint: "an address that a registry sends must be https; check the registry's external URL",
      });
    },
  };
}

const pointsToMetadata = (url: URL, from: URL): ModelpierError =>
  new ModelpierError(
    'forbidden',
    `${shownUrl(from)} points to ${shownUrl(url)}, which only the machine itself may ask`,
    {
      hint: 'find out who answers for the registry: no registry is there',
    },
  );

/** The address of a part of a repository: `blobs/sha256:...`, `manifests/v1`, `tags/list`. */
export const repositoryUrl = (endpoints: Endpoints, { registry, path }: Repository, part: string): URL =>
  new URL(`/v2/${path}/${part}`, endpoints.baseUrl(registry));
