import type { Platform } from '../image/platform';
import type { LimitRange, Node, ResourceQuota } from '../workload/node';
import type { Pod } from '../workload/pod';
import type { FitFinding } from './finding';
import { checkLimitRanges, withRangeDefaults } from './limit-range';
import { checkMemory, type FitModel } from './memory';
import { checkNodeSizes, checkPlatforms, checkRoom } from './nodes';
import { checkQuotas } from './quota';
import type { FitWorkload } from './workload';

/** A part of the cluster, or why it could not be read. */
export type Read<T> = readonly T[] | { readonly unread: string };

export interface FitCluster {
  readonly nodes: Read<Node>;
  /** Of every namespace. */
  readonly pods: Read<Pod>;
  /** Of the workload's namespace. */
  readonly quotas: Read<ResourceQuota>;
  readonly limitRanges: Read<LimitRange>;
}

export interface FitQuestion {
  readonly workload: FitWorkload;
  readonly model: FitModel;
  /** What the image runs on; none where that is not known. */
  readonly platforms: readonly Platform[];
}

/** Whether the pods that an apply makes can come to be, by all that can be known before. */
export function checkFit(
  { workload, model, platforms }: FitQuestion,
  cluster: FitCluster,
): readonly FitFinding[] {
  // Where there is none yet, a cluster that grows brings the first with the first pod.
  const nodes = filledList(known(cluster.nodes));
  const pods = known(cluster.pods);
  const limitRanges = known(cluster.limitRanges) ?? [];
  const filled = { ...workload, pod: withRangeDefaults(workload.pod, limitRanges) };
  const tooLarge = nodes === undefined ? [] : checkNodeSizes(filled, nodes);
  return [
    ...checkMemory(filled, model),
    ...checkLimitRanges(filled, limitRanges),
    ...checkQuotas(filled, known(cluster.quotas) ?? []),
    ...tooLarge,
    ...(nodes === undefined || model.containers.length === 0 ? [] : checkPlatforms(filled, nodes, platforms)),
    ...(nodes === undefined || pods === undefined || tooLarge.length > 0
      ? []
      : checkRoom(filled, nodes, pods)),
  ];
}

const known = <T>(read: Read<T>): readonly T[] | undefined => ('unread' in read ? undefined : read);

const filledList = <T>(items: readonly T[] | undefined): readonly T[] | undefined =>
  items?.length === 0 ? undefined : items;

const NAMES = {
  nodes: 'nodes, and with them sizes, accelerators and architectures',
  pods: 'pods of other namespaces, and with them the room that is left on the nodes',
  quotas: 'resource quotas',
  limitRanges: 'limit ranges',
} as const;

/** What could not be compared, and why, once for all workloads. */
export const skippedChecks = (cluster: FitCluster): readonly FitFinding[] =>
  (['nodes', 'pods', 'quotas', 'limitRanges'] as const).flatMap(part => {
    const read = cluster[part];
    return 'unread' in read
      ? [{ severity: 'skipped' as const, message: `not compared with ${NAMES[part]}: ${read.unread}` }]
      : [];
  });
