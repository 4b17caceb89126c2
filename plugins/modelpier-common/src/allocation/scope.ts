import type { Node, ResourceQuota } from '../workload/node';
import type { ObjectRef } from '../workload/object-ref';
import type { Pod } from '../workload/pod';
import { isExtended } from './amount';
import { poolOf } from './node-pool';
import { containerRequest, countedContainers, podRequest } from './pod-request';
import { parseQuantity } from './quantity';
import { isForeign, isTolerated } from './taint';

/** A pod of a model, with the workload that owns it. */
export interface ModelPod {
  readonly workload: ObjectRef;
  readonly pod: Pod;
}

/** A cluster as it was read. */
export interface ClusterState {
  /** Every node, or why there is none. */
  readonly nodes: readonly Node[] | 'forbidden';
  /** Every pod that was read, the models' among them. */
  readonly pods: readonly Pod[];
  readonly quotas: readonly ResourceQuota[];
}

/** Which part of a cluster; `null` takes every namespace or every pool. */
export interface ScopeBounds {
  readonly namespace: string | null;
  readonly pool: string | null;
  /** Takes what DaemonSets, static pods and kube-system request off T, and their containers out of N. */
  readonly minusSystem?: boolean | undefined;
}

/** The nodes, pods and quotas that T and N are made of. */
export interface Scope {
  readonly nodes: readonly Node[] | 'forbidden';
  readonly pods: readonly Pod[];
  readonly modelPods: readonly ModelPod[];
  readonly quotas: readonly ResourceQuota[];
  /** What the system's pods request is not there to be shared. */
  readonly reservedBy: readonly Pod[];
}

/** Whether a pod's containers count: scheduled and not over, and not on their way out. */
export const isCounted = ({ metadata, spec, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  (status?.phase === 'Running' || (status?.phase === 'Pending' && spec.nodeName !== undefined));

const isSystem = ({ metadata }: Pod): boolean =>
  metadata.namespace === 'kube-system' ||
  (metadata.ownerReferences ?? []).some(({ kind }) => kind === 'DaemonSet' || kind === 'Node');

/** Whether new pods may come to the node as it is now. */
export const isUsable = ({ spec, status }: Node): boolean =>
  spec?.unschedulable !== true &&
  (status?.conditions ?? []).some(condition => condition.type === 'Ready' && condition.status === 'True');

/**
 * The part of a cluster that a model's containers share. Nodes kept for others by a taint that no
 * pod of the model tolerates are outside, with what runs on them. Nodes that are cordoned or not Ready
 * give nothing to T, but the containers on them still count: they will need a place among the rest.
 */
export function selectScope(
  cluster: ClusterState,
  modelPods: readonly ModelPod[],
  { namespace, pool, minusSystem = false }: ScopeBounds,
): Scope {
  const tolerations = modelPods.map(({ pod }) => pod.spec.tolerations ?? []);
  const inside =
    cluster.nodes === 'forbidden' ? undefined : nodesInside(cluster.nodes, { pool, tolerations });
  const names = inside && new Set(inside.map(node => node.metadata.name));
  const isInside = ({ spec }: Pod): boolean =>
    names === undefined || spec.nodeName === undefined || names.has(spec.nodeName);
  const isIn = (pod: Pod): boolean =>
    isCounted(pod) && isInside(pod) && (namespace === null || pod.metadata.namespace === namespace);
  const reservedBy = minusSystem ? cluster.pods.filter(pod => isCounted(pod) && isSystem(pod)) : [];
  return {
    nodes:
      inside === undefined
        ? 'forbidden'
        : inside.filter(node => isUsable(node) && isToleratedByAny(node, tolerations)),
    pods: cluster.pods.filter(pod => isIn(pod) && !(minusSystem && isSystem(pod))),
    modelPods: modelPods.filter(({ pod }) => isIn(pod)),
    quotas: cluster.quotas.filter(quota => namespace !== null && quota.metadata.namespace === namespace),
    reservedBy,
  };
}

type Tolerations = readonly NonNullable<Pod['spec']['tolerations']>[];

/** Without a pod to ask, only nodes that repel nobody. */
const isToleratedByAny = (node: Node, tolerations: Tolerations): boolean =>
  tolerations.length === 0 ? isTolerated(node, []) : tolerations.some(each => isTolerated(node, each));

function nodesInside(
  nodes: readonly Node[],
  { pool, tolerations }: { readonly pool: string | null; readonly tolerations: Tolerations },
): readonly Node[] {
  const asked = tolerations.length === 0 ? [[]] : tolerations;
  return nodes.filter(
    node => (pool === null || poolOf(node) === pool) && asked.some(each => !isForeign(node, each)),
  );
}

/** T in nano-units: the nodes' allocatable or the quota, whichever is smaller; `null` where neither can be read. */
export function totalOf({ nodes, quotas, reservedBy }: Scope, resource: string): bigint | null {
  const quota = quotaOf(quotas, resource);
  if (nodes === 'forbidden') return quota;
  const names = new Set(nodes.map(({ metadata }) => metadata.name));
  const allocatable = sum(nodes, ({ status }) => {
    const amount = status?.allocatable?.[resource];
    return amount === undefined ? 0n : parseQuantity(amount).nano;
  });
  const reserved = sum(
    reservedBy.filter(({ spec }) => spec.nodeName !== undefined && names.has(spec.nodeName)),
    ({ spec }) => podRequest(spec, resource),
  );
  const free = allocatable > reserved ? allocatable - reserved : 0n;
  return quota !== null && quota < free ? quota : free;
}

/** The smallest hard limit on requests; quotas with a scope limit some pods only and are passed over. */
function quotaOf(quotas: readonly ResourceQuota[], resource: string): bigint | null {
  let smallest: bigint | null = null;
  for (const quota of quotas) {
    const limit = isUnscoped(quota) ? hardLimit(quota, resource) : undefined;
    if (limit === undefined) continue;
    const { nano } = parseQuantity(limit);
    if (smallest === null || nano < smallest) smallest = nano;
  }
  return smallest;
}

const isUnscoped = ({ spec }: ResourceQuota): boolean =>
  (spec?.scopes ?? []).length === 0 && spec?.scopeSelector === undefined;

/** `cpu` and `memory` are older names of `requests.cpu` and `requests.memory`. */
function hardLimit({ spec, status }: ResourceQuota, resource: string): string | undefined {
  const hard = status?.hard ?? spec?.hard ?? {};
  return hard[`requests.${resource}`] ?? (isExtended(resource) ? undefined : hard[resource]);
}

/** N, or a model's n: of a device only the containers that request it. */
export function countContainers(pods: readonly Pod[], resource: string): number {
  let counted = 0;
  for (const { spec } of pods) {
    for (const container of countedContainers(spec)) {
      if (!isExtended(resource) || (containerRequest(container, resource) ?? 0n) > 0n) counted += 1;
    }
  }
  return counted;
}

const sum = <T>(items: readonly T[], amount: (item: T) => bigint): bigint =>
  items.reduce((total, item) => total + amount(item), 0n);
