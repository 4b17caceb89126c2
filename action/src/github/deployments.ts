import type { getOctokit } from '@actions/github';

export type DeploymentState = 'in_progress' | 'success' | 'failure' | 'error';

/** What of GitHub's REST API a GitHub Deployment needs. */
export type DeploymentsPort = Pick<
  ReturnType<typeof getOctokit>['rest']['repos'],
  'createDeployment' | 'createDeploymentStatus' | 'listDeployments'
>;

export interface DeploymentTarget {
  readonly owner: string;
  readonly repo: string;
  readonly ref: string;
  readonly environment: string;
}

/** Either a value or, as GitHub's bookkeeping never fails a release, a warning for the log. */
export type OrWarning<T> = { readonly value: T } | { readonly warning: string };

/** The deployment that the job's `environment:` made for this commit, else a new one. */
export async function openDeployment(
  github: DeploymentsPort,
  target: DeploymentTarget,
): Promise<OrWarning<number>> {
  const { owner, repo, ref, environment } = target;
  try {
    const existing = await github.listDeployments({ owner, repo, sha: ref, environment, per_page: 1 });
    const [found] = existing.data;
    if (found !== undefined) return { value: found.id };
    const created = await github.createDeployment({
      owner,
      repo,
      ref,
      environment,
      auto_merge: false,
      required_contexts: [],
      description: 'Released by Modelpier',
    });
    if ('id' in created.data) return { value: created.data.id };
    return {
      warning: `GitHub made no Deployment for ${environment}: ${created.data.message ?? 'no reason given'}`,
    };
  } catch (error) {
    return { warning: explain(`create the GitHub Deployment for ${environment}`, error) };
  }
}

export interface StatusOptions {
  readonly logUrl: string | undefined;
  readonly environmentUrl: string | undefined;
  readonly description: string;
}

/** GitHub cuts longer descriptions with an error. */
const LONGEST_DESCRIPTION = 140;

export async function setDeploymentState(
  github: DeploymentsPort,
  deployment: { owner: string; repo: string; id: number },
  state: DeploymentState,
  { logUrl, environmentUrl, description }: StatusOptions,
): Promise<OrWarning<DeploymentState>> {
  try {
    await github.createDeploymentStatus({
      owner: deployment.owner,
      repo: deployment.repo,
      deployment_id: deployment.id,
      state,
      description: description.slice(0, LONGEST_DESCRIPTION),
      auto_inactive: true,
      ...(logUrl !== undefined && { log_url: logUrl }),
      ...(environmentUrl !== undefined && { environment_url: environmentUrl }),
    });
    return { value: state };
  } catch (error) {
    return { warning: explain(`set the GitHub Deployment to ${state}`, error) };
  }
}

function explain(act: string, error: unknown): string {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  const reason = error instanceof Error ? error.message : String(error);
  if (status === 403 || status === 404) {
    return `could not ${act}: ${reason}; add \`deployments: write\` to the job's permissions or set deployment: none`;
  }
  return `could not ${act}: ${reason}`;
}
