import type { Node, Taint } from '../workload/node';
import type { Toleration } from '../workload/pod';

/** Taints the node controller sets while something is wrong; they pass, and belong to no pool. */
const CONDITION_PREFIX = 'node.kubernetes.io/';

/** The taints that keep pods away (`PreferNoSchedule` only asks to). */
const repelling = ({ spec }: Node): readonly Taint[] =>
  (spec?.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');

/** Kubernetes, "Taints and Tolerations": no effect matches all, no key with `Exists` matches all. */
function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key = '', operator = 'Equal', value = '', effect = '' } = toleration;
  if (effect !== '' && effect !== taint.effect) return false;
  if (operator === 'Exists') return key === '' || key === taint.key;
  return operator === 'Equal' && key === taint.key && value === (taint.value ?? '');
}

/** Whether pods with these tolerations may be scheduled on the node as it is now. */
export const isTolerated = (node: Node, tolerations: readonly Toleration[]): boolean =>
  repelling(node).every(taint => tolerations.some(toleration => tolerates(toleration, taint)));

/** Whether the node is set aside for others for good, whatever its momentary condition. */
export const isForeign = (node: Node, tolerations: readonly Toleration[]): boolean =>
  repelling(node)
    .filter(({ key }) => !key.startsWith(CONDITION_PREFIX))
    .some(taint => !tolerations.some(toleration => tolerates(toleration, taint)));
