import { DefaultGithubCredentialsProvider, type ScmIntegrations } from '@backstage/integration';
import {
  count,
  hasCode,
  ModelpierError,
  object,
  parseWith,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { WorkflowReference } from '../domain/workflow-reference';

/** Starts a workflow by hand, as somebody would on GitHub. */
export interface WorkflowStarter {
  /** Hosts that an integration names: no other is ever asked. */
  readonly hosts: ReadonlySet<string>;
  start(workflow: WorkflowReference, inputs: Readonly<Record<string, string>>): Promise<StartedRun>;
}

/** The number of the run that was started, where GitHub tells it. */
export interface StartedRun {
  readonly runId: number | undefined;
}

/** Whether nobody knows if the workflow was started after all. */
export const isUncertain = (error: unknown): boolean => hasCode(error, 'timeout', 'unreachable');

interface Ports {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

const UNCERTAIN = 'look at the runs of the workflow before you try again: it may have been started';
/** Somebody waits at the button. */
const LIMIT_MS = 10_000;
const API_VERSION = '2022-11-28';

/** By the credentials of the portal's GitHub integrations, which never leave this file but for GitHub itself. */
export function createWorkflowStarter(integrations: ScmIntegrations, { fetch }: Ports): WorkflowStarter {
  const credentials = DefaultGithubCredentialsProvider.fromIntegrations(integrations);
  return {
    hosts: new Set(integrations.github.list().map(({ config }) => config.host)),
    start: async (workflow, inputs) => {
      const act = `start ${workflow.workflow} of ${workflow.owner}/${workflow.repository}`;
      const api = integrations.github.byHost(workflow.host)?.config.apiBaseUrl;
      if (api === undefined)
        throw new ModelpierError('unsupported', `${act}: ${workflow.host} has no API address`);
      const token = await signIn(act, workflow, url => credentials.getCredentials({ url }));
      const url = dispatchUrl(api, workflow);
      const send = (body: object) => post(act, url, { fetch, token, body });
      const body = { ref: workflow.ref, inputs };
      const first = await send({ ...body, return_run_details: true });
      if (first.status !== NOT_VALID) return await readRun(act, first);
      await first.body?.cancel();
      // Nothing was started: an older server does not know how to tell of the run.
      return await readRun(act, await send(body));
    },
  };
}

const STARTED = 204;
/** Newer servers tell of the run. */
const STARTED_WITH_RUN = 200;
const NOT_VALID = 422;

const runDetails = object({ workflow_run_id: count });

async function readRun(act: string, response: Response): Promise<StartedRun> {
  const { status } = response;
  if (status !== STARTED && status !== STARTED_WITH_RUN) throw await refusal(act, response);
  try {
    const { workflow_run_id: runId } = parseWith(runDetails, await response.json(), 'run');
    return { runId };
  } catch {
    // It was started; that is what matters.
    return { runId: undefined };
  }
}

/** https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event */
function dispatchUrl(api: string, { owner, repository, workflow }: WorkflowReference): string {
  const [own, name, file] = [owner, repository, workflow].map(encodeURIComponent);
  return `${api.replace(/\/$/, '')}/repos/${own}/${name}/actions/workflows/${file}/dispatches`;
}

async function signIn(
  act: string,
  { host, owner, repository }: WorkflowReference,
  ask: (url: string) => Promise<{ readonly token?: string | undefined }>,
): Promise<string> {
  let token: string | undefined;
  try {
    ({ token } = await ask(`https://${host}/${owner}/${repository}`));
  } catch {
    // What an app's sign-in says may hold parts of its key.
    token = undefined;
  }
  if (token !== undefined) return token;
  throw new ModelpierError('unauthorized', `${act}: the portal has no credentials for ${host}/${owner}`, {
    hint: 'give integrations.github a token or an app that is installed there',
  });
}

async function post(
  act: string,
  url: string,
  { fetch, token, body }: Ports & { readonly token: string; readonly body: object },
): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      // The token is for this host alone.
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.github+json',
        'content-type': 'application/json',
        'user-agent': 'modelpier-portal',
        'x-github-api-version': API_VERSION,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
  } catch (cause) {
    const isLate = cause instanceof Error && cause.name === 'TimeoutError';
    throw new ModelpierError(
      isLate ? 'timeout' : 'unreachable',
      isLate ? `${act}: no answer within ${LIMIT_MS / 1000} s` : `${act}: GitHub cannot be reached`,
      { hint: UNCERTAIN, cause },
    );
  }
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'the credentials of integrations.github are not valid any more',
  403: "the integration's credentials need `actions: write` on the repository",
  404: 'the workflow does not exist on that branch, or the credentials do not reach the repository; they need `actions: write`',
  422: 'the workflow needs `on: workflow_dispatch` with the inputs that the portal gives; docs/portal.md names them',
};

async function refusal(act: string, response: Response): Promise<ModelpierError> {
  await response.body?.cancel();
  const { status } = response;
  const isSure = status < 500;
  return new ModelpierError(isSure ? 'upstream' : 'unreachable', `${act}: GitHub answered ${status}`, {
    hint: isSure ? HINTS[status] : UNCERTAIN,
  });
}
