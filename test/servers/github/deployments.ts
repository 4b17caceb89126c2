import { type Answer, invalid, NOT_FOUND } from './answer';

export interface Status {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly log_url: string;
  readonly target_url: string;
  readonly environment_url: string;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string | null;
  readonly payload: unknown;
  readonly creator: { readonly login: string };
  readonly production_environment: boolean;
  readonly transient_environment: boolean;
  /** Oldest first. */
  readonly statuses: Status[];
}

const STATES = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'];
const BOT = { login: 'github-actions[bot]' };

const isUrl = (text: string): boolean => text === '' || URL.canParse(text);
/** What GitHub refuses with 422. */
const CHECKS: Readonly<Record<string, (text: string) => boolean>> = {
  state: text => STATES.includes(text),
  description: text => text.length <= 140,
  log_url: isUrl,
  environment_url: isUrl,
};

function textOf(body: Readonly<Record<string, unknown>>, field: string): string {
  const value = body[field];
  return typeof value === 'string' ? value : '';
}

/** The Deployments of one repository (docs.github.com/rest/deployments). */
export class Deployments {
  readonly all: Deployment[] = [];

  create(body: Readonly<Record<string, unknown>>): Answer {
    const { ref, environment = 'production', task = 'deploy', payload = {}, description = null } = body;
    if (typeof ref !== 'string' || ref === '') return invalid('Deployment', 'ref', 'missing_field');
    const created = this.#add({ ref, environment, task, payload, description });
    return [201, shown(created)];
  }

  /** What a job's `environment:` makes before its first step: no description, an empty payload. */
  ofJob({ ref, environment, run }: { ref: string; environment: string; run: string }): Deployment {
    const created = this.#add({ ref, environment, task: 'deploy', payload: {}, description: null });
    const body = { state: 'in_progress', log_url: `${run}/job/${created.id}000` };
    this.addStatus(created.id, body);
    return created;
  }

  /** Newest first. */
  list(query: URLSearchParams): Answer {
    const fits = (deployment: Deployment): boolean =>
      (['sha', 'ref', 'task', 'environment'] as const).every(
        field => !query.has(field) || query.get(field) === deployment[field],
      );
    const most = Number(query.get('per_page') ?? 30);
    return [200, this.all.filter(fits).reverse().slice(0, most).map(shown)];
  }

  /** Newest first. */
  listStatuses(id: number): Answer {
    const found = this.#find(id);
    return found === undefined ? NOT_FOUND : [200, [...found.statuses].reverse()];
  }

  addStatus(id: number, body: Readonly<Record<string, unknown>>): Answer {
    const found = this.#find(id);
    if (found === undefined) return NOT_FOUND;
    const wrong = Object.entries(CHECKS).find(([field, isRight]) => !isRight(textOf(body, field)));
    if (wrong !== undefined) return invalid('DeploymentStatus', wrong[0], 'custom');
    if (body['state'] === 'success' && body['auto_inactive'] !== false) this.#deactivateBefore(found);
    return [201, this.#status(found, body)];
  }

  #add(given: Readonly<Record<string, unknown>>): Deployment {
    const environment = String(given['environment']);
    const deployment: Deployment = {
      id: this.all.length + 1,
      sha: String(given['ref']),
      ref: String(given['ref']),
      task: String(given['task']),
      environment,
      description: given['description'] as string | null,
      payload: given['payload'],
      creator: BOT,
      production_environment: environment === 'production',
      transient_environment: false,
      statuses: [],
    };
    this.all.push(deployment);
    return deployment;
  }

  /** "Adds a new inactive status to all prior non-transient, non-production environment deployments". */
  #deactivateBefore({ id, environment }: Deployment): void {
    for (const prior of this.all) {
      const isPrior = prior.id < id && prior.environment === environment && !prior.production_environment;
      if (isPrior && prior.statuses.at(-1)?.state === 'success') this.#status(prior, { state: 'inactive' });
    }
  }

  #status(deployment: Deployment, given: Readonly<Record<string, unknown>>): Status {
    const status = {
      id: deployment.statuses.length + 1,
      state: textOf(given, 'state'),
      description: textOf(given, 'description'),
      log_url: textOf(given, 'log_url'),
      target_url: textOf(given, 'log_url'),
      environment_url: textOf(given, 'environment_url'),
    };
    deployment.statuses.push(status);
    return status;
  }

  readonly #find = (id: number): Deployment | undefined => this.all.find(each => each.id === id);
}

/** Statuses are a resource of their own. */
const shown = (deployment: Deployment): object => ({ ...deployment, statuses: undefined });
