import type { RunContext } from './context';
import {
  type DeploymentsPort,
  type DeploymentState,
  type DeploymentTarget,
  findDeployment,
  openDeployment,
  type OrWarning,
  setDeploymentState,
} from './deployments';

export interface AnnouncementOptions {
  readonly github: DeploymentsPort;
  readonly target: DeploymentTarget;
  /** Take the deployment that the job's `environment:` made, rather than making one. */
  readonly reuse: boolean;
  readonly environmentUrl: string | undefined;
  /** GitHub's bookkeeping never fails a release; what went wrong is told here, once. */
  readonly onWarning: (warning: string) => void;
  /** Called before the first status is set, so that the post step can end what a killed step began. */
  readonly onBegun: (id: number) => void;
}

/** The GitHub Deployment of one release, from "in progress" to its end. */
export class Announcement {
  readonly #options: AnnouncementOptions;
  #id: number | undefined;
  #hasWarned = false;

  constructor(options: AnnouncementOptions) {
    this.#options = options;
  }

  /** Goes on with a deployment that the step began before. */
  resume(id: number): void {
    this.#id = id;
  }

  get id(): number | undefined {
    return this.#id;
  }

  async begin(description: string): Promise<void> {
    const { github, target, reuse } = this.#options;
    if (this.#id === undefined && !this.#hasWarned) {
      this.#took(this.#take(await openDeployment(github, target, { reuse })));
    }
    await this.#set('in_progress', description);
  }

  /** Says how it ended; false where GitHub does not know it now. */
  async end(state: 'success' | 'failure' | 'error', description: string): Promise<boolean> {
    const { github, target, reuse } = this.#options;
    // A run that failed before it deployed made none, but the job's own should tell why, too; and a run that
    // was killed may have made one that it never heard of.
    if (this.#id === undefined && !this.#hasWarned) {
      this.#took(this.#take(await findDeployment(github, target, { reuse })));
    }
    return this.#set(state, description);
  }

  #took(id: number | undefined): void {
    this.#id = id;
    if (id !== undefined) this.#options.onBegun(id);
  }

  async #set(state: DeploymentState, description: string): Promise<boolean> {
    if (this.#id === undefined) return !this.#hasWarned;
    const { github, target, environmentUrl } = this.#options;
    const deployment = { owner: target.owner, repo: target.repo, id: this.#id };
    const set = await setDeploymentState(github, deployment, state, {
      logUrl: target.runUrl,
      environmentUrl,
      description,
    });
    return this.#take(set) !== undefined;
  }

  #take<T>(outcome: OrWarning<T>): T | undefined {
    if ('value' in outcome) return outcome.value;
    if (!this.#hasWarned) this.#options.onWarning(outcome.warning);
    this.#hasWarned = true;
    return undefined;
  }
}

/** Where on GitHub a release is announced; nowhere without an environment, a repository and a commit. */
export function announcementTarget(
  { repository, commit, runUrl }: RunContext,
  { environment, begunAt }: { readonly environment: string | undefined; readonly begunAt: string },
): DeploymentTarget | undefined {
  const [owner, repo] = repository?.split('/') ?? [];
  if (owner === undefined || repo === undefined || commit === undefined || environment === undefined)
    return undefined;
  return { owner, repo, ref: commit, environment, runUrl, begunAt };
}
