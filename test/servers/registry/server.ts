import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, Refusal } from './answer';
import { Auth, type AuthOptions } from './auth';
import { folderBlobStore, memoryBlobStore } from './blob-store';
import type { Exchange, Registry } from './exchange';
import { type Fault, Faults } from './faults';
import type { Profile } from './profile';
import { openRepositories } from './repositories';
import { answer, repositoryOf } from './route';
import { send } from './send';

export interface RegistryServerOptions {
  /** A free one where not given. */
  readonly port?: number;
  /** Keeps everything in this folder; without one, in memory. */
  readonly dataDir?: string;
  readonly auth?: AuthOptions;
  /** Whose registry this one behaves like; its `auth` counts before the one given here. */
  readonly profile?: Profile;
  readonly tagsPerPage?: number;
  readonly now?: () => number;
}

/** A request as it was served. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingMessage['headers'];
  /** Of the request's body, as far as it arrived. */
  receivedBytes: number;
  status: number;
}

export interface RegistryServer {
  /** `127.0.0.1:34567`, as it stands in a reference. */
  readonly host: string;
  readonly url: string;
  /** In the order of arrival; the last 10,000. */
  readonly requests: LoggedRequest[];
  readonly faults: Faults;
  revokeTokens(): void;
  close(): Promise<void>;
}

const MAX_LOGGED = 10_000;

/** Starts an OCI registry (distribution-spec 1.1) in this process. */
export async function startRegistry(options: RegistryServerOptions = {}): Promise<RegistryServer> {
  const { dataDir, profile, tagsPerPage = 1000, now = Date.now } = options;
  const registry: Registry = {
    blobs: dataDir === undefined ? memoryBlobStore() : await folderBlobStore(dataDir),
    repositories: await openRepositories(dataDir),
    uploads: new Map(),
    tagsPerPage,
  };
  const requests: LoggedRequest[] = [];
  const faults = new Faults();
  const guard = profile?.auth ?? options.auth;
  const auth = guard === undefined ? undefined : new Auth(guard, now);
  // An upload takes as long as it takes.
  const server = createServer({ requestTimeout: 0 });
  const host = await listen(server, options.port ?? 0);
  const url = `http://${host}`;
  server.on('request', (request, response) => {
    const logged = log(request, requests);
    const fault = faults.take(logged.method, logged.path);
    serve({ registry, auth, profile, url }, { request, response, logged, fault }).catch(() => {
      response.destroy();
    });
  });
  return {
    host,
    url,
    requests,
    faults,
    revokeTokens: () => auth?.revokeTokens(),
    close: () => close(server, registry),
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(`127.0.0.1:${typeof address === 'object' ? (address?.port ?? port) : port}`);
    });
  });
}

async function close(server: Server, registry: Registry): Promise<void> {
  const closed = new Promise(resolve => server.close(resolve));
  server.closeAllConnections();
  await closed;
  for (const { stored } of registry.uploads.values()) await stored.drop();
}

function log(request: IncomingMessage, requests: LoggedRequest[]): LoggedRequest {
  const url = new URL(request.url ?? '/', 'http://registry');
  const logged = {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.search,
    headers: request.headers,
    receivedBytes: 0,
    status: 0,
  };
  requests.push(logged);
  if (requests.length > MAX_LOGGED) requests.shift();
  return logged;
}

interface Host {
  readonly registry: Registry;
  readonly auth: Auth | undefined;
  readonly profile: Profile | undefined;
  readonly url: string;
}
interface Served {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly logged: LoggedRequest;
  readonly fault: Fault | undefined;
}

async function serve(host: Host, served: Served): Promise<void> {
  const { response, logged, fault } = served;
  if (fault?.kind === 'slow') await sleep(fault.delayMs, undefined, { ref: false });
  const said = await decide(host, served).catch((error: unknown) => {
    if (error instanceof Refusal) return error.answer();
    throw error;
  });
  if (fault?.kind === 'lose-answer') {
    response.destroy();
    return;
  }
  logged.status = said.status;
  await send(response, said, { fault, withBody: logged.method !== 'HEAD' });
}

async function decide({ registry, auth, profile, url }: Host, served: Served): Promise<Answer> {
  const { request, logged, fault } = served;
  if (fault?.kind === 'answer') {
    return {
      status: fault.status,
      headers: fault.headers ?? {},
      body: Buffer.from(fault.body ?? ''),
    };
  }
  const body = receive(served);
  const target = new URL(`${logged.path}${logged.query}`, url);
  const { method } = logged;
  const { headers } = request;
  if (auth !== undefined && logged.path === auth.tokenPath)
    return auth.issue({ method, url: target, headers }, body);
  const name = repositoryOf(logged.path);
  const actions = method === 'GET' || method === 'HEAD' ? 'pull' : 'pull,push';
  auth?.assertMay(name === undefined ? undefined : `repository:${name}:${actions}`, headers, url);
  const mayPull = (repository: string) => auth?.hasScope(`repository:${repository}:pull`, headers) ?? true;
  const exchange: Exchange = { registry, method, url: target, headers, body, mayPull };
  return profile === undefined ? answer(exchange) : answerAs(profile, exchange);
}

async function answerAs({ prepare, change }: Profile, exchange: Exchange): Promise<Answer> {
  const usual = async () => answer(prepare?.(exchange) ?? exchange);
  const said = await usual().catch((error: unknown) => {
    if (error instanceof Refusal) return error.answer();
    throw error;
  });
  return change?.(exchange, said) ?? said;
}

async function* receive({ request, logged, fault }: Served): AsyncGenerator<Uint8Array> {
  const limit = fault?.kind === 'cut-request' ? fault.afterBytes : Infinity;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    const taken = chunk.subarray(0, limit - logged.receivedBytes);
    logged.receivedBytes += taken.byteLength;
    yield taken;
    if (logged.receivedBytes >= limit) request.destroy(new Error('connection cut'));
  }
}
