import {
  DEFAULT_PROGRESS_DEADLINE_SECONDS,
  formatObjectRef,
  object,
  optional,
  count,
  parseWith,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { refOf } from './object-ref';

/** Beyond the cluster's own deadline, whose verdict says more than ours. */
const PATIENCE_MS = 60_000;
/** A deadline of years (the largest int32 stands for none) is no reason to hold a runner that long. */
const LONGEST_MS = 6 * 60 * 60_000;

const limited = object({
  spec: optional(
    object({ progressDeadlineSeconds: optional(count), activeDeadlineSeconds: optional(count) }),
  ),
});

/** When the cluster itself, or we in its place, give a workload up. */
function deadlineSeconds(workload: KubernetesObject): number {
  const { spec } = parseWith(limited, workload, formatObjectRef(refOf(workload)));
  const own = workload.kind === 'Job' ? spec?.activeDeadlineSeconds : spec?.progressDeadlineSeconds;
  return own ?? DEFAULT_PROGRESS_DEADLINE_SECONDS;
}

/** The longest deadline of the workloads, and a minute. */
export function defaultTimeoutMs(workloads: readonly KubernetesObject[]): number {
  const deadlines = workloads.map(deadlineSeconds);
  const seconds = deadlines.length === 0 ? DEFAULT_PROGRESS_DEADLINE_SECONDS : Math.max(...deadlines);
  return Math.min(seconds * 1000 + PATIENCE_MS, LONGEST_MS);
}

/** Says of a timeout that it will not be used, for the Deployment gives up before it (kubernetes#129959). */
export function timeoutWarning(
  workloads: readonly KubernetesObject[],
  timeoutMs: number | undefined,
): string | undefined {
  const deployments = workloads.filter(({ kind }) => kind === 'Deployment');
  if (timeoutMs === undefined || deployments.length === 0) return undefined;
  const seconds = Math.max(...deployments.map(deadlineSeconds));
  if (timeoutMs <= seconds * 1000) return undefined;
  const slowest = deployments.find(each => deadlineSeconds(each) === seconds) ?? deployments[0];
  const name = slowest === undefined ? '' : formatObjectRef(refOf(slowest));
  return (
    `timeout is ${timeoutMs / 1000} s, but ${name} fails where it makes no progress for ${seconds} s; ` +
    'raise spec.progressDeadlineSeconds if a start may take longer'
  );
}
