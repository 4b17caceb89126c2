import type { ControlPlane } from '../controllers/control-plane';
import { NODES, type Pod, PODS } from '../controllers/workload';
import { badRequest, noSuchResource, notFound, Refused } from '../refused';
import type { Store } from '../store';
import { type Exchange, readBody, sendJson } from './exchange';
import type { Target } from './route';

/** What a container uses now; `undefined` where that is not known. */
export type Usage = (
  pod: Pod,
  container: string,
) => { readonly usageNanoCores: number; readonly workingSetBytes: number } | undefined;

/** What a pod's own server answers through `pods/proxy`; `undefined` where nothing listens on that port. */
export type Listen = (
  pod: Pod,
  request: { readonly method: string; readonly port: number; readonly path: string; readonly body: unknown },
) => { readonly status: number; readonly json: unknown } | undefined;

interface Context {
  readonly store: Store;
  readonly plane: ControlPlane;
  readonly usage: Usage | undefined;
  readonly listen: Listen | undefined;
}

/** `pods/log`, `pods/proxy` and the kubelet's summary through `nodes/proxy`; no other subresource is served. */
export async function serveSubresource(context: Context, exchange: Exchange, target: Target): Promise<void> {
  const { resource, subresource, rest } = target;
  if (resource === PODS && subresource === 'proxy') {
    await passToPod(context, exchange, target);
    return;
  }
  if (exchange.method !== 'GET') throw noSuchResource();
  if (resource === PODS && subresource === 'log') readLog(context, exchange, target);
  else if (resource === NODES && subresource === 'proxy' && rest === 'stats/summary') {
    sendJson(exchange, 200, summaryOf(context, target.name ?? ''));
  } else throw noSuchResource();
}

/** A name may carry a port, as in `pods/mnist-1:8080/proxy/v2/health/ready`. */
async function passToPod(
  { store, listen }: Context,
  exchange: Exchange,
  { namespace, name = '', rest }: Target,
): Promise<void> {
  const [bare = '', port = '80'] = name.split(':');
  const pod = store.get(PODS, namespace, bare);
  if (pod === undefined) throw notFound('pods', '', bare);
  const text = await readBody(exchange);
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  const answer = listen?.(pod, { method: exchange.method, port: Number(port), path: `/${rest}`, body });
  if (answer !== undefined) {
    sendJson(exchange, answer.status, answer.json);
    return;
  }
  const at = `${String(pod.status.podIP)}:${port}`;
  const said = `error trying to reach service: dial tcp ${at}: connect: connection refused`;
  throw new Refused(500, undefined, said);
}

function readLog(
  { store, plane }: Context,
  { response, query }: Exchange,
  { namespace, name = '' }: Target,
): void {
  const pod = store.get(PODS, namespace, name);
  if (pod === undefined) throw notFound('pods', '', name);
  const container = query.get('container') ?? pod.spec.containers[0]?.name ?? '';
  const previous = query.get('previous') === 'true';
  refuseWithoutLog(pod, container, { previous });
  const lines = plane.kubelet.logOf(pod, container).split('\n');
  const tail = Number(query.get('tailLines') ?? lines.length + 1);
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.end(lines.slice(-tail - 1).join('\n'));
}

/** As the kubelet and the API server before it say it. */
function refuseWithoutLog(pod: Pod, container: string, { previous }: { readonly previous: boolean }): void {
  const status = pod.status.containerStatuses?.find(({ name }) => name === container);
  const waiting = status?.state.waiting;
  const hasEnded = status?.lastState.terminated !== undefined;
  const { name } = pod.metadata;
  if (previous && !hasEnded) {
    throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  }
  if (waiting === undefined || hasEnded) return;
  throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${waiting.reason}`);
}

/** The kubelet's Summary API (k8s.io/kubelet/pkg/apis/stats/v1alpha1). */
function summaryOf({ store, usage }: Context, name: string): unknown {
  if (store.get(NODES, undefined, name) === undefined) throw notFound('nodes', '', name);
  if (usage === undefined)
    throw new Refused(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
  const time = store.time();
  const running = store.list(PODS).filter(({ spec }) => spec.nodeName === name);
  const pods = running.map(pod => ({
    podRef: { name: pod.metadata.name, namespace: pod.metadata.namespace, uid: pod.metadata.uid },
    containers: pod.spec.containers.flatMap(container => {
      const used = usage(pod, container.name);
      if (used === undefined) return [];
      const { usageNanoCores, workingSetBytes } = used;
      return [{ name: container.name, cpu: { time, usageNanoCores }, memory: { time, workingSetBytes } }];
    }),
  }));
  return { node: { nodeName: name }, pods };
}
