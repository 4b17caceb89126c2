import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { type Challenge, parseChallenge } from './challenge';
import type { Clock } from './clock';
import { basicHeader, type Credential, type CredentialProvider } from './credential';
import type { Endpoints } from './endpoint';
import { coversScopes } from './scope';
import { type BearerChallenge, fetchToken, type Token } from './token';
import type { Transport } from './transport';

/** Knows for each registry how it wants to be asked, and keeps the tokens it gave. */
export interface Authorizer {
  /** The `Authorization` header as far as is known; `undefined` before the first challenge. */
  header(registry: string, scopes: readonly string[]): Promise<string | undefined>;
  /** Learns from a 401 to a request with the header `refused`; false where there is nothing to learn. */
  learn(registry: string, answer: { challenge: string | undefined; refused: string | undefined }): boolean;
  /** False where the token for the scopes says that it gives less. */
  covers(registry: string, scopes: readonly string[]): Promise<boolean>;
  hasCredential(registry: string): Promise<boolean>;
}

export interface AuthorizerOptions {
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly credentials: CredentialProvider;
  readonly clock: Clock;
  /** Token servers that may be asked besides the registry itself; any where not given. */
  readonly allowedRealms?: readonly string[] | undefined;
}

/** A token this near its end is renewed first: a request takes time to arrive. */
const TOKEN_MARGIN_MS = 10_000;

export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const known = new Map<string, HostAuthorizer>();
  const of = (registry: string): HostAuthorizer => {
    const host = known.get(registry) ?? new HostAuthorizer(registry, options);
    known.set(registry, host);
    return host;
  };
  return {
    header: (registry, scopes) => of(registry).header(scopes),
    learn: (registry, { challenge, refused }) => of(registry).learn(challenge, refused),
    covers: (registry, scopes) => of(registry).covers(scopes),
    // Only for the wording of a hint, so a failing helper does not hide the error that the hint is for.
    hasCredential: registry =>
      of(registry)
        .credential()
        .then(credential => credential !== undefined)
        .catch(() => false),
  };
}

interface GrantedToken {
  /** As asked for: who got less will get less again. */
  readonly scopes: readonly string[];
  readonly token: Promise<Token>;
  /** Once it is there. */
  value?: string;
}

class HostAuthorizer {
  private challenge: Challenge | undefined;
  private granted: readonly GrantedToken[] = [];
  private asked: Promise<Credential | undefined> | undefined;

  constructor(
    private readonly registry: string,
    private readonly options: AuthorizerOptions,
  ) {}

  /** Asked once; asked again only where the asking failed. */
  credential(): Promise<Credential | undefined> {
    this.asked ??= this.options.credentials(this.registry).catch((error: unknown) => {
      this.asked = undefined;
      throw error;
    });
    return this.asked;
  }

  async header(scopes: readonly string[]): Promise<string | undefined> {
    const { challenge } = this;
    if (challenge === undefined) return undefined;
    const credential = await this.credential();
    if (challenge.scheme === 'basic') {
      return credential?.kind === 'basic' ? basicHeader(credential.username, credential.password) : undefined;
    }
    if (credential?.kind === 'bearer') return `Bearer ${credential.token}`;
    return `Bearer ${(await this.token(challenge, credential, scopes)).value}`;
  }

  learn(header: string | undefined, refused: string | undefined): boolean {
    const challenge = header === undefined ? undefined : parseChallenge(header);
    if (challenge === undefined) return false;
    this.challenge = challenge;
    // Only the one that was refused: another request may have renewed it already.
    this.granted = this.granted.filter(({ value }) => `Bearer ${value ?? ''}` !== refused);
    return true;
  }

  async covers(scopes: readonly string[]): Promise<boolean> {
    const { challenge } = this;
    if (challenge?.scheme !== 'bearer') return true;
    const credential = await this.credential();
    if (credential?.kind === 'bearer') return true;
    const { scopes: granted } = await this.token(challenge, credential, scopes);
    return granted === undefined || coversScopes(granted, scopes);
  }

  /** One request per set of scopes, however many ask at once. */
  private async token(
    challenge: BearerChallenge,
    credential: Credential | undefined,
    scopes: readonly string[],
  ): Promise<Token> {
    const now = () => this.options.clock.now();
    for (const entry of this.granted.filter(({ scopes: has }) => coversScopes(has, scopes))) {
      const token = await entry.token;
      if (token.expiresAtMs - TOKEN_MARGIN_MS > now()) return token;
      this.forget(entry);
    }
    const { service } = challenge;
    const realm = this.realm(challenge);
    const token = fetchToken(this.options.transport, { realm, service, scopes, credential }, now);
    const entry: GrantedToken = { scopes, token };
    this.granted = [...this.granted, entry];
    try {
      entry.value = (await token).value;
      return await token;
    } catch (error) {
      this.forget(entry);
      throw error;
    }
  }

  private forget(entry: GrantedToken): void {
    this.granted = this.granted.filter(other => other !== entry);
  }

  /** The token server gets the password, so it must be one that may. */
  private realm({ realm }: BearerChallenge): URL {
    const { endpoints, allowedRealms } = this.options;
    const registryUrl = endpoints.baseUrl(this.registry);
    if (!URL.canParse(realm)) {
      throw new ModelpierError('upstream', `${this.registry} names a token server that is not an address`);
    }
    const url = new URL(realm);
    endpoints.assertMayVisit(url, registryUrl);
    if (allowedRealms === undefined || url.host === registryUrl.host || allowedRealms.includes(url.host)) {
      return url;
    }
    throw new ModelpierError('forbidden', `${this.registry} sends us to the token server ${url.host}`, {
      hint: `allow ${url.host} as a token server of ${this.registry}, if it is`,
    });
  }
}
