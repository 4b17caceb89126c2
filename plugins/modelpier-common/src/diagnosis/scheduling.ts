import { formatQuantity, NANO_PER_UNIT } from '../allocation/quantity';
import { formatAmount } from '../format';
import { findCondition } from '../workload/conditions';
import { missing } from './configuration';
import type { Finding } from './diagnosis';
import type { Evidence, NodeEvidence, PodEvidence } from './evidence';
import { type Facts, requestField } from './facts';
import { freeOn, nanoOf } from './node-evidence';
import { notationOf } from './pod-evidence';

const SHORT = /Insufficient ([\w./-]*\w)/g;

/** Why the scheduler finds no node: what is short and by how much, or which rule keeps the pod off. */
export function unschedulable(
  pod: PodEvidence,
  { evidence, facts }: { readonly evidence: Evidence; readonly facts: Facts },
): Finding | undefined {
  const scheduled = findCondition(pod.conditions, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason === 'SchedulingGated') return undefined;
  const message = scheduled.message ?? '';
  const short = [...new Set([...message.matchAll(SHORT)].map(match => match[1] ?? ''))];
  const who = `pod ${pod.ref.name}`;
  if (short.length > 0) return shortOf(short, { pod, nodes: evidence.nodes, facts, message });
  return (
    missing(who, message) ?? {
      cause: 'unschedulable',
      explanation: `no node takes ${who}: ${message.replace(/ ?preemption: .*$/, '')}`,
      fix:
        RULES.find(([says]) => says.test(message))?.[1] ??
        'look at its node selector, affinity and tolerations',
    }
  );
}

/** In the words of the scheduler's filters (kubernetes/pkg/scheduler/framework/plugins), old and new. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [
    /unbound immediate PersistentVolumeClaims/,
    'let the claim be bound: name a `storageClassName` that provisions volumes, or create a PersistentVolume',
  ],
  [
    /volume node affinity conflict|volume zone/i,
    'the volume lies in another zone than the nodes with room: add nodes there',
  ],
  [/untolerated taint|had taint/, "tolerate the nodes' taint (`tolerations`), or add nodes without it"],
  [
    /node affinity|node selector|match node selector/i,
    'no node has the labels that `nodeSelector` or `affinity` ask for: correct them, or label nodes',
  ],
  [
    /topology spread|anti-affinity|pod affinity/i,
    'relax `topologySpreadConstraints` or `affinity`, or add nodes',
  ],
  [/Too many pods/, 'the nodes hold as many pods as they may: add a node'],
  [/free ports/, 'leave `hostPort` out: another pod has it on every node'],
];

interface Shortage {
  readonly pod: PodEvidence;
  readonly nodes: readonly NodeEvidence[];
  readonly facts: Facts;
  readonly message: string;
}

function shortOf(resources: readonly string[], at: Shortage): Finding {
  const [first = ''] = resources;
  const { pod, facts } = at;
  const asking = pod.containers.filter(
    ({ requests, limits }) => requests?.[first] !== undefined || limits?.[first] !== undefined,
  );
  const container = asking.length === 1 ? asking[0]?.name : undefined;
  const field = requestField(first, { facts, container });
  return {
    cause: 'unschedulable',
    explanation: `no node has room for pod ${pod.ref.name}: ${resources.map(each => shortage(each, at)).join('; ')}`,
    fix: remedy(first, field, at),
    field,
  };
}

function shortage(resource: string, { pod, nodes, message }: Shortage): string {
  const asked = nanoOf(pod.requests[resource]);
  const asks = `it asks for ${amount(resource, asked)}${resource === 'memory' ? ' of memory' : ''}`;
  const largest = mostOf(nodes, ({ allocatable }) => nanoOf(allocatable[resource]));
  // Nodes may not be read by everybody; the scheduler's own words stand in.
  if (largest === undefined)
    return `${asks} (${message.replace(/\.? ?preemption: .*$/, '').replace(/\.$/, '')})`;
  if (largest.nano === 0n) return `${asks}, and no node offers ${resource}`;
  if (asked > largest.nano) {
    return `${asks}; the largest node (${largest.name}) offers ${amount(resource, largest.nano)}, which is ${amount(resource, asked - largest.nano)} short`;
  }
  const freest = mostOf(nodes, node => freeOn(node, resource));
  if (freest === undefined)
    return `${asks}; no node has that free (${largest.name} offers ${amount(resource, largest.nano)} in all)`;
  return `${asks}; most is free on ${freest.name}: ${amount(resource, freest.nano)} of ${amount(resource, nanoOf(nodes.find(({ name }) => name === freest.name)?.allocatable[resource]))}, which is ${amount(resource, asked - freest.nano)} short`;
}

function remedy(resource: string, field: string, { nodes, pod }: Shortage): string {
  const largest = mostOf(nodes, ({ allocatable }) => nanoOf(allocatable[resource]));
  if (largest?.nano === 0n)
    return `leave \`${field}\` out, or add nodes that offer ${resource} (their device plugin must run)`;
  const most =
    mostOf(nodes, node => freeOn(node, resource)) ??
    (largest !== undefined && nanoOf(pod.requests[resource]) > largest.nano ? largest : undefined);
  const atMost =
    most === undefined || most.nano <= 0n
      ? ''
      : ` to at most ${formatQuantity({ nano: wholeUnits(most.nano, resource), notation: notationOf(resource) })}`;
  return `lower \`${field}\`${atMost}, or add a ${atMost === '' ? 'node' : 'larger node'}`;
}

/** Fractions of a byte or of a thousandth core are no amount to write. */
const wholeUnits = (nano: bigint, resource: string): bigint => {
  const unit =
    resource === 'cpu' ? NANO_PER_UNIT / 1000n : resource === 'memory' ? NANO_PER_UNIT << 20n : NANO_PER_UNIT;
  return (nano / unit) * unit;
};

function mostOf(
  nodes: readonly NodeEvidence[],
  of: (node: NodeEvidence) => bigint | undefined,
): { readonly name: string; readonly nano: bigint } | undefined {
  let most: { name: string; nano: bigint } | undefined;
  for (const node of nodes) {
    const nano = of(node);
    if (nano !== undefined && (most === undefined || nano > most.nano)) most = { name: node.name, nano };
  }
  return most;
}

const amount = (resource: string, nano: bigint): string =>
  formatAmount(resource, formatQuantity({ nano, notation: notationOf(resource) }));
