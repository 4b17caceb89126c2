import type { ControlPlane } from '../controllers/control-plane';
import { NODES, type Pod, PODS } from '../controllers/workload';
import { noSuchResource, notFound, Refused } from '../refused';
import type { Store } from '../store';
import { type Exchange, sendJson } from './exchange';
import type { Target } from './route';

/** What a container uses now; `undefined` where that is not known. */
export type Usage = (
  pod: Pod,
  container: string,
) => { readonly usageNanoCores: number; readonly workingSetBytes: number } | undefined;

interface Context {
  readonly store: Store;
  readonly plane: ControlPlane;
  readonly usage: Usage | undefined;
}

/** `pods/log` and the kubelet's summary through `nodes/proxy`; no other subresource is served. */
export function readSubresource(context: Context, exchange: Exchange, target: Target): void {
  const { resource, subresource, rest } = target;
  if (exchange.method !== 'GET') throw noSuchResource();
  if (resource === PODS && subresource === 'log') readLog(context, exchange, target);
  else if (resource === NODES && subresource === 'proxy' && rest === 'stats/summary') {
    sendJson(exchange, 200, summaryOf(context, target.name ?? ''));
  } else throw noSuchResource();
}

function readLog(
  { store, plane }: Context,
  { response, query }: Exchange,
  { namespace, name = '' }: Target,
): void {
  const pod = store.get(PODS, namespace, name);
  if (pod === undefined) throw notFound('pods', '', name);
  const container = query.get('container') ?? pod.spec.containers[0]?.name ?? '';
  const lines = plane.kubelet.logOf(pod, container).split('\n');
  const tail = Number(query.get('tailLines') ?? lines.length + 1);
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.end(lines.slice(-tail - 1).join('\n'));
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
