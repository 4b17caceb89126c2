import {
  DEFAULT_PROGRESS_DEADLINE_SECONDS,
  parseDeployment,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';

/** Beyond the cluster's own deadline, whose verdict says more than ours. */
const PATIENCE_MS = 60_000;
/** A deadline of years (the largest int32 stands for none) is no reason to hold a runner that long. */
const LONGEST_MS = 6 * 60 * 60_000;

/** The longest `progressDeadlineSeconds` of the Deployments, and a minute. */
export function defaultTimeoutMs(deployments: readonly KubernetesObject[]): number {
  const deadlines = deployments.map(
    object => parseDeployment(object).spec.progressDeadlineSeconds ?? DEFAULT_PROGRESS_DEADLINE_SECONDS,
  );
  const seconds = deadlines.length === 0 ? DEFAULT_PROGRESS_DEADLINE_SECONDS : Math.max(...deadlines);
  return Math.min(seconds * 1000 + PATIENCE_MS, LONGEST_MS);
}
