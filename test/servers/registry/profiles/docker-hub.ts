import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refusal } from '../answer';
import type { Exchange } from '../exchange';
import type { Profile } from '../profile';
import { type RegistryServer, startRegistry } from '../server';

interface DockerHubOptions {
  readonly users: Readonly<Record<string, { readonly password: string }>>;
  /** How many manifests one without a login may get in six hours: 100 at the real one. */
  readonly anonymousPulls?: number;
}

export interface DockerHub extends RegistryServer {
  /** Host and port of `auth.docker.io`. */
  readonly authHost: string;
  /** What the token server was asked, with the `Authorization` it got. */
  readonly tokenRequests: readonly { readonly query: string; readonly authorization: string | undefined }[];
}

/**
 * Docker's own registry, and `auth.docker.io`, which is another host.
 * - Readable tokens; everyone may pull: docs.docker.com/registry/spec/auth/token.
 * - A GET of a manifest is a pull; over the limit 429 `TOOMANYREQUESTS` with a link, and without
 *   `Retry-After`; HEAD counts nothing: docs.docker.com/docker-hub/usage/pulls.
 * - Too many requests of any kind: a bare 429 with `Retry-After`: docker/docs#22916.
 */
export async function startDockerHub(options: DockerHubOptions): Promise<DockerHub> {
  const tokenRequests: DockerHub['tokenRequests'][number][] = [];
  const hub: { url?: string } = {};
  const tokens = createServer((request, response) => {
    const query = request.url?.replace(/^[^?]*/, '') ?? '';
    const { authorization } = request.headers;
    tokenRequests.push({ query, authorization });
    fetch(`${hub.url ?? ''}/token${query}`, authorization === undefined ? {} : { headers: { authorization } })
      .then(async answer => {
        const headers = { 'content-type': 'application/json' };
        response.writeHead(answer.status, headers).end(await answer.text());
      })
      .catch((error: unknown) => response.destroy(error as Error));
  });
  const authHost = await listen(tokens);
  const registry = await startRegistry({ profile: profileOf(options, `http://${authHost}/token`) });
  hub.url = registry.url;
  return { ...registry, authHost, tokenRequests, close: () => close(tokens, registry) };
}

function profileOf({ users, anonymousPulls = 100 }: DockerHubOptions, realm: string): Profile {
  let pulls = 0;
  return {
    auth: { kind: 'bearer', users, anonymousPull: true, readableTokens: true, realm },
    prepare: exchange => {
      if (!isPull(exchange) || !isAnonymous(exchange)) return exchange;
      pulls++;
      if (pulls <= anonymousPulls) return exchange;
      const message =
        'You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit';
      throw new Refusal(429, 'TOOMANYREQUESTS', message, {
        'ratelimit-limit': `${anonymousPulls};w=21600`,
        'ratelimit-remaining': '0;w=21600',
      });
    },
  };
}

const isPull = ({ method, url }: Exchange): boolean =>
  method === 'GET' && url.pathname.includes('/manifests/');

const isAnonymous = ({ headers }: Exchange): boolean => {
  const claims = Buffer.from(headers.authorization?.split('.')[1] ?? '', 'base64url').toString('utf8');
  return !claims.includes('"sub":"user"');
};

async function listen(server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(tokens: Server, registry: RegistryServer): Promise<void> {
  tokens.closeAllConnections();
  await new Promise(resolve => tokens.close(resolve));
  await registry.close();
}
