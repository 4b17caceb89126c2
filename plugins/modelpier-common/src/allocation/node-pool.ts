import type { Node } from '../workload/node';
import { isAccelerator } from './amount';
import { parseQuantity } from './quantity';

/** Labels by which providers and autoscalers name a node's pool; the first one present counts. */
const POOL_LABELS = [
  'karpenter.sh/nodepool',
  'cloud.google.com/gke-nodepool',
  'eks.amazonaws.com/nodegroup',
  'alpha.eksctl.io/nodegroup-name',
  'kubernetes.azure.com/agentpool',
  'agentpool',
  'doks.digitalocean.com/node-pool',
  'k8s.scaleway.com/pool-name',
  'lke.linode.com/pool-id',
  'ibm-cloud.kubernetes.io/worker-pool-name',
  'alibabacloud.com/nodepool-id',
  'kops.k8s.io/instancegroup',
] as const;

/** Nodes without a pool's label and without an accelerator, where others have one. */
const PLAIN_POOL = 'cpu';

/** The pool's name by label, else the accelerator the node offers, else `cpu`: GPU and CPU nodes never mix. */
export function poolOf(node: Node): string {
  return labelledPool(node) ?? acceleratorOf(node) ?? PLAIN_POOL;
}

/** The pools to compute one by one; `null` where nothing tells the nodes apart. */
export function nodePools(nodes: readonly Node[]): readonly (string | null)[] {
  const pools = [...new Set(nodes.map(poolOf))].sort();
  return pools.length <= 1 && nodes.every(node => labelledPool(node) === undefined) ? [null] : pools;
}

/** Whether the node belongs to a pool: such clusters may grow by nodes that are not there yet. */
export const isPooled = (node: Node): boolean => labelledPool(node) !== undefined;

function labelledPool({ metadata: { labels = {} } }: Node): string | undefined {
  const label = POOL_LABELS.find(key => Object.hasOwn(labels, key));
  return label === undefined ? undefined : labels[label];
}

const acceleratorOf = ({ status }: Node): string | undefined =>
  Object.entries(status?.allocatable ?? {})
    .filter(([resource, amount]) => isAccelerator(resource) && parseQuantity(amount).nano > 0n)
    .map(([resource]) => resource)
    .sort()[0];
