import { type DiscoveryApi, type FetchApi } from '@backstage/frontend-plugin-api';
import { type Decoder, ModelpierError, parseWith } from '@modelpier/backstage-plugin-modelpier-common';
import { problemError } from './problem-error';

/** Longer than the backend's own limits: it reads its database only, so this is a broken connection. */
const REQUEST_LIMIT_MS = 15_000;

export interface ConnectionPorts {
  readonly discovery: DiscoveryApi;
  readonly fetch: FetchApi;
}

interface SendOptions {
  readonly signal: AbortSignal;
  /** Sent as JSON. */
  readonly body?: object;
}

/** The backend, by paths below its own. */
export interface Connection {
  readonly send: (method: 'GET' | 'POST', path: string, options: SendOptions) => Promise<Response>;
  /** As `send`, with the answer parsed. */
  readonly ask: <T>(
    method: 'GET' | 'POST',
    path: string,
    options: SendOptions & { readonly decoder: Decoder<T> },
  ) => Promise<T>;
}

/** Over the app's own fetch, which carries the user's token. */
export function createConnection({ discovery, fetch }: ConnectionPorts): Connection {
  const send: Connection['send'] = async (method, path, { signal, body }) => {
    const base = await discovery.getBaseUrl('modelpier');
    const limit = AbortSignal.timeout(REQUEST_LIMIT_MS);
    let response: Response;
    try {
      response = await fetch.fetch(`${base}${path}`, {
        method,
        headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.any([signal, limit]),
      });
    } catch (cause) {
      signal.throwIfAborted();
      const [code, reason] = limit.aborted
        ? (['timeout', `no answer within ${REQUEST_LIMIT_MS / 1000} s`] as const)
        : (['unreachable', 'the backend cannot be reached'] as const);
      throw new ModelpierError(code, `${method} ${path}: ${reason}`, {
        hint: 'Check your connection, then refresh.',
        cause,
      });
    }
    if (!response.ok) throw await problemError(`${method} ${path}`, response);
    return response;
  };

  return {
    send,
    ask: async (method, path, { decoder, ...options }) => {
      const response = await send(method, path, options);
      const body = await readJson(`${method} ${path}`, response, options.signal);
      return parseWith(decoder, body, `${method} ${path}: the answer`);
    },
  };
}

async function readJson(act: string, response: Response, signal: AbortSignal): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    signal.throwIfAborted();
    throw new ModelpierError('invalid-document', `${act}: the answer is not JSON`, {
      hint: 'Check that `backend.baseUrl` points at the Backstage backend and not at another server.',
      cause,
    });
  }
}
