import {
  list,
  ModelpierError,
  object,
  optional,
  parseWith,
  type Repository,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import { readCapped } from './body';
import type { TagLister } from './ports';
import { shownUrl } from './redact';
import { RegistryError } from './registry-error';
import { pullScope } from './scope';
import type { Session } from './session';

/** Amazon ECR refuses more. */
const TAGS_PER_PAGE = 1000;
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Repositories without any tag have `null` here in some registries. */
const tagPage = object({ tags: optional(list(text)) });

export const createTagLister = (session: Session): TagLister => ({
  listTags: (repository, { signal } = {}) => listTags(session, repository, signal),
});

async function* listTags(
  session: Session,
  repository: Repository,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const visited = new Set<string>();
  let url: URL | undefined = session.url(repository, 'tags/list');
  url.searchParams.set('n', String(TAGS_PER_PAGE));
  while (url !== undefined) {
    if (visited.has(url.href))
      throw new RegistryError('upstream', `GET ${shownUrl(url)}: the pages go in a circle`);
    visited.add(url.href);
    const page = await fetchPage(session, { repository, url, signal });
    yield* page.tags;
    url = page.next;
  }
}

async function fetchPage(
  session: Session,
  { repository, url, signal }: { repository: Repository; url: URL; signal: AbortSignal | undefined },
): Promise<{ readonly tags: readonly string[]; readonly next: URL | undefined }> {
  return session.repeat(async () => {
    const response = await session.exchange({
      method: 'GET',
      repository,
      url,
      scopes: [pullScope(repository)],
      expect: [200],
      signal,
    });
    const body = Buffer.from(await readCapped(response.body, MAX_PAGE_BYTES)).toString('utf8');
    const { tags } = parseWith(tagPage, parseJson(body, url), `the list of tags at ${shownUrl(url)}`);
    return { tags: tags ?? [], next: nextPage(response.header('link'), url) };
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

function parseJson(body: string, url: URL): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new ModelpierError('invalid-document', `GET ${shownUrl(url)}: the list of tags is not JSON`, {
      cause,
    });
  }
}
