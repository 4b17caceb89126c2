import { count, object, optional, parseWith, text } from '@modelpier/backstage-plugin-modelpier-common';
import { discard, readCapped } from './body';
import type { Challenge } from './challenge';
import { basicHeader, type Credential } from './credential';
import { scopesOfToken } from './scope';
import { secretsOf, shownUrl } from './redact';
import { answeredError, connectionError, RegistryError } from './registry-error';
import type { HttpRequest, Transport } from './transport';

export interface Token {
  readonly value: string;
  readonly expiresAtMs: number;
  /** What it gives, where it can be read. */
  readonly scopes: readonly string[] | undefined;
}

export interface TokenRequest {
  readonly realm: URL;
  readonly service: string | undefined;
  /** `repository:acme/mnist-mlp:pull,push`, each on its own. */
  readonly scopes: readonly string[];
  readonly credential: Credential | undefined;
}

export type BearerChallenge = Extract<Challenge, { scheme: 'bearer' }>;

/** What a token without `expires_in` is good for (distribution, "Token Authentication Specification"). */
const DEFAULT_LIFETIME_S = 60;
const MAX_TOKEN_BYTES = 1024 * 1024;
const CLIENT_ID = 'modelpier';

const tokenAnswer = object({
  token: optional(text),
  access_token: optional(text),
  expires_in: optional(count),
});

/** Asks the token server that a registry named for the right to do `scopes`. */
export async function fetchToken(
  transport: Transport,
  request: TokenRequest,
  now: () => number,
): Promise<Token> {
  const message = request.credential?.kind === 'identity-token' ? refresh(request) : ask(request);
  const act = `${message.method} ${shownUrl(request.realm)}`;
  const askedAtMs = now();
  try {
    const response = await transport(message);
    if (response.status !== 200) {
      const hasCredential = request.credential !== undefined;
      throw await answeredError(act, response, {
        hasCredential,
        nowMs: askedAtMs,
        sent: secretsSent(request.credential),
      });
    }
    if (!(response.header('content-type') ?? 'application/json').includes('json')) {
      await discard(response.body);
      throw new RegistryError('upstream', `${act}: the answer is not JSON`);
    }
    const body = Buffer.from(await readCapped(response.body, MAX_TOKEN_BYTES)).toString('utf8');
    return parseToken(body, act, askedAtMs);
  } catch (error) {
    throw connectionError(act, error);
  }
}

function secretsSent(credential: TokenRequest['credential']): readonly string[] {
  if (credential === undefined) return [];
  if (credential.kind !== 'basic') return [credential.token];
  return secretsOf(basicHeader(credential.username, credential.password));
}

function parseToken(body: string, act: string, askedAtMs: number): Token {
  const answer = parseWith(tokenAnswer, parseJson(body, act), `the token of ${act}`);
  const value = answer.token ?? answer.access_token;
  if (value === undefined || !/^[\x21-\x7e]+$/.test(value)) {
    throw new RegistryError('upstream', `${act}: the answer has no token`);
  }
  const lifetimeMs = (answer.expires_in ?? DEFAULT_LIFETIME_S) * 1000;
  return { value, expiresAtMs: askedAtMs + lifetimeMs, scopes: scopesOfToken(value) };
}

/** No cause: the text of a JSON error quotes what was read, and that may be a token. */
function parseJson(body: string, act: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new RegistryError('upstream', `${act}: the answer is not JSON`);
  }
}

function ask({ realm, service, scopes, credential }: TokenRequest): HttpRequest {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const headers =
    credential?.kind === 'basic'
      ? { authorization: basicHeader(credential.username, credential.password) }
      : undefined;
  return { method: 'GET', url, headers };
}

/** OAuth 2 refresh token grant (distribution, "OAuth2 Token Authentication"). */
function refresh({ realm, service, scopes, credential }: TokenRequest): HttpRequest {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    service: service ?? '',
    client_id: CLIENT_ID,
    scope: scopes.join(' '),
    refresh_token: credential?.kind === 'identity-token' ? credential.token : '',
  });
  return {
    method: 'POST',
    url: realm,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(form.toString()),
  };
}
