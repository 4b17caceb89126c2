import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Status {
  readonly state: string;
  readonly description: string;
  readonly log_url?: string;
  readonly environment_url?: string;
}

interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  readonly statuses: Status[];
}

type Answer = readonly [status: number, body: unknown];
const NOT_FOUND: Answer = [404, { message: 'Not Found' }];

export interface GithubServer {
  readonly url: string;
  readonly deployments: readonly Deployment[];
  /** Answers every request with this status, as a token without the permission would get. */
  deny(status: number | undefined): void;
  close(): Promise<void>;
}

/** The part of GitHub's REST API that the action uses: Deployments and their statuses. */
export async function startGithub({ token }: { token: string }): Promise<GithubServer> {
  const deployments: Deployment[] = [];
  let denied: number | undefined;

  const route = (request: IncomingMessage, body: Record<string, unknown>): Answer => {
    if (request.headers.authorization !== `token ${token}`) return [401, { message: 'Bad credentials' }];
    if (denied !== undefined) return [denied, { message: 'Resource not accessible by integration' }];
    const url = new URL(request.url ?? '/', 'http://github.invalid');
    const match = /^\/repos\/[^/]+\/[^/]+\/deployments(?:\/(\d+)\/statuses)?$/.exec(url.pathname);
    if (match === null) return NOT_FOUND;
    if (match[1] !== undefined) return addStatus(Number(match[1]), body);
    return request.method === 'GET' ? [200, findDeployments(url.searchParams)] : [201, addDeployment(body)];
  };

  const addStatus = (deploymentId: number, status: Record<string, unknown>): Answer => {
    const deployment = deployments.find(({ id }) => id === deploymentId);
    if (deployment === undefined) return NOT_FOUND;
    deployment.statuses.push(status as unknown as Status);
    return [201, { id: deployment.statuses.length, ...status }];
  };

  /** Newest first, as GitHub answers. */
  const findDeployments = (query: URLSearchParams): readonly Deployment[] =>
    deployments
      .filter(({ sha, environment }) => sha === query.get('sha') && environment === query.get('environment'))
      .reverse();

  const addDeployment = ({ ref, environment }: Record<string, unknown>): Deployment => {
    const created = {
      id: deployments.length + 1,
      sha: String(ref),
      environment: String(environment),
      statuses: [],
    };
    deployments.push(created);
    return created;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [status, body] = route(request, await readJson(request));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    deployments,
    deny: status => (denied = status),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
      }),
  };
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
