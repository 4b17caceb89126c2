import { object, optional, parseWith, text, unknownValue } from '../parse/decoder';

const observed = object({
  apiVersion: text,
  status: optional(object({ observedGeneration: optional(unknownValue) })),
});

/**
 * Whether nothing says of which generation the object's status is: that of a custom resource whose controller does not
 * write it is for a moment after an apply still that of before.
 */
export function isUnobserved(value: unknown): boolean {
  const { apiVersion, status } = parseWith(observed, value, 'Kubernetes object');
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  const isCustom = group.includes('.') && !group.endsWith('.k8s.io');
  return isCustom && status?.observedGeneration === undefined;
}
