import { amountText, isAccelerator } from '../allocation/amount';
import { isPooled } from '../allocation/node-pool';
import { podRequest } from '../allocation/pod-request';
import { NANO_PER_UNIT, parseQuantity } from '../allocation/quantity';
import { isCounted, isUsable } from '../allocation/scope';
import { isTolerated } from '../allocation/taint';
import { formatAmount, formatCount } from '../format';
import { formatPlatform, type Platform } from '../image/platform';
import type { Node } from '../workload/node';
import type { Pod, PodSpec } from '../workload/pod';
import type { FitFinding } from './finding';
import type { FitWorkload } from './workload';

/** A cluster whose nodes come in pools may grow by nodes that nobody sees yet. */
const severityIn = (nodes: readonly Node[]): 'refusal' | 'warning' =>
  nodes.some(isPooled) ? 'warning' : 'refusal';

/** The nodes that the scheduler may choose from, as they are now; affinity may leave fewer. */
const nodesFor = (pod: PodSpec, nodes: readonly Node[]): readonly Node[] =>
  nodes.filter(
    node =>
      isUsable(node) &&
      isTolerated(node, pod.tolerations ?? []) &&
      Object.entries(pod.nodeSelector ?? {}).every(([key, value]) => node.metadata.labels?.[key] === value),
  );

const allocatableOf = ({ status }: Node, resource: string): bigint => {
  const amount = status?.allocatable?.[resource];
  return amount === undefined ? 0n : parseQuantity(amount).nano;
};

/** Whether one pod fits onto any node, were it empty. */
export function checkNodeSizes({ ref, pod }: FitWorkload, nodes: readonly Node[]): readonly FitFinding[] {
  const candidates = nodesFor(pod, nodes);
  if (candidates.length === 0) {
    return [
      {
        severity: severityIn(nodes),
        object: ref,
        message: `none of ${formatCount(nodes.length, 'node')} takes its pods: each is cordoned, not ready, tainted, or lacks a label of nodeSelector`,
        remedy: 'change nodeSelector or tolerations, or add a node',
      },
    ];
  }
  return requestedResources(pod).flatMap(resource => {
    const asked = podRequest(pod, resource);
    const largest = candidates
      .map(node => allocatableOf(node, resource))
      .reduce((a, b) => (a > b ? a : b), 0n);
    if (asked <= largest) return [];
    const shown = (nano: bigint): string => formatAmount(resource, amountText(resource, nano));
    const offered =
      largest === 0n && isAccelerator(resource)
        ? `no node that takes it offers ${resource}`
        : `the largest node that takes it offers ${shown(largest)}`;
    return [
      {
        severity: severityIn(nodes),
        object: ref,
        message: `a pod asks for ${shown(asked)}${resource === 'cpu' || resource.includes('/') ? '' : ` of ${resource}`}, and ${offered}`,
        remedy: `lower resources.requests.${resource}, or add a node that has as much`,
      },
    ];
  });
}

/** Resources that a pod asks the scheduler for. */
function requestedResources({ containers, initContainers = [], resources }: PodSpec): readonly string[] {
  const lists = [...containers, ...initContainers].flatMap(each => [
    each.resources?.requests ?? {},
    each.resources?.limits ?? {},
  ]);
  return [...new Set([...lists, resources?.requests ?? {}].flatMap(list => Object.keys(list)))].sort();
}

/** Whether as many pods as come find room beside those that are there. */
export function checkRoom(
  { ref, pod, replicas, live, stopsFirst }: FitWorkload,
  nodes: readonly Node[],
  pods: readonly Pod[],
): readonly FitFinding[] {
  if (replicas === undefined) return [];
  const coming = live === undefined ? replicas : Math.max(0, replicas - live.replicas) + (stopsFirst ? 0 : 1);
  const resources = requestedResources(pod).filter(resource => podRequest(pod, resource) > 0n);
  const room = nodesFor(pod, nodes)
    .map(node => roomOn(node, { pod, resources, pods }))
    .reduce((sum, each) => sum + each, 0);
  if (coming === 0 || room >= coming) return [];
  const asks = resources.map(resource =>
    formatAmount(resource, amountText(resource, podRequest(pod, resource))),
  );
  return [
    {
      severity: 'warning',
      object: ref,
      message: `${formatCount(coming, 'more pod')} of ${asks.join(' and ')} ${coming === 1 ? 'is' : 'are'} to come, and the nodes have room for ${room} now`,
      remedy: 'lower resources.requests or replicas, or add a node',
    },
  ];
}

interface Beside {
  readonly pod: PodSpec;
  readonly resources: readonly string[];
  readonly pods: readonly Pod[];
}

function roomOn(node: Node, { pod, resources, pods }: Beside): number {
  const there = pods.filter(each => each.spec.nodeName === node.metadata.name && isCounted(each));
  const rooms = resources.map(resource => {
    const taken = there.reduce((sum, { spec }) => sum + podRequest(spec, resource), 0n);
    const free = allocatableOf(node, resource) - taken;
    return free <= 0n ? 0 : Number(free / podRequest(pod, resource));
  });
  const places = Number(allocatableOf(node, 'pods') / NANO_PER_UNIT) - there.length;
  return Math.max(0, Math.min(places, ...rooms));
}

/** Whether the image runs on the nodes that its pods may come to. */
export function checkPlatforms(
  { ref, pod }: FitWorkload,
  nodes: readonly Node[],
  platforms: readonly Platform[],
): readonly FitFinding[] {
  const candidates = nodesFor(pod, nodes).filter(node => node.status?.nodeInfo?.architecture !== undefined);
  const runs = (node: Node): boolean => platforms.some(platform => isSame(platform, node));
  const foreign = candidates.filter(node => !runs(node));
  if (platforms.length === 0 || foreign.length === 0) return [];
  const built = platforms.map(formatPlatform).join(', ');
  const found = [...new Set(foreign.map(({ status }) => platformText(status?.nodeInfo)))].sort().join(', ');
  const isAll = foreign.length === candidates.length;
  return [
    {
      severity: isAll ? severityIn(nodes) : 'warning',
      object: ref,
      message: isAll
        ? `the image is built for ${built}, and every node that takes it is ${found}`
        : `the image is built for ${built}, and ${foreign.length} of ${candidates.length} nodes that take it are ${found}`,
      remedy: `build it for these too (platforms), or set nodeSelector kubernetes.io/arch`,
    },
  ];
}

type NodeInfo = NonNullable<Node['status']>['nodeInfo'];

const isSame = (platform: Platform, { status }: Node): boolean =>
  platform.architecture === status?.nodeInfo?.architecture &&
  platform.os === (status.nodeInfo.operatingSystem ?? 'linux');

const platformText = (info: NodeInfo): string =>
  `${info?.operatingSystem ?? 'linux'}/${info?.architecture ?? ''}`;
