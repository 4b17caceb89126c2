import type { Finding } from './diagnosis';
import type { NodeEvidence, PodEvidence } from './evidence';

/** A pod that its node gave up. */
export function evicted({ ref, phase, reason, message = '' }: PodEvidence): Finding | undefined {
  if (phase !== 'Failed' || reason === undefined) return undefined;
  const who = `pod ${ref.name}`;
  if (reason !== 'Evicted' && reason !== 'Preempting') {
    return {
      cause: 'node-trouble',
      explanation: `${who} was ended by its node (${reason}): ${message}`,
      fix: 'look at the node; the pod is made again elsewhere where there is room',
    };
  }
  return {
    cause: 'evicted',
    explanation: `${who} was evicted: ${message.trim()}`,
    fix: EVICTIONS.find(([says]) => says.test(message))?.[1] ?? 'look at the node: it was short of something',
  };
}

/** In the words of the kubelet's eviction manager (kubernetes/pkg/kubelet/eviction). */
const EVICTIONS: readonly (readonly [RegExp, string])[] = [
  [/EmptyDir volume/, 'raise the `sizeLimit` of the emptyDir volume, or write less to it'],
  [
    /ephemeral|DiskPressure/i,
    'raise `resources.limits["ephemeral-storage"]`, or write less to the file system; or give the nodes larger disks',
  ],
  [
    /resource: memory|MemoryPressure/,
    'raise the memory request to what the pod uses, so that it gets a node with room',
  ],
  [/pids|PIDPressure/, 'start fewer processes and threads'],
];

/** A node whose trouble explains what no pod of it says. */
export function nodeTrouble(pod: PodEvidence, node: NodeEvidence | undefined): Finding | undefined {
  if (node === undefined || (node.isReady && node.troubles.length === 0)) return undefined;
  const troubles = [...(node.isReady ? [] : ['not ready']), ...node.troubles].join(', ');
  return {
    cause: 'node-trouble',
    explanation: `pod ${pod.ref.name} is on node ${node.name}, which is in trouble: ${troubles}`,
    fix: 'mend or drain the node, then release again',
  };
}
