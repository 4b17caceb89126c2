import type { Github } from './connect-github';
import type { OrWarning } from './deployments';
import { explainRefusal, refusalOf } from './refusal';

/** What of GitHub's REST API release notes need. */
export type ReleasesPort = Pick<Github['repos'], 'getReleaseByTag' | 'updateRelease'>;

export interface ReleaseNotes {
  readonly owner: string;
  readonly repo: string;
  readonly tag: string;
  /** Whose part of the notes it is; a repository may release several models under one tag. */
  readonly model: string;
  readonly markdown: string;
}

const ADVICE = { permission: 'contents: write', otherwise: 'set release-notes: false' };

/** Writes the model's part of the release's notes; answers the release's address, or nothing where the tag has none. */
export async function writeReleaseNotes(
  github: ReleasesPort,
  { owner, repo, tag, model, markdown }: ReleaseNotes,
): Promise<OrWarning<string | undefined>> {
  try {
    const { data } = await github.getReleaseByTag({ owner, repo, tag });
    const body = withNotes(data.body ?? '', model, markdown);
    if (body !== data.body) await github.updateRelease({ owner, repo, release_id: data.id, body });
    return { value: data.html_url };
  } catch (error) {
    const { status } = refusalOf(error);
    // Reading needs no more than any token has: there is no release of this tag.
    if (status === 404 && isReading(error)) return { value: undefined };
    return { warning: explainRefusal(`write the notes of release ${tag}`, error, ADVICE) };
  }
}

const isReading = (error: unknown): boolean =>
  (error as { request?: { method?: string } }).request?.method === 'GET';

/** The text with the model's part in it: in place of its earlier one, else at the end. All else is the author's. */
export function withNotes(text: string, model: string, markdown: string): string {
  const [start, end] = [`<!-- modelpier:${model} -->`, `<!-- /modelpier:${model} -->`];
  const part = `${start}\n${markdown.trim()}\n${end}`;
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from >= 0 && to >= 0) return text.slice(0, from) + part + text.slice(to + end.length);
  return text.trim() === '' ? part : `${text.trimEnd()}\n\n${part}`;
}
