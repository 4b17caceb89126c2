import type { Github } from './connect-github';
import { explainRefusal, refusalOf } from './refusal';

export type DeploymentState = 'in_progress' | 'success' | 'failure' | 'error';

/** What of GitHub's REST API a GitHub Deployment needs. */
export type DeploymentsPort = Pick<
  Github['repos'],
  'createDeployment' | 'createDeploymentStatus' | 'listDeployments' | 'listDeploymentStatuses'
>;

export interface DeploymentTarget {
  readonly owner: string;
  readonly repo: string;
  readonly ref: string;
  readonly environment: string;
  /** The run's page, by which a job's own deployment is known. */
  readonly runUrl: string | undefined;
  /** When the step began: by this and the run the step knows its own deployment again. */
  readonly begunAt: string;
}

/** Either a value or, as GitHub's bookkeeping never fails a release, a warning for the log. */
export type OrWarning<T> = { readonly value: T } | { readonly warning: string };

const ADVICE = { permission: 'deployments: write', otherwise: 'set deployment: none' };

/** Matrix jobs of one run share an environment; more than these do not deploy at once. */
const MOST_LOOKED_AT = 10;

type Listed = Awaited<ReturnType<DeploymentsPort['listDeployments']>>['data'][number];

/** The deployment that this step has made, and may not have heard of, or that of its job, if there is one. */
export async function findDeployment(
  github: DeploymentsPort,
  target: DeploymentTarget,
  { reuse }: { readonly reuse: boolean },
): Promise<OrWarning<number | undefined>> {
  try {
    const own = await findOwn(github, target);
    return { value: own ?? (reuse ? await findOfJob(github, target) : undefined) };
  } catch (error) {
    return { warning: explainRefusal(`find the GitHub Deployment for ${target.environment}`, error, ADVICE) };
  }
}

/** That of the job, unless it is not to be used, else a new one. */
export async function openDeployment(
  github: DeploymentsPort,
  target: DeploymentTarget,
  { reuse }: { readonly reuse: boolean },
): Promise<OrWarning<number>> {
  try {
    const found = reuse ? await findOfJob(github, target) : undefined;
    return { value: found ?? (await create(github, target)) };
  } catch (error) {
    return {
      warning: explainRefusal(`create the GitHub Deployment for ${target.environment}`, error, ADVICE),
    };
  }
}

/**
 * GitHub says nowhere which deployment is a job's. Its statuses link the run, GitHub Actions made it, and it has no
 * payload. Of several, which only a matrix makes, the newest that is still open.
 */
async function findOfJob(github: DeploymentsPort, target: DeploymentTarget): Promise<number | undefined> {
  const { owner, repo, runUrl } = target;
  if (runUrl === undefined) return undefined;
  const candidates = await list(github, target);
  let ended: number | undefined;
  for (const { id } of candidates.filter(each => isOfActions(each) && markOf(each) === undefined)) {
    const { data } = await github.listDeploymentStatuses({ owner, repo, deployment_id: id, per_page: 10 });
    if (!data.some(({ log_url: url }) => url === runUrl || url?.startsWith(`${runUrl}/`) === true)) continue;
    if (isOpen(data[0]?.state)) return id;
    ended ??= id;
  }
  return ended;
}

async function list(
  github: DeploymentsPort,
  { owner, repo, ref, environment }: DeploymentTarget,
): Promise<readonly Listed[]> {
  const query = { owner, repo, sha: ref, environment, task: 'deploy', per_page: MOST_LOOKED_AT };
  return (await github.listDeployments(query)).data;
}

const isOfActions = ({ creator }: Listed): boolean => creator?.login === 'github-actions[bot]';
const isOpen = (state = 'pending'): boolean =>
  ['pending', 'queued', 'in_progress', 'waiting'].includes(state);

/** Creates one; where the answer is lost, what was created is looked for before another is. */
async function create(github: DeploymentsPort, target: DeploymentTarget): Promise<number> {
  try {
    return await createOnce(github, target);
  } catch (error) {
    const { status, isLimit } = refusalOf(error);
    if (isLimit || (status !== undefined && status < 500)) throw error;
    return (await findOwn(github, target)) ?? (await createOnce(github, target));
  }
}

const findOwn = async (github: DeploymentsPort, target: DeploymentTarget): Promise<number | undefined> =>
  (await list(github, target)).find(each => markOf(each) === ownMark(target))?.id;

async function createOnce(github: DeploymentsPort, target: DeploymentTarget): Promise<number> {
  const { owner, repo, ref, environment } = target;
  const { data } = await github.createDeployment({
    owner,
    repo,
    ref,
    environment,
    auto_merge: false,
    required_contexts: [],
    description: 'Released by Modelpier',
    payload: { modelpier: ownMark(target) },
  });
  if ('id' in data) return data.id;
  throw new Error(data.message ?? 'no reason given');
}

const ownMark = ({ runUrl = 'unknown', begunAt }: DeploymentTarget): string => `${runUrl} ${begunAt}`;

/** Which step of Modelpier made it; GitHub answers a payload as text or as the object that was given. */
function markOf({ payload }: Listed): unknown {
  if (typeof payload !== 'string') return payload['modelpier'];
  return /"modelpier":\s*"([^"]*)"/.exec(payload)?.[1];
}

export interface StatusOptions {
  readonly logUrl: string | undefined;
  readonly environmentUrl: string | undefined;
  readonly description: string;
}

/** GitHub refuses longer ones. */
const LONGEST_DESCRIPTION = 140;

export async function setDeploymentState(
  github: DeploymentsPort,
  deployment: { readonly owner: string; readonly repo: string; readonly id: number },
  state: DeploymentState,
  { logUrl, environmentUrl, description }: StatusOptions,
): Promise<OrWarning<DeploymentState>> {
  try {
    await github.createDeploymentStatus({
      owner: deployment.owner,
      repo: deployment.repo,
      deployment_id: deployment.id,
      state,
      description: shorten(description),
      // GitHub ends earlier deployments to the same environment, and no others.
      auto_inactive: state === 'success',
      ...(logUrl !== undefined && { log_url: logUrl }),
      ...(environmentUrl !== undefined && { environment_url: environmentUrl }),
    });
    return { value: state };
  } catch (error) {
    return { warning: explainRefusal(`set the GitHub Deployment to ${state}`, error, ADVICE) };
  }
}

const shorten = (text: string): string =>
  text.length <= LONGEST_DESCRIPTION ? text : `${text.slice(0, LONGEST_DESCRIPTION - 1)}…`;
