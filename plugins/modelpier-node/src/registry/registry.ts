import { createAuthorizer } from './authorizer';
import { createBlobReader } from './blob-reader';
import { createBlobWriter } from './blob-writer';
import type { Clock } from './clock';
import type { CredentialProvider } from './credential';
import { createEndpoints } from './endpoint';
import { createManifests } from './manifests';
import { systemClock } from './node-clock';
import type { RegistryPorts } from './ports';
import type { Proxy } from './proxy';
import { followingRedirects } from './redirect';
import { createReferrers } from './referrers';
import { createRepositoryLister } from './repositories';
import { createSession } from './session';
import { createTagLister } from './tags';
import { type RegistryTraits, traitsOf } from './traits';
import { createTransport, DEFAULT_TIMEOUTS, type Timeouts } from './transport';

export interface RegistryOptions {
  readonly credentials: CredentialProvider;
  /** Hosts, with port, that are spoken to in plain HTTP; loopback always is. */
  readonly insecureRegistries?: readonly string[] | undefined;
  /** Hosts of token servers that may get our credential; any over HTTPS where not given. */
  readonly allowedRealms?: readonly string[] | undefined;
  readonly proxy?: Proxy | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  readonly userAgent?: string | undefined;
  /** What is known of a registry beforehand; by its host where not given. */
  readonly traits?: ((registry: string) => RegistryTraits) | undefined;
  readonly clock?: Clock | undefined;
  /** From 0 up to 1: spreads the tries of many runners that fail at once. */
  readonly random?: (() => number) | undefined;
}

/** A client for every OCI registry; close it to end its connections. */
export function createRegistry(options: RegistryOptions): RegistryPorts & { close(): Promise<void> } {
  const { credentials, allowedRealms, clock = systemClock, random = Math.random } = options;
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const { transport, close } = createTransport({
    userAgent: options.userAgent ?? 'modelpier',
    timeouts,
    proxy: options.proxy,
  });
  const endpoints = createEndpoints(options.insecureRegistries ?? []);
  const authorizer = createAuthorizer({ transport, endpoints, credentials, clock, allowedRealms });
  const session = createSession({
    transport: followingRedirects(transport, endpoints),
    authorizer,
    endpoints,
    policy: { clock, random },
    timeouts,
    traits: options.traits ?? traitsOf,
  });
  return {
    ...createManifests(session),
    ...createBlobReader(session),
    ...createBlobWriter(session),
    ...createTagLister(session),
    ...createRepositoryLister(session),
    ...createReferrers(session),
    close,
  };
}
