import { readFile } from 'node:fs/promises';
import { integer, object, optional, parseWith, text } from '@modelpier/backstage-plugin-modelpier-common';

/** What GitHub tells of an event beyond the environment (docs.github.com, "Webhook events and payloads"). */
export interface GithubEvent {
  readonly pullRequest?: string | undefined;
  readonly defaultBranch?: string | undefined;
  readonly releaseTag?: string | undefined;
  /** Anyone may see the repository. */
  readonly isPublic?: boolean | undefined;
}

const payload = object({
  pull_request: optional(object({ number: integer })),
  release: optional(object({ tag_name: text })),
  repository: optional(object({ default_branch: optional(text), visibility: optional(text) })),
});

/** The event of the file at `GITHUB_EVENT_PATH`; an unreadable one tells nothing, for no run needs it. */
export function parseEvent(json: string): GithubEvent {
  try {
    const { pull_request: pull, release, repository } = parseWith(payload, JSON.parse(json), 'event');
    return {
      pullRequest: pull === undefined ? undefined : String(pull.number),
      defaultBranch: repository?.default_branch,
      releaseTag: release?.tag_name,
      isPublic: repository?.visibility === 'public',
    };
  } catch {
    return {};
  }
}

/** The event in the file that GitHub names, if it does. */
export const readEvent = async (path = ''): Promise<GithubEvent> =>
  path === '' ? {} : parseEvent(await readFile(path, 'utf8').catch(() => ''));
