import { discard } from './body';
import type { Endpoints } from './endpoint';
import { shownUrl } from './redact';
import { RegistryError } from './registry-error';
import type { HttpRequest, HttpResponse, Transport } from './transport';

/** Registry to object store is one; more than a few is a loop. */
const MAX_REDIRECTS = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Follows redirects of GET and HEAD, to addresses that may be visited only.
 * `Authorization` stays behind where the host changes: a signed object store URL is its own proof.
 */
export const followingRedirects =
  (transport: Transport, endpoints: Endpoints): Transport =>
  async request => {
    let current: HttpRequest = request;
    for (let followed = 0; ; followed++) {
      const response = await transport(current);
      if (!isRedirect(current, response)) return response;
      const act = `${current.method} ${shownUrl(current.url)}`;
      await discard(response.body);
      if (followed === MAX_REDIRECTS) throw new RegistryError('upstream', `${act}: too many redirects`);
      current = { ...current, ...target(current, response, endpoints) };
    }
  };

const isRedirect = ({ method }: HttpRequest, { status, header }: HttpResponse): boolean =>
  (method === 'GET' || method === 'HEAD') && REDIRECTS.includes(status) && header('location') !== undefined;

function target(from: HttpRequest, response: HttpResponse, endpoints: Endpoints) {
  const url = resolveLocation(response, `${from.method} ${shownUrl(from.url)}`);
  endpoints.assertMayVisit(url, from.url);
  if (url.origin === from.url.origin) return { url };
  const headers = Object.entries(from.headers ?? {}).filter(
    ([name]) => name.toLowerCase() !== 'authorization',
  );
  return { url, headers: Object.fromEntries(headers) };
}

/** The `Location` of an answer, relative ones included. */
export function resolveLocation(response: HttpResponse, act: string): URL {
  const location = response.header('location');
  if (location === undefined || !URL.canParse(location, response.url.href)) {
    throw new RegistryError('upstream', `${act}: the answer has no valid Location`, {
      status: response.status,
    });
  }
  return new URL(location, response.url);
}
