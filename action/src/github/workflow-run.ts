import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Environment } from './context';

/** Which workflow runs, of which source, and where (docs.github.com, "Default environment variables"). */
export interface WorkflowRun {
  readonly serverUrl: string;
  readonly repository: string;
  /** `acme/mnist-mlp/.github/workflows/release.yml@refs/heads/main`. */
  readonly workflowRef: string;
  readonly ref: string;
  readonly commit: string;
  readonly eventName: string;
  readonly repositoryId: string;
  readonly ownerId: string;
  readonly runId: string;
  readonly attempt: string;
  /** `github-hosted` or `self-hosted`. */
  readonly runner: string;
}

const NAMES: Readonly<Record<keyof WorkflowRun, string>> = {
  serverUrl: 'GITHUB_SERVER_URL',
  repository: 'GITHUB_REPOSITORY',
  workflowRef: 'GITHUB_WORKFLOW_REF',
  ref: 'GITHUB_REF',
  commit: 'GITHUB_SHA',
  eventName: 'GITHUB_EVENT_NAME',
  repositoryId: 'GITHUB_REPOSITORY_ID',
  ownerId: 'GITHUB_REPOSITORY_OWNER_ID',
  runId: 'GITHUB_RUN_ID',
  attempt: 'GITHUB_RUN_ATTEMPT',
  runner: 'RUNNER_ENVIRONMENT',
};

/** Throws where anything is missing: a statement of where an image comes from has no gaps. */
export function readWorkflowRun(environment: Environment): WorkflowRun {
  const missing = Object.values(NAMES).filter(name => (environment[name] ?? '') === '');
  if (missing.length > 0) {
    throw new ModelpierError(
      'invalid-input',
      `provenance: it is not known what builds: ${missing.join(', ')}`,
      {
        hint: 'run it in a GitHub workflow, which sets them, or leave provenance false',
      },
    );
  }
  const read = (name: string): string => environment[name] ?? '';
  return Object.fromEntries(
    Object.entries(NAMES).map(([field, name]) => [field, read(name)]),
  ) as unknown as WorkflowRun;
}
