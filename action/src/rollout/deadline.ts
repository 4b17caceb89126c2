import {
  DEFAULT_PROGRESS_DEADLINE_SECONDS,
  formatObjectRef,
  object,
  optional,
  count,
  parseWith,
  type Progress,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { refOf } from './object-ref';

/** Beyond the cluster's own deadline, whose verdict says more than ours. */
const PATIENCE_MS = 60_000;
/** A hosted runner has six hours; an hour of them is left to roll back. */
const LONGEST_MS = 5 * 60 * 60_000;

/** How long a verdict is waited for. */
export interface Limit {
  readonly ms: number;
  /** Without it `ms` is all there is; with it each progress begins that time anew, as it does for the cluster. */
  readonly longestMs?: number | undefined;
}

const limited = object({
  spec: optional(
    object({
      replicas: optional(count),
      progressDeadlineSeconds: optional(count),
      activeDeadlineSeconds: optional(count),
    }),
  ),
});

/** When the cluster itself, or we in its place, give a workload up. */
function deadlineSeconds(workload: KubernetesObject): number {
  const { spec } = parseWith(limited, workload, formatObjectRef(refOf(workload)));
  const own = workload.kind === 'Job' ? spec?.activeDeadlineSeconds : spec?.progressDeadlineSeconds;
  return own ?? DEFAULT_PROGRESS_DEADLINE_SECONDS;
}

/** The longest deadline of the workloads, and a minute, from the last progress on. */
export function defaultLimit(workloads: readonly KubernetesObject[]): Limit {
  const deadlines = workloads.map(deadlineSeconds);
  const seconds = deadlines.length === 0 ? DEFAULT_PROGRESS_DEADLINE_SECONDS : Math.max(...deadlines);
  return { ms: Math.min(seconds * 1000 + PATIENCE_MS, LONGEST_MS), longestMs: LONGEST_MS };
}

/** When the wait is over, by our own clock. */
export const endOf = (
  { ms, longestMs = ms }: Limit,
  startedAt: number,
  progresses: readonly (Pick<Progress, 'at'> | undefined)[],
): number =>
  Math.min(startedAt + longestMs, Math.max(startedAt, ...progresses.map(each => each?.at ?? startedAt)) + ms);

/** When all waiting is over, whatever progress there is. */
export const latestEnd = ({ ms, longestMs = ms }: Limit, startedAt: number): number => startedAt + longestMs;

/**
 * Says of a timeout that it will not be used, for the Deployment gives up before it (kubernetes#129959). One of many
 * replicas may well take longer than its deadline, which begins anew with each of them.
 */
export function timeoutWarning(
  workloads: readonly KubernetesObject[],
  timeoutMs: number | undefined,
): string | undefined {
  const deployments = workloads.filter(({ kind }) => kind === 'Deployment');
  if (timeoutMs === undefined || deployments.length === 0 || deployments.some(hasSeveral)) return undefined;
  const seconds = Math.max(...deployments.map(deadlineSeconds));
  if (timeoutMs <= seconds * 1000) return undefined;
  const slowest = deployments.find(each => deadlineSeconds(each) === seconds) ?? deployments[0];
  const name = slowest === undefined ? '' : formatObjectRef(refOf(slowest));
  return (
    `timeout is ${timeoutMs / 1000} s, but ${name} fails where it makes no progress for ${seconds} s; ` +
    'raise spec.progressDeadlineSeconds if a start may take longer'
  );
}

const hasSeveral = (workload: KubernetesObject): boolean =>
  (parseWith(limited, workload, formatObjectRef(refOf(workload))).spec?.replicas ?? 1) > 1;
