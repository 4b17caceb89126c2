import type { Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { once } from 'node:events';
import type { Authorizer } from './authorizer';
import { discard } from './body';
import type { Endpoints } from './endpoint';
import { repositoryUrl } from './endpoint';
import { secretsOf, shownUrl } from './redact';
import { answeredError, connectionError } from './registry-error';
import { retry, type RetryPolicy } from './retry';
import type { RegistryTraits } from './traits';
import type { HttpRequest, HttpResponse, RequestBody, Timeouts, Transport } from './transport';

/** A request to a registry, before it is known how the registry wants to be asked. */
export interface Call {
  readonly method: HttpRequest['method'];
  readonly repository: Repository;
  readonly url: URL;
  readonly scopes: readonly string[];
  /** Any other status is an error. */
  readonly expect: readonly number[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Called again where the request has to be sent again. */
  readonly body?: () => RequestBody;
  readonly answerTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What every part of the client needs: addresses, one authorised exchange, and tries. */
export interface Session {
  readonly endpoints: Endpoints;
  readonly policy: RetryPolicy;
  readonly timeouts: Timeouts;
  /** What is known of the registry beforehand. */
  traits(registry: string): RegistryTraits;
  url(repository: Repository, part: string): URL;
  /** False where it is known beforehand that the scopes are not given. */
  covers(repository: Repository, scopes: readonly string[]): Promise<boolean>;
  /** One exchange, with one renewal of the token on 401. Throws transient errors for `retry`. */
  exchange(call: Call): Promise<HttpResponse>;
  /** Repeats work that is safe to repeat. */
  repeat<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
}

export interface SessionOptions {
  readonly transport: Transport;
  readonly authorizer: Authorizer;
  readonly endpoints: Endpoints;
  readonly policy: RetryPolicy;
  readonly timeouts: Timeouts;
  readonly traits: (registry: string) => RegistryTraits;
}

export function createSession({
  transport,
  authorizer,
  endpoints,
  policy,
  timeouts,
  traits,
}: SessionOptions): Session {
  async function exchange(call: Call): Promise<HttpResponse> {
    const act = actOf(call, endpoints);
    const { registry } = call.repository;
    const isRegistry = call.url.origin === endpoints.baseUrl(registry).origin;
    const authorization = () =>
      isRegistry
        ? untilAborted(authorizer.header(registry, call.scopes), call.signal)
        : Promise.resolve(undefined);
    try {
      call.signal?.throwIfAborted();
      let header = await authorization();
      let response = await transport(messageOf(call, header));
      if (response.status === 401 && isRegistry) {
        const challenge = response.header('www-authenticate');
        const renewed = authorizer.learn(registry, { challenge, refused: header })
          ? await authorization()
          : header;
        // The same again would be refused again.
        if (renewed !== header) {
          await discard(response.body);
          header = renewed;
          response = await transport(messageOf(call, header));
        }
      }
      if (call.expect.includes(response.status)) return response;
      throw await answeredError(act, response, {
        hasCredential: await authorizer.hasCredential(registry),
        nowMs: policy.clock.now(),
        sent: secretsOf(header),
        path: call.repository.path,
        traits: traits(registry),
      });
    } catch (error) {
      throw connectionError(act, error, call.signal);
    }
  }
  return {
    endpoints,
    policy,
    timeouts,
    traits,
    exchange,
    covers: ({ registry }, scopes) => authorizer.covers(registry, scopes),
    url: (repository, part) => repositoryUrl(endpoints, repository, part),
    repeat: (work, signal) => retry(work, policy, signal),
  };
}

/** A token is fetched for whoever needs it, so one who gives up only stops waiting. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const ended = new AbortController();
  const aborted = once(signal, 'abort', { signal: ended.signal }).then(() => {
    throw signal.reason;
  });
  aborted.catch(() => undefined);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    ended.abort();
  }
}

function messageOf(
  { method, url, headers, body, answerTimeoutMs, signal }: Call,
  authorization: string | undefined,
): HttpRequest {
  return {
    method,
    url,
    headers: { ...headers, ...(authorization !== undefined && { authorization }) },
    body: body?.(),
    answerTimeoutMs,
    signal,
  };
}

/** "PUT ghcr.io/o/app/manifests/v1": the registry by the name that the user wrote. */
export function actOf(
  { method, url, repository }: Pick<Call, 'method' | 'url' | 'repository'>,
  endpoints: Endpoints,
): string {
  const isRegistry = url.origin === endpoints.baseUrl(repository.registry).origin;
  if (!isRegistry) return `${method} ${shownUrl(url)}`;
  return `${method} ${repository.registry}${url.pathname.replace(/^\/v2\//, '/')}`;
}
