import type { GithubEvent } from './event';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What GitHub says of the run (docs.github.com, "Default environment variables"). */
export interface RunContext {
  readonly eventName: string | undefined;
  readonly repository: string | undefined;
  readonly commit: string | undefined;
  /** Short name of the branch or tag; on a pull request its head branch. */
  readonly refName: string | undefined;
  readonly refType: 'branch' | 'tag' | undefined;
  /** The tag of the published release that is run for. */
  readonly releaseTag: string | undefined;
  /** The number of the pull request that is run for. */
  readonly pullRequest: string | undefined;
  /** Known where GitHub's event tells it. */
  readonly defaultBranch: string | undefined;
  /** Anyone may see the repository; not so unless GitHub's event says it. */
  readonly isPublic: boolean;
  readonly actor: string | undefined;
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly runUrl: string | undefined;
  readonly workspace: string;
  readonly temporaryFolder: string;
}

export function readContext(
  environment: Environment,
  folders: { readonly cwd: string; readonly tmp: string },
  event: GithubEvent = {},
): RunContext {
  const given = (name: string): string | undefined => nonEmpty(environment[name]);
  const serverUrl = given('GITHUB_SERVER_URL') ?? 'https://github.com';
  const repository = given('GITHUB_REPOSITORY');
  const refType = given('GITHUB_REF_TYPE');
  return {
    eventName: given('GITHUB_EVENT_NAME'),
    repository,
    commit: given('GITHUB_SHA'),
    refName: given('GITHUB_HEAD_REF') ?? given('GITHUB_REF_NAME'),
    refType: refType === 'branch' || refType === 'tag' ? refType : undefined,
    releaseTag: event.releaseTag,
    pullRequest: pullRequestOf(given('GITHUB_REF')) ?? event.pullRequest,
    defaultBranch: event.defaultBranch,
    isPublic: event.isPublic ?? false,
    actor: given('GITHUB_ACTOR'),
    serverUrl,
    apiUrl: given('GITHUB_API_URL') ?? 'https://api.github.com',
    runUrl: runUrlOf({ serverUrl, repository, runId: given('GITHUB_RUN_ID') }),
    workspace: given('GITHUB_WORKSPACE') ?? folders.cwd,
    temporaryFolder: given('RUNNER_TEMP') ?? folders.tmp,
  };
}

const nonEmpty = (value = ''): string | undefined => (value === '' ? undefined : value);

const runUrlOf = ({
  serverUrl,
  repository,
  runId,
}: Pick<RunContext, 'serverUrl' | 'repository'> & { readonly runId: string | undefined }):
  string | undefined =>
  repository === undefined || runId === undefined
    ? undefined
    : `${serverUrl}/${repository}/actions/runs/${runId}`;

/** `refs/pull/2/merge`. */
const pullRequestOf = (ref = ''): string | undefined => /^refs\/pull\/(\d+)\//.exec(ref)?.[1];

export const isPullRequest = ({ eventName }: RunContext): boolean =>
  eventName === 'pull_request' || eventName === 'pull_request_target' || eventName === 'merge_group';

/** The GitHub release that a run is for, by its tag; a tag may have none. */
export function releaseOf({
  repository,
  releaseTag,
  refType,
  refName,
}: RunContext): { readonly owner: string; readonly repo: string; readonly tag: string } | undefined {
  const [owner, repo] = repository?.split('/') ?? [];
  const tag = releaseTag ?? (refType === 'tag' ? refName : undefined);
  return owner === undefined || repo === undefined || tag === undefined ? undefined : { owner, repo, tag };
}

/** The pull request that a run may comment on. */
export function discussionOf({
  repository,
  pullRequest,
}: RunContext): { readonly owner: string; readonly repo: string; readonly pullRequest: number } | undefined {
  const [owner, repo] = repository?.split('/') ?? [];
  const number = Number(pullRequest);
  return owner === undefined || repo === undefined || !(number > 0)
    ? undefined
    : { owner, repo, pullRequest: number };
}
