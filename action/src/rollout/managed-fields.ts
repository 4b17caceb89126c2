import {
  FIELD_MANAGER,
  list,
  literal,
  object,
  optional,
  parseWith,
  record,
  text,
  unknownValue,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';

/** `kubectl apply` without `--server-side`. */
export const KUBECTL_MANAGER = 'kubectl-client-side-apply';

type Fields = Readonly<Record<string, unknown>>;

const entry = object({
  manager: optional(text),
  operation: optional(literal('Apply', 'Update')),
  apiVersion: optional(text),
  time: optional(text),
  subresource: optional(text),
  fieldsType: optional(text),
  fieldsV1: optional(record(unknownValue)),
});
const owned = object({ metadata: object({ managedFields: optional(list(entry)) }) });
type Entry = NonNullable<ReturnType<typeof entriesOf>>[number];

const entriesOf = (live: KubernetesObject) =>
  parseWith(owned, live, `field managers of ${live.kind}/${live.metadata.name}`).metadata.managedFields ?? [];

const isOurs = ({ manager, operation }: Entry): boolean => manager === FIELD_MANAGER && operation === 'Apply';
const isOfKubectl = ({ manager, operation, subresource = '' }: Entry): boolean =>
  manager === KUBECTL_MANAGER && operation === 'Update' && subresource === '';

/**
 * Whether the object is one that `kubectl apply` made and of which we hold nothing. A `kubectl apply` that takes some
 * fields of an object of ours is an edit by hand, and stays a conflict.
 */
export function isToAdopt(live: KubernetesObject): boolean {
  const entries = entriesOf(live);
  return entries.some(isOfKubectl) && !entries.some(isOurs);
}

/** The managed fields with those of `kubectl apply` in our hand (as kubectl itself does for `--server-side`). */
export function adoptedFields(live: KubernetesObject): readonly unknown[] {
  const entries = entriesOf(live);
  const theirs = entries.filter(isOfKubectl);
  const fieldsV1 = theirs.reduce<Fields>((all, { fieldsV1: fields = {} }) => union(all, fields), {});
  const ours = { ...theirs[0], manager: FIELD_MANAGER, operation: 'Apply', fieldsV1 };
  return [...entries.filter(each => !isOfKubectl(each)), ours];
}

/** Whether a field such as `spec.replicas` is ours alone, or will be by adoption: an apply without it removes it. */
export function isOursAlone(live: KubernetesObject, path: readonly string[]): boolean {
  const owners = entriesOf(live).filter(({ fieldsV1 }) => holds(fieldsV1, path));
  const isTaken = isToAdopt(live) ? isOfKubectl : isOurs;
  return owners.length > 0 && owners.every(isTaken);
}

const holds = (fields: unknown, [step, ...rest]: readonly string[]): boolean =>
  step === undefined ? true : isFields(fields) && `f:${step}` in fields && holds(fields[`f:${step}`], rest);

const union = (a: Fields, b: Fields): Fields => {
  const all: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = all[key];
    all[key] = isFields(before) && isFields(value) ? union(before, value) : value;
  }
  return all;
};

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
