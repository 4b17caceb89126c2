import { Agent, type Dispatcher, EnvHttpProxyAgent, request as send } from 'undici';
import type { Readable } from 'node:stream';
import type { Proxy } from './proxy';

/** One exchange on the wire: no redirect, no credential, no second try. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: RequestBody | undefined;
  /** How long the registry may think before it answers, once it has the whole request. */
  readonly answerTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes, or an iterable that is asked for a chunk only when the one before has left this process. */
export type RequestBody = Uint8Array | AsyncIterable<Uint8Array>;

/** Whoever gets a response reads its body to the end or destroys it; else the connection is lost. */
export interface HttpResponse {
  readonly url: URL;
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: Readable;
}

export interface Timeouts {
  readonly connectMs: number;
  /** Until the answer begins. */
  readonly answerMs: number;
  /** Between two pieces of an answer's body. */
  readonly idleMs: number;
  /**
   * Until the answer to an upload: registries on object stores copy the blob then. Also how long a
   * registry may stop reading in the middle of one.
   */
  readonly commitMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 10_000,
  answerMs: 60_000,
  idleMs: 60_000,
  commitMs: 300_000,
};

export function createTransport(options: {
  readonly userAgent: string;
  readonly timeouts: Timeouts;
  readonly proxy?: Proxy | undefined;
}): { readonly transport: Transport; readonly close: () => Promise<void> } {
  const { userAgent, timeouts } = options;
  const dispatcher = createDispatcher(timeouts, options.proxy);
  const transport: Transport = async ({ method, url, headers, body, answerTimeoutMs, signal }) => {
    const answer = await send(url, {
      dispatcher,
      method,
      headers: { 'user-agent': userAgent, ...headers },
      headersTimeout: answerTimeoutMs ?? timeouts.answerMs,
      // Iterables are documented (Dispatcher.md, "body"), but missing from the types.
      ...(body !== undefined && { body: body as Uint8Array }),
      ...(signal !== undefined && { signal }),
    });
    return {
      url,
      status: answer.statusCode,
      header: name => {
        const value = answer.headers[name];
        return Array.isArray(value) ? value.join(', ') : value;
      },
      body: answer.body,
    };
  };
  return { transport, close: () => dispatcher.destroy() };
}

function createDispatcher(timeouts: Timeouts, proxy: Proxy | undefined): Dispatcher {
  const connection = {
    connect: { timeout: timeouts.connectMs },
    bodyTimeout: timeouts.idleMs,
    // One request at a time on a connection, HTTP/1.1: a large upload must not hold up a small request.
    pipelining: 1,
  };
  if (proxy?.http === undefined && proxy?.https === undefined) return new Agent(connection);
  return new EnvHttpProxyAgent({
    ...connection,
    // An empty string, not undefined: undici would read the environment itself.
    httpProxy: proxy.http ?? '',
    httpsProxy: proxy.https ?? '',
    noProxy: [proxy.except, 'localhost', '127.0.0.1', '::1'].filter(Boolean).join(','),
  });
}
