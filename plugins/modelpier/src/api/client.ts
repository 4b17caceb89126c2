import { type DiscoveryApi, type FetchApi } from '@backstage/frontend-plugin-api';
import {
  allocationAnswer,
  type Decoder,
  deploymentsAnswer,
  type EntityRef,
  historyAnswer,
  modelAnswer,
  ModelpierError,
  parseWith,
  releasesPage,
  reuseAnswer,
  routes,
  versionDetail,
  versionDiff,
  versionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import { type AskOptions, type ModelpierApi, type PageOptions } from './modelpier-api';
import { problemError } from './problem-error';

/** Longer than the backend's own limits: it reads its database only, so this is a broken connection. */
const REQUEST_LIMIT_MS = 15_000;

interface ClientPorts {
  readonly discovery: DiscoveryApi;
  readonly fetch: FetchApi;
}

/** Asks the backend over the app's own fetch, which carries the user's token, and parses every answer. */
export function createModelpierClient({ discovery, fetch }: ClientPorts): ModelpierApi {
  const send = async (method: 'GET' | 'POST', path: string, { signal }: AskOptions): Promise<Response> => {
    const base = await discovery.getBaseUrl('modelpier');
    const limit = AbortSignal.timeout(REQUEST_LIMIT_MS);
    let response: Response;
    try {
      response = await fetch.fetch(`${base}${path}`, {
        method,
        headers: { accept: 'application/json' },
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

  const read = async <T>(path: string, decoder: Decoder<T>, options: AskOptions): Promise<T> => {
    const response = await send('GET', path, options);
    let body: unknown;
    try {
      body = await response.json();
    } catch (cause) {
      options.signal.throwIfAborted();
      throw new ModelpierError('invalid-document', `GET ${path}: the answer is not JSON`, {
        hint: 'Check that `backend.baseUrl` points at the Backstage backend and not at another server.',
        cause,
      });
    }
    return parseWith(decoder, body, `GET ${path}: the answer`);
  };

  const readPage = <T>(path: string, decoder: Decoder<T>, { cursor, signal }: PageOptions): Promise<T> => {
    const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    return read(`${path}${query}`, decoder, { signal });
  };

  return {
    readModel: (entity, options) => read(routes.model(entity), modelAnswer, options),
    readVersions: (entity, options) => readPage(routes.versions(entity), versionsPage, options),
    readVersion: (entity, digest, options) => read(routes.version(entity, digest), versionDetail, options),
    readDiff: (entity, before, after, options) =>
      read(routes.diff(entity, before, after), versionDiff, options),
    readDeployments: (entity, options) => read(routes.deployments(entity), deploymentsAnswer, options),
    readReleases: (entity, options) => readPage(routes.releases(entity), releasesPage, options),
    readHistory: (entity, range, options) =>
      read(`${routes.history(entity)}?range=${range}`, historyAnswer, options),
    readAllocation: (entity, options) => read(routes.allocation(entity), allocationAnswer, options),
    readReuse: (entity, options) => read(routes.reuse(entity), reuseAnswer, options),
    refresh: async (entity: EntityRef, options: AskOptions) => {
      await send('POST', routes.refresh(entity), options);
    },
  };
}
