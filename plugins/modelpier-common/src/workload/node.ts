import { type Decoded, flag, list, object, optional, parseWith, text, unknownValue } from '../parse/decoder';
import { conditions, metadata } from './metadata';
import { resourceList } from './pod';

/** What keeps pods off a node unless they tolerate it (Kubernetes API core/v1 Taint). */
export const taint = object({ key: text, value: optional(text), effect: text });
export type Taint = Decoded<typeof taint>;

/** The fields of a Node that allocation reads (Kubernetes API core/v1). */
export const node = object({
  metadata,
  spec: optional(
    object({
      unschedulable: optional(flag),
      taints: optional(list(taint)),
    }),
  ),
  status: optional(
    object({
      allocatable: optional(resourceList),
      capacity: optional(resourceList),
      nodeInfo: optional(object({ architecture: optional(text), operatingSystem: optional(text) })),
      conditions,
    }),
  ),
});
export type Node = Decoded<typeof node>;
export const parseNode = (value: unknown): Node => parseWith(node, value, 'Node');

/** Bounds and defaults for each container or pod of a namespace (Kubernetes API core/v1 LimitRange). */
export const limitRange = object({
  metadata,
  spec: object({
    limits: list(
      object({
        type: text,
        max: optional(resourceList),
        min: optional(resourceList),
        default: optional(resourceList),
        defaultRequest: optional(resourceList),
        maxLimitRequestRatio: optional(resourceList),
      }),
    ),
  }),
});
export type LimitRange = Decoded<typeof limitRange>;
export const parseLimitRange = (value: unknown): LimitRange => parseWith(limitRange, value, 'LimitRange');

/** The hard limits of a namespace (Kubernetes API core/v1 ResourceQuota). */
export const resourceQuota = object({
  metadata,
  status: optional(object({ hard: optional(resourceList), used: optional(resourceList) })),
  spec: optional(
    object({
      hard: optional(resourceList),
      /** With either of these the quota limits some of the namespace's pods only. */
      scopes: optional(list(text)),
      scopeSelector: optional(unknownValue),
    }),
  ),
});
export type ResourceQuota = Decoded<typeof resourceQuota>;
export const parseResourceQuota = (value: unknown): ResourceQuota =>
  parseWith(resourceQuota, value, 'ResourceQuota');
