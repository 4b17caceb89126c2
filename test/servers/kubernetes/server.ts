import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Access, authenticate, authorize, isWatch, type User, verbOf } from './api/access';
import { discover } from './api/discovery';
import { beginExchange, type Exchange, sendJson, sendRefusal, sendText } from './api/exchange';
import { listObjects } from './api/list';
import { handleObject } from './api/objects';
import { parseTarget, type Target } from './api/route';
import { type Listen, serveSubresource, type Usage } from './api/subresource';
import { watchObjects } from './api/watch';
import { type ControllerContext, FAST, type Timings } from './controllers/context';
import { ControlPlane } from './controllers/control-plane';
import type { RunContainer } from './controllers/outcome';
import { NAMESPACES, NODES } from './controllers/workload';
import { openApiDocument } from './apply/declared';
import { Faults } from './faults';
import type { StoredObject } from './object';
import { resourceOfKind } from './resources';
import { DEFAULT_NODES, namespaceObject, nodeObject, type NodeShape } from './seed';
import { StateFile } from './state-file';
import { Store } from './store';
import { Writer } from './writer';

export interface KubernetesOptions {
  /** Default 0: any free port of the loopback interface. */
  readonly port?: number;
  /** Default: every container runs and is ready, with an image id made from its reference. */
  readonly runContainer?: RunContainer;
  /** Default: times for tests, in the tens of milliseconds. */
  readonly timings?: Partial<Timings>;
  readonly nodes?: readonly NodeShape[];
  /** Beside `default`; default `apps`. */
  readonly namespaces?: readonly string[];
  /** Without it every token, and none, may do everything. */
  readonly access?: Access;
  /** Kept between starts. */
  readonly stateFile?: string;
  /** What the kubelet's summary answers; without it there is none. */
  readonly usage?: Usage;
  /** What pods answer through `pods/proxy`; without it nothing listens in them. */
  readonly listen?: Listen;
  readonly now?: () => Date;
}

export interface KubernetesServer {
  readonly url: string;
  readonly faults: Faults;
  /** A kubeconfig for this server, with a token and a namespace in its context. */
  kubeconfig(token?: string, namespace?: string): string;
  /** Puts an object there as an administrator would, past all access rules. */
  create(object: object, manager?: string): StoredObject;
  /** Every object of a kind, of all namespaces. */
  list(apiVersion: string, kind: string): readonly StoredObject[];
  close(): Promise<void>;
}

/** A Kubernetes API with a simulated control plane and nodes, over plain HTTP on the loopback interface. */
export async function startKubernetes(options: KubernetesOptions = {}): Promise<KubernetesServer> {
  const { namespaces = ['apps'], nodes = DEFAULT_NODES, now = () => new Date() } = options;
  const store = new Store(now);
  const stateFile = options.stateFile === undefined ? undefined : new StateFile(options.stateFile, store);
  const writer = new Writer(store);
  const timers = new Timers();
  const timings = { ...FAST, ...options.timings };
  const context: ControllerContext = { store, writer, timings, after: timers.after };
  const put = (object: StoredObject, manager = 'test'): StoredObject => {
    const resource = resourceOfKind(object.apiVersion, object.kind);
    if (resource === undefined) throw new Error(`${object.kind} ${object.apiVersion} is not served`);
    return writer.create(resource, structuredClone(object), { manager }).object;
  };
  for (const name of ['default', 'kube-system', ...namespaces]) {
    if (store.get(NAMESPACES, undefined, name) === undefined) put(namespaceObject(name));
  }
  for (const [index, shape] of nodes.entries()) {
    if (store.get(NODES, undefined, shape.name) === undefined) put(nodeObject(shape, index));
  }

  const plane = new ControlPlane(context, options.runContainer ?? runAnything);
  const faults = new Faults(() => store.forget());
  const parts = {
    writer,
    plane,
    faults,
    access: options.access,
    usage: options.usage,
    listen: options.listen,
  };
  const server = createServer((request, response) => void serve(parts, request, response));
  await new Promise<void>(resolve => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    faults,
    kubeconfig: (token, namespace = 'apps') => kubeconfigText(url, token, namespace),
    create: (object, manager) => put(object as StoredObject, manager),
    list: (apiVersion, kind) => {
      const resource = resourceOfKind(apiVersion, kind);
      return resource === undefined ? [] : store.list(resource);
    },
    close: async () => {
      plane.close();
      timers.clear();
      const closed = new Promise(resolve => server.close(resolve));
      server.closeAllConnections();
      await closed;
      stateFile?.close();
    },
  };
}

