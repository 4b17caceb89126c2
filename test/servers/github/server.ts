import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, NOT_FOUND } from './answer';
import { Attestations } from './attestations';
import { Comments } from './comments';
import { type Deployment, Deployments } from './deployments';
import { type Dispatch, Dispatches } from './dispatches';
import { Releases } from './releases';

/** What goes wrong, with which requests, and how often. */
export interface GithubFault {
  readonly method?: string;
  /** Tested against the path. */
  readonly path?: RegExp;
  /** Default: each time. */
  readonly times?: number;
  /** Without it the request is never answered. */
  readonly status?: number;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Does what was asked for, and only then answers the fault. */
  readonly afterwards?: boolean;
}

export interface GithubServer {
  readonly url: string;
  readonly deployments: readonly Deployment[];
  readonly releases: Releases;
  readonly comments: Comments;
  readonly dispatches: readonly Dispatch[];
  /** Bundles. */
  readonly attestations: readonly object[];
  /** `GET /repos/...`, in the order in which they came. */
  readonly requests: readonly string[];
  /** Makes the deployment that GitHub makes for a job with `environment:`. */
  startJob(job: { readonly ref: string; readonly environment: string; readonly run: string }): Deployment;
  plant(fault: GithubFault): void;
  /** Answers every request with this status, as a token without the permission would get. */
  deny(status: number | undefined): void;
  close(): Promise<void>;
}

interface Ask {
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The part of GitHub's REST API that the action uses: Deployments with their statuses, releases and comments. */
export async function startGithub({ token }: { token: string }): Promise<GithubServer> {
  const deployments = new Deployments();
  const releases = new Releases();
  const comments = new Comments();
  const dispatches = new Dispatches();
  const attestations = new Attestations();
  const requests: string[] = [];
  const faults: { fault: GithubFault; left: number }[] = [];

  const routes: readonly (readonly [at: RegExp, answer: (id: string, ask: Ask) => Answer])[] = [
    [/^GET \/deployments$/, (_, { query }) => deployments.list(query)],
    [/^POST \/deployments$/, (_, { body }) => deployments.create(body)],
    [/^GET \/deployments\/(\d+)\/statuses$/, id => deployments.listStatuses(Number(id))],
    [/^POST \/deployments\/(\d+)\/statuses$/, (id, { body }) => deployments.addStatus(Number(id), body)],
    [/^GET \/releases\/tags\/(.+)$/, tag => releases.byTag(decodeURIComponent(tag))],
    [/^PATCH \/releases\/(\d+)$/, (id, { body }) => releases.update(Number(id), body)],
    [/^GET \/issues\/(\d+)\/comments$/, (issue, { query }) => comments.list(Number(issue), query)],
    [/^POST \/issues\/(\d+)\/comments$/, (issue, { body }) => comments.create(Number(issue), body)],
    [
      /^POST \/actions\/workflows\/([^/]+)\/dispatches$/,
      (workflow, { body }) => dispatches.create(workflow, body),
    ],
    [/^POST \/attestations$/, (_, { body }) => attestations.create(body)],
    [/^PATCH \/issues\/comments\/(\d+)$/, (id, { body }) => comments.update(Number(id), body)],
  ];
  const route = (method: string, url: URL, body: Ask['body']): Answer => {
    const asked = `${method} ${url.pathname.replace(/^\/repos\/[^/]+\/[^/]+/, '')}`;
    for (const [at, answer] of routes) {
      const match = at.exec(asked);
      if (match !== null) return answer(match[1] ?? '', { query: url.searchParams, body });
    }
    return NOT_FOUND;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET' } = request;
    const url = new URL(request.url ?? '/', 'http://github.invalid');
    requests.push(`${method} ${url.pathname}`);
    const body = await readJson(request);
    const planted = faults.find(
      ({ fault, left }) =>
        left > 0 && (fault.method ?? method) === method && (fault.path ?? /./).test(url.pathname),
    );
    if (planted !== undefined) planted.left -= 1;
    if (planted?.fault.afterwards === true) route(method, url, body);
    if (planted !== undefined && planted.fault.status === undefined) return;
    send(
      response,
      planted === undefined ? authorized(request, () => route(method, url, body)) : refusal(planted.fault),
    );
  };

  const authorized = ({ headers }: IncomingMessage, answer: () => Answer): Answer =>
    [`token ${token}`, `Bearer ${token}`].includes(headers.authorization ?? '')
      ? answer()
      : [401, { message: 'Bad credentials' }];

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const plant = (fault: GithubFault): void => {
    faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  };
  return {
    url: `http://127.0.0.1:${port}`,
    deployments: deployments.all,
    releases,
    comments,
    dispatches: dispatches.all,
    attestations: attestations.all,
    requests,
    startJob: job => deployments.ofJob(job),
    plant,
    deny: status => {
      faults.length = 0;
      if (status !== undefined) plant({ status, message: 'Resource not accessible by integration' });
    },
    close: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}

const refusal = ({ status = 500, message = 'Server Error', headers = {} }: GithubFault): Answer => [
  status,
  { message },
  headers,
];

function send(response: ServerResponse, [status, body, headers = {}]: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
