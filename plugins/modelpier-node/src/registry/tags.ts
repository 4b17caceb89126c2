import { list, object, optional, text } from '@modelpier/backstage-plugin-modelpier-common';
import { readPages } from './pages';
import type { TagLister } from './ports';
import { pullScope } from './scope';
import type { Session } from './session';

/** Amazon ECR refuses more. */
const TAGS_PER_PAGE = 1000;

/** Repositories without any tag have `null` here in some registries. */
const tagPage = object({ tags: optional(list(text)) });

export const createTagLister = (session: Session): TagLister => ({
  listTags: async function* (repository, { signal } = {}) {
    const url = session.url(repository, 'tags/list');
    url.searchParams.set('n', String(TAGS_PER_PAGE));
    const scopes = [pullScope(repository)];
    const paging = { url, repository, scopes, what: 'the list of tags', page: tagPage, signal };
    for await (const { tags } of readPages(session, paging)) yield* tags ?? [];
  },
});
