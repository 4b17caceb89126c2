import { parseQuantity } from '@modelpier/backstage-plugin-modelpier-common';
import { type ControllerContext, recordEvent } from './context';
import { type Node, NODES, type Pod, PODS, setCondition } from './workload';

type Amounts = Readonly<Record<string, bigint>>;

const amountsOf = (list: Readonly<Record<string, string>> = {}): Amounts =>
  Object.fromEntries(Object.entries(list).map(([name, text]) => [name, parseQuantity(text).nano]));

function requestOf({ spec }: Pod): Amounts {
  const total: Record<string, bigint> = { pods: parseQuantity('1').nano };
  for (const { resources } of spec.containers) {
    // A limit without a request is the request, as the API server fills it in.
    for (const [name, amount] of Object.entries(
      amountsOf({ ...resources?.limits, ...resources?.requests }),
    )) {
      total[name] = (total[name] ?? 0n) + amount;
    }
  }
  return total;
}

/** Binds a pod to the node with the most free memory, or says why none will do. */
export function schedule(context: ControllerContext, pod: Pod): void {
  const { store, writer } = context;
  const nodes = store.list(NODES);
  const verdicts = nodes.map(node => ({ node, obstacle: obstacleOf(context, node, pod) }));
  const fitting = verdicts.filter(({ obstacle }) => obstacle === undefined).map(({ node }) => node);
  const chosen = fitting.sort(
    (a, b) => Number(freeOn(context, b).memory ?? 0n) - Number(freeOn(context, a).memory ?? 0n),
  )[0];
  const time = store.time();
  if (chosen !== undefined) {
    const { name } = chosen.metadata;
    writer.change(PODS, pod, draft => {
      draft.spec.nodeName = name;
      draft.status.conditions = setCondition(
        draft.status.conditions,
        { type: 'PodScheduled', status: 'True' },
        time,
      );
    });
    const message = `Successfully assigned ${pod.metadata.namespace ?? ''}/${pod.metadata.name} to ${name}`;
    recordEvent(context, pod, {
      type: 'Normal',
      reason: 'Scheduled',
      message,
      component: 'default-scheduler',
    });
    return;
  }
  const message = explain(
    nodes.length,
    verdicts.map(({ obstacle }) => obstacle ?? ''),
  );
  writer.change(PODS, pod, draft => {
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message } as const;
    draft.status.conditions = setCondition(draft.status.conditions, condition, time);
  });
  recordEvent(context, pod, {
    type: 'Warning',
    reason: 'FailedScheduling',
    message,
    component: 'default-scheduler',
  });
}

/** `0/3 nodes are available: 3 Insufficient memory.` */
function explain(count: number, obstacles: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const obstacle of obstacles) counts.set(obstacle, (counts.get(obstacle) ?? 0) + 1);
  const listed = [...counts].map(([obstacle, times]) => `${times} ${obstacle}`).sort();
  return `0/${count} nodes are available${listed.length === 0 ? '' : `: ${listed.join(', ')}`}.`;
}

function freeOn({ store }: ControllerContext, node: Node): Amounts {
  const free: Record<string, bigint> = { ...amountsOf(node.status.allocatable) };
  for (const pod of store.list(PODS)) {
    if (pod.spec.nodeName !== node.metadata.name || ['Succeeded', 'Failed'].includes(pod.status.phase))
      continue;
    for (const [name, amount] of Object.entries(requestOf(pod))) free[name] = (free[name] ?? 0n) - amount;
  }
  return free;
}

function obstacleOf(context: ControllerContext, node: Node, pod: Pod): string | undefined {
  const labels = node.metadata.labels ?? {};
  const isWanted = Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
  if (!isWanted) return "node(s) didn't match Pod's node affinity/selector";
  if (node.spec.unschedulable === true) return 'node(s) were unschedulable';
  const taint = (node.spec.taints ?? []).find(
    ({ key, value, effect }) =>
      effect !== 'PreferNoSchedule' &&
      pod.spec.tolerations?.some(
        one =>
          (one.key === undefined || one.key === key) &&
          (one.operator === 'Exists' || (one.value ?? '') === (value ?? '')) &&
          (one.effect === undefined || one.effect === effect),
      ) !== true,
  );
  if (taint !== undefined) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  const free = freeOn(context, node);
  const short = Object.entries(requestOf(pod)).find(([name, amount]) => amount > (free[name] ?? 0n));
  if (short === undefined) return undefined;
  return short[0] === 'pods' ? 'Too many pods' : `Insufficient ${short[0]}`;
}
