import { type Decoded, flag, list, object, optional, parseWith, text } from '../parse/decoder';
import { conditions, metadata } from './metadata';
import { resourceList } from './pod';

/** The fields of a Node that allocation reads (Kubernetes API core/v1). */
export const node = object({
  metadata,
  spec: optional(
    object({
      unschedulable: optional(flag),
      taints: optional(list(object({ key: text, value: optional(text), effect: text }))),
    }),
  ),
  status: optional(
    object({ allocatable: optional(resourceList), capacity: optional(resourceList), conditions }),
  ),
});
export type Node = Decoded<typeof node>;
export const parseNode = (value: unknown): Node => parseWith(node, value, 'Node');

/** The hard limits of a namespace (Kubernetes API core/v1 ResourceQuota). */
export const resourceQuota = object({
  metadata,
  status: optional(object({ hard: optional(resourceList), used: optional(resourceList) })),
  spec: optional(object({ hard: optional(resourceList) })),
});
export type ResourceQuota = Decoded<typeof resourceQuota>;
export const parseResourceQuota = (value: unknown): ResourceQuota =>
  parseWith(resourceQuota, value, 'ResourceQuota');
