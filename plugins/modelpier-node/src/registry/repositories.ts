import { list, object, optional, text } from '@modelpier/backstage-plugin-modelpier-common';
import { readPages } from './pages';
import type { RepositoryLister } from './ports';
import { CATALOG_SCOPE } from './scope';
import type { Session } from './session';

/** What distribution answers by itself; some of its versions refuse more than they are set up for. */
const REPOSITORIES_PER_PAGE = 100;

const catalogPage = object({ repositories: optional(list(text)) });

/** `GET /v2/_catalog` (distribution, "Listing Repositories"); large public registries have none. */
export const createRepositoryLister = (session: Session): RepositoryLister => ({
  listRepositories: async function* (registry, { signal } = {}) {
    const url = new URL('/v2/_catalog', session.endpoints.baseUrl(registry));
    url.searchParams.set('n', String(REPOSITORIES_PER_PAGE));
    const paging = {
      url,
      repository: { registry, path: '_catalog' },
      scopes: [CATALOG_SCOPE],
      what: 'the list of repositories',
      page: catalogPage,
      signal,
    };
    for await (const { repositories } of readPages(session, paging)) yield* repositories ?? [];
  },
});
