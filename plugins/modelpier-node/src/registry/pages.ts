import {
  type Decoder,
  ModelpierError,
  parseWith,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { readCapped } from './body';
import { shownUrl } from './redact';
import { RegistryError } from './registry-error';
import type { Session } from './session';

const MAX_PAGE_BYTES = 4 * 1024 * 1024;

export interface Paging<T> {
  /** Of the first page. */
  readonly url: URL;
  /** Whose registry is asked, with the rights for it. */
  readonly repository: Repository;
  readonly scopes: readonly string[];
  /** `the list of tags`. */
  readonly what: string;
  readonly page: Decoder<T>;
  readonly signal: AbortSignal | undefined;
}

/** Every page of a list, each asked for when it is wanted; the `Link` of one names the next. */
export async function* readPages<T>(session: Session, paging: Paging<T>): AsyncGenerator<T> {
  const visited = new Set<string>();
  let url: URL | undefined = paging.url;
  while (url !== undefined) {
    if (visited.has(url.href))
      throw new RegistryError('upstream', `GET ${shownUrl(url)}: the pages go in a circle`);
    visited.add(url.href);
    const { content, next }: Page<T> = await fetchPage(session, url, paging);
    yield content;
    url = next;
  }
}

interface Page<T> {
  readonly content: T;
  readonly next: URL | undefined;
}

async function fetchPage<T>(
  session: Session,
  url: URL,
  { repository, scopes, what, page, signal }: Paging<T>,
): Promise<Page<T>> {
  return session.repeat(async () => {
    const response = await session.exchange({
      method: 'GET',
      repository,
      url,
      scopes,
      expect: [200],
      signal,
    });
    const body = Buffer.from(await readCapped(response.body, MAX_PAGE_BYTES)).toString('utf8');
    const content = parseWith(page, parseJson(body, url, what), `${what} at ${shownUrl(url)}`);
    return { content, next: nextPage(response.header('link'), url) };
  }, signal);
}

/** `Link: </v2/app/tags/list?n=1000&last=v9>; rel="next"` (RFC 8288). Only ever on the same host. */
export function nextPage(link: string | undefined, from: URL): URL | undefined {
  const target = /<([^>]*)>\s*;[^,]*\brel\s*=\s*"?next"?/i.exec(link ?? '')?.[1];
  if (target === undefined) return undefined;
  const next = URL.canParse(target, from.href) ? new URL(target, from) : undefined;
  if (next?.origin === from.origin) return next;
  throw new ModelpierError('forbidden', `GET ${shownUrl(from)}: the next page is on another host`, {
    hint: "check the registry's external URL",
  });
}

function parseJson(body: string, url: URL, what: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new ModelpierError('invalid-document', `GET ${shownUrl(url)}: ${what} is not JSON`, { cause });
  }
}
