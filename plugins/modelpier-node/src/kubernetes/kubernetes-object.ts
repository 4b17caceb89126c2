import {
  list,
  metadata,
  object,
  optional,
  parseWith,
  text,
  unknownValue,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from './ports';

const head = object({ apiVersion: text, kind: text, metadata });
const listHead = object({
  metadata: object({ resourceVersion: optional(text), continue: optional(text) }),
  items: list(unknownValue),
});

/** Checks what every object has and keeps all the rest untouched. */
export function parseObject(value: unknown, what: string): KubernetesObject {
  parseWith(head, value, what);
  return value as KubernetesObject;
}

export interface ObjectPage {
  readonly items: readonly KubernetesObject[];
  readonly resourceVersion: string;
  readonly continue: string | undefined;
}

/** Items of a list leave out the kind and version that the list itself names; each gets them back. */
export function parsePage(value: unknown, apiVersion: string, kind: string): ObjectPage {
  const { items, metadata: page } = parseWith(listHead, value, `list of ${kind}`);
  return {
    items: items.map(item => parseObject({ apiVersion, kind, ...(item as object) }, kind)),
    resourceVersion: page.resourceVersion ?? '',
    continue: page.continue === '' ? undefined : page.continue,
  };
}
