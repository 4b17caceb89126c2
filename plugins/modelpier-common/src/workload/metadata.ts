import { count, type Decoded, list, object, optional, record, text } from '../parse/decoder';

/** What every Kubernetes object says of itself, as far as we read it. */
export const metadata = object({
  name: text,
  namespace: optional(text),
  uid: optional(text),
  resourceVersion: optional(text),
  generation: optional(count),
  creationTimestamp: optional(text),
  deletionTimestamp: optional(text),
  labels: optional(record(text)),
  annotations: optional(record(text)),
  ownerReferences: optional(list(object({ uid: text, kind: text, name: text }))),
});
export type Metadata = Decoded<typeof metadata>;

/** One entry of `status.conditions`. */
export const condition = object({
  type: text,
  status: text,
  reason: optional(text),
  message: optional(text),
  lastUpdateTime: optional(text),
  lastTransitionTime: optional(text),
  observedGeneration: optional(count),
});
export type Condition = Decoded<typeof condition>;
export const conditions = optional(list(condition));
