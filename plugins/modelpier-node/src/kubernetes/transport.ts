import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttp, Agent as HttpAgent } from 'node:http';
import { request as requestHttps, Agent as HttpsAgent } from 'node:https';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { secretsOf } from '../registry/redact';
import type { Connection, Credentials } from './connection';
import { asUnreachable } from './unreachable';
import { cancelled } from './wait';

/** Limits of every request; the portal shortens them, as one dead cluster must not hold up the others. */
export interface Timeouts {
  /** Until the connection (with TLS) stands. */
  readonly connectMs: number;
  /** Until the whole answer was read; a watch instead has `watchIdleMs`. */
  readonly requestMs: number;
  /** A watch without any byte for so long is taken for dead. */
  readonly watchIdleMs: number;
}

/** Generous enough for a busy control plane; a watch is closed by the server after 60 s (see watch.ts). */
export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 10_000, requestMs: 60_000, watchIdleMs: 75_000 };

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path below the server's own, every part encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: { readonly type: string; readonly text: string };
  /** What messages call the request: `apply Deployment/apps/x`. */
  readonly act: string;
  readonly signal?: AbortSignal | undefined;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
  /** What the request proved itself by. */
  readonly sent: readonly string[];
  /** Ends the exchange; harmless after its end. */
  close(): void;
}

export interface Transport {
  readonly server: string;
  /** The head of the answer, of any status; the caller reads or closes the body. No redirect is followed. */
  send(request: ApiRequest): Promise<ApiAnswer>;
  close(): void;
}

/** The server pretty-prints for browsers and curl; a plain name of our own gets compact JSON. */
const USER_AGENT = 'modelpier';

/** Requests over `node:https` with kept connections; JSON goes out byte for byte as the caller wrote it. */
export function createTransport(connection: Connection, timeouts: Timeouts): Transport {
  const { server } = connection;
  const agents = keepAgents(server);
  const send = async (request: ApiRequest): Promise<ApiAnswer> => {
    refuseEnded(request);
    const credentials = await connection.credentials(request.signal);
    // An end that came meanwhile is not told again: a watch would stay open until the server closes it.
    refuseEnded(request);
    return await exchange(server, request, { credentials, agents, timeouts });
  };
  return { server: server.host, send, close: () => agents.close() };
}

function refuseEnded({ act, signal }: ApiRequest): void {
  if (signal?.aborted === true) throw cancelled(act, signal);
}

interface Agents {
  for(credentials: Credentials): HttpAgent;
  close(): void;
}

/** One pool per TLS identity: client certificates of exec plugins change when they are renewed. */
function keepAgents(server: URL): Agents {
  const options = { keepAlive: true, keepAliveMsecs: 15_000 };
  let agent: HttpAgent | undefined;
  let identity = '';
  return {
    for({ tls }) {
      const wanted = JSON.stringify([String(tls.cert), String(tls.ca), tls.servername]);
      if (agent === undefined || wanted !== identity) {
        agent?.destroy();
        agent = server.protocol === 'http:' ? new HttpAgent(options) : new HttpsAgent({ ...options, ...tls });
        identity = wanted;
      }
      return agent;
    },
    close: () => agent?.destroy(),
  };
}

interface Means {
  readonly credentials: Credentials;
  readonly agents: Agents;
  readonly timeouts: Timeouts;
}

function exchange(server: URL, request: ApiRequest, means: Means): Promise<ApiAnswer> {
  const { act, signal } = request;
  const { connectMs, requestMs } = means.timeouts;
  return new Promise((resolve, reject) => {
    const sent = begin(server, request, means);
    const stop = (): void => void sent.destroy(cancelled(act, signal));
    let timer = setTimeout(() => sent.destroy(noConnection(act, server.host, connectMs)), connectMs);
    const connected = (): void => {
      clearTimeout(timer);
      if (!sent.destroyed)
        timer = setTimeout(() => sent.destroy(noAnswer(act, server.host, requestMs)), requestMs);
    };
    signal?.addEventListener('abort', stop, { once: true });
    sent.on('socket', socket => {
      if (!socket.connecting) connected();
      else socket.once(server.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
    });
    sent.on('close', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    });
    sent.on('error', error => reject(asUnreachable(error, act, server.host)));
    sent.on('response', body => {
      clearTimeout(timer);
      body.on('error', () => sent.destroy());
      const { statusCode = 0, headers } = body;
      resolve({
        status: statusCode,
        headers,
        body,
        sent: secretsOf(means.credentials.headers['Authorization']),
        close: () => void sent.destroy(),
      });
    });
    sent.end(request.body?.text);
  });
}

function begin(server: URL, request: ApiRequest, { credentials, agents }: Means): ClientRequest {
  const url = new URL(server);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) query.set(name, value);
  }
  url.pathname = `${server.pathname.replace(/\/$/, '')}${request.path}`;
  url.search = query.toString();
  const { body } = request;
  const headers = {
    ...credentials.headers,
    accept: 'application/json, */*',
    'user-agent': USER_AGENT,
    ...(body && { 'content-type': body.type, 'content-length': Buffer.byteLength(body.text) }),
  };
  const agent = credentials.agent ?? agents.for(credentials);
  const options = { method: request.method, headers, agent };
  return server.protocol === 'http:' ? requestHttp(url, options) : requestHttps(url, options);
}

const noConnection = (act: string, host: string, ms: number): ModelpierError =>
  new ModelpierError('timeout', `${act}: no connection to ${host} within ${ms / 1000} s`, {
    hint: 'check that the API server is up and can be reached from here',
    cause: { code: 'ETIMEDOUT' },
  });

export const noAnswer = (act: string, host: string, ms: number): ModelpierError =>
  new ModelpierError('timeout', `${act}: ${host} did not answer within ${ms / 1000} s`);