interface Parts {
  readonly writer: Writer;
  readonly plane: ControlPlane;
  readonly faults: Faults;
  readonly access: Access | undefined;
  readonly usage: Usage | undefined;
  readonly listen: Listen | undefined;
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const exchange = beginExchange(request, response);
  try {
    const met = await parts.faults.meet(exchange.method, request.url ?? '/', response);
    if (met === 'pass') await route(parts, exchange);
  } catch (error) {
    sendRefusal(exchange, error);
  }
}

async function route(parts: Parts, exchange: Exchange): Promise<void> {
  const user = authenticate(parts.access, exchange.request);
  const document = exchange.method === 'GET' ? discover(exchange.path) : undefined;
  if (exchange.method === 'GET' && exchange.path === '/openapi/v2') sendText(exchange, openApiDocument());
  else if (document === undefined) await routeObject(parts, exchange, user);
  else sendJson(exchange, 200, document);
}

async function routeObject(
  { writer, plane, faults, usage, listen }: Parts,
  exchange: Exchange,
  user: User,
): Promise<void> {
  const { store } = writer;
  const target = parseTarget(exchange.path);
  authorize(user, verbOf(exchange.method, target, exchange.query), target);
  // To apply what is not there is to create it, in a dry run too.
  const isThere = store.get(target.resource, target.namespace, target.name ?? '') !== undefined;
  if (isApply(exchange) && !isThere) authorize(user, 'create', target);
  if (target.subresource !== undefined)
    await serveSubresource({ store, plane, usage, listen }, exchange, target);
  else if (exchange.method !== 'GET' || target.name !== undefined) {
    const remove = (at: Target, object: StoredObject): void => plane.remove(at.resource, object);
    await handleObject({ writer, remove }, exchange, target);
  } else if (isWatch(exchange.query)) watchObjects(store, exchange, target, faults);
  else sendJson(exchange, 200, listObjects(store, target, exchange.query));
}

const isApply = ({ method, request }: Exchange): boolean =>
  method === 'PATCH' && request.headers['content-type']?.startsWith('application/apply-patch') === true;

const runAnything: RunContainer = ({ image }) => {
  const [named = image] = image.split('@');
  const digest = image.includes('@')
    ? image.split('@')[1]
    : `sha256:${createHash('sha256').update(image).digest('hex')}`;
  return Promise.resolve({ kind: 'running', imageId: `${named.replace(/:[^/:]+$/, '')}@${digest ?? ''}` });
};

/** Waits of the control plane, which end with the server and keep nobody alive. */
class Timers {
  readonly #open = new Set<NodeJS.Timeout>();

  readonly after = (ms: number, run: () => void): void => {
    const timer = setTimeout(() => {
      this.#open.delete(timer);
      run();
    }, ms);
    timer.unref();
    this.#open.add(timer);
  };

  clear(): void {
    for (const timer of this.#open) clearTimeout(timer);
    this.#open.clear();
  }
}

const kubeconfigText = (url: string, token: string | undefined, namespace: string): string =>
  [
    'apiVersion: v1',
    'kind: Config',
    'current-context: embedded',
    'clusters:',
    `- {name: embedded, cluster: {server: "${url}"}}`,
    'users:',
    `- {name: embedded, user: ${token === undefined ? '{}' : JSON.stringify({ token })}}`,
    'contexts:',
    `- {name: embedded, context: {cluster: embedded, user: embedded, namespace: ${namespace}}}`,
    '',
  ].join('\n');
