import { podRequest } from '../allocation/pod-request';
import { formatQuantity, parseQuantity } from '../allocation/quantity';
import { object, optional, parseWith, text } from '../parse/decoder';
import { isTrue } from '../workload/conditions';
import { parseNode } from '../workload/node';
import type { Pod } from '../workload/pod';
import type { NodeEvidence } from './evidence';
import { notationOf } from './pod-evidence';

const nodeInfo = object({
  status: optional(object({ nodeInfo: optional(object({ architecture: optional(text) })) })),
});

/** Conditions that are bad when they hold (Kubernetes, "Node status"). */
const TROUBLES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

/** What a node offers and how it is; with the pods of all namespaces also what is taken of it. */
export function nodeEvidenceOf(value: unknown, pods: readonly Pod[] | undefined): NodeEvidence {
  const { metadata, status } = parseNode(value);
  const allocatable = status?.allocatable ?? {};
  const running = pods?.filter(
    pod => pod.spec.nodeName === metadata.name && !['Succeeded', 'Failed'].includes(pod.status?.phase ?? ''),
  );
  return {
    name: metadata.name,
    architecture: parseWith(nodeInfo, value, 'Node').status?.nodeInfo?.architecture,
    isReady: isTrue(status?.conditions, 'Ready'),
    troubles: TROUBLES.filter(type => isTrue(status?.conditions, type)),
    allocatable,
    requested: running && requestedBy(running, Object.keys(allocatable)),
  };
}

const requestedBy = (pods: readonly Pod[], resources: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    resources.map(resource => {
      const nano = pods.reduce((sum, { spec }) => sum + podRequest(spec, resource), 0n);
      return [resource, formatQuantity({ nano, notation: notationOf(resource) })];
    }),
  );

/** An amount in nano-units; what is not offered is 0. */
export const nanoOf = (text: string | undefined): bigint =>
  text === undefined ? 0n : parseQuantity(text).nano;

/** What no pod has requested yet; nothing where that is not known. */
export const freeOn = ({ allocatable, requested }: NodeEvidence, resource: string): bigint | undefined =>
  requested === undefined ? undefined : nanoOf(allocatable[resource]) - nanoOf(requested[resource]);
