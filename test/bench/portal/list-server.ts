import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { parseLabelSelector } from '../../../plugins/modelpier-backend/src/domain/label-selector';
import type { ClusterObjects } from '../../fleet/cluster-objects';

/** Which group and version serves each kind, and under which name. */
const KINDS: Readonly<Record<string, { readonly path: string; readonly plural: string }>> = {
  Deployment: { path: '/apis/apps/v1', plural: 'deployments' },
  ReplicaSet: { path: '/apis/apps/v1', plural: 'replicasets' },
  StatefulSet: { path: '/apis/apps/v1', plural: 'statefulsets' },
  DaemonSet: { path: '/apis/apps/v1', plural: 'daemonsets' },
  Job: { path: '/apis/batch/v1', plural: 'jobs' },
  ConfigMap: { path: '/api/v1', plural: 'configmaps' },
  Pod: { path: '/api/v1', plural: 'pods' },
  Node: { path: '/api/v1', plural: 'nodes' },
  ResourceQuota: { path: '/api/v1', plural: 'resourcequotas' },
  PodMetrics: { path: '/apis/metrics.k8s.io/v1beta1', plural: 'pods' },
};

/** An API server that can list, page by page, and nothing else: fast enough not to be what is measured. */
export async function startListServer(objects: ClusterObjects) {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://cluster');
    answer(response, resourcesAt(url.pathname) ?? listAt(objects, url));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const kinds = Object.entries(KINDS);

function resourcesAt(pathname: string): object | undefined {
  const served = kinds.filter(([, { path }]) => path === pathname);
  if (served.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    resources: served.map(([kind, { plural }]) => ({ name: plural, kind, namespaced: kind !== 'Node' })),
  };
}

/** `/<group>/<plural>` or `/<group>/namespaces/<namespace>/<plural>`. */
function listAt(objects: ClusterObjects, { pathname, searchParams }: URL): object | undefined {
  const [, group = '', namespace, plural] =
    /^(\/apis?\/.*?v1(?:beta1)?)\/(?:namespaces\/([^/]+)\/)?([^/]+)$/.exec(pathname) ?? [];
  const kind = kinds.find(([, served]) => served.path === group && served.plural === plural)?.[0];
  if (kind === undefined) return undefined;
  const selects = parseLabelSelector(searchParams.get('labelSelector') ?? '') ?? (() => true);
  const found = (objects[kind] ?? []).filter(
    ({ metadata }) =>
      (namespace === undefined || metadata.namespace === namespace) && selects(metadata.labels ?? {}),
  );
  const start = Number(searchParams.get('continue') ?? 0);
  const end = start + Number(searchParams.get('limit') ?? found.length);
  const rest = end < found.length ? { continue: String(end) } : {};
  return { kind: `${kind}List`, metadata: { resourceVersion: '1', ...rest }, items: found.slice(start, end) };
}

function answer(response: ServerResponse, body: object | undefined): void {
  const status = { kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404 };
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body ?? status));
}
