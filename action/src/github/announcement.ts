import type { RunContext } from './context';
import {
  type DeploymentsPort,
  type DeploymentState,
  type DeploymentTarget,
  openDeployment,
  type OrWarning,
  setDeploymentState,
} from './deployments';

export interface AnnouncementOptions {
  readonly github: DeploymentsPort;
  readonly target: DeploymentTarget;
  readonly logUrl: string | undefined;
  readonly environmentUrl: string | undefined;
  /** GitHub's bookkeeping never fails a release; what went wrong is told here. */
  readonly onWarning: (warning: string) => void;
  /** Called before the first status is set, so that the post step can end what a killed step began. */
  readonly onBegun: (id: number) => void;
}

/** The GitHub Deployment of one release, from "in progress" to its end. */
export class Announcement {
  readonly #options: AnnouncementOptions;
  #id: number | undefined;

  constructor(options: AnnouncementOptions) {
    this.#options = options;
  }

  /** Goes on with a deployment that the step began before. */
  resume(id: number): this {
    this.#id = id;
    return this;
  }

  get id(): number | undefined {
    return this.#id;
  }

  async begin(description: string): Promise<void> {
    this.#id = this.#take(await openDeployment(this.#options.github, this.#options.target));
    if (this.#id !== undefined) this.#options.onBegun(this.#id);
    await this.#set('in_progress', description);
  }

  async end(state: 'success' | 'failure' | 'error', description: string): Promise<void> {
    await this.#set(state, description);
  }

  async #set(state: DeploymentState, description: string): Promise<void> {
    if (this.#id === undefined) return;
    const { github, target, logUrl, environmentUrl } = this.#options;
    const deployment = { owner: target.owner, repo: target.repo, id: this.#id };
    this.#take(await setDeploymentState(github, deployment, state, { logUrl, environmentUrl, description }));
  }

  #take<T>(outcome: OrWarning<T>): T | undefined {
    if ('value' in outcome) return outcome.value;
    this.#options.onWarning(outcome.warning);
    return undefined;
  }
}

/** Where on GitHub a release is announced; nowhere without an environment, a repository and a commit. */
export function announcementTarget(
  { repository, commit }: RunContext,
  environment: string | undefined,
): DeploymentTarget | undefined {
  const [owner, repo] = repository?.split('/') ?? [];
  if (owner === undefined || repo === undefined || commit === undefined || environment === undefined)
    return undefined;
  return { owner, repo, ref: commit, environment };
}
