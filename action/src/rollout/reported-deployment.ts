import {
  type DeploymentStatus,
  formatReference,
  type Reference,
  type ReportedDeployment,
  type ReportedObject,
  type RolloutEvent,
  replicaCounts,
  type Status,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Verdict } from './await-verdict';
import type { Outcome, Settled } from './settle';
import type { AppliedObject } from './apply';
import type { DeployOptions } from './deploy-options';
import { refOf } from './object-ref';
import { runsImage, type Tracked } from './tracked';

const STATUS: Readonly<Record<Outcome, DeploymentStatus>> = {
  steady: 'healthy',
  'already-healthy': 'unchanged',
  failed: 'failed',
  'timed-out': 'failed',
};

export const isHealthy = ({ outcome }: Settled): boolean => STATUS[outcome] !== 'failed';

interface Told {
  readonly image: Reference;
  readonly namespace: string;
  readonly environment: string | undefined;
  readonly previousImage: string | undefined;
}

interface Judged extends Told {
  readonly settled: Verdict;
  readonly timeline: readonly RolloutEvent[];
}

export function reportDeployment(judged: Judged): ReportedDeployment {
  const { settled, timeline, image } = judged;
  const replicas = countReplicas([...settled.last.statuses.keys()], image);
  return {
    status: STATUS[settled.outcome],
    ...toldFacts(judged),
    objects: [...settled.last.statuses].map(([{ ref, action }, status]) => ({ ref, action, status })),
    timeline: [...timeline],
    ...(replicas !== undefined && { replicas }),
    ...(settled.golden !== undefined && { golden: settled.golden }),
  };
}

/** Of a rollout that nobody waits for: what was applied, and no verdict. */
export const reportApplied = (
  told: Told & { readonly applied: readonly AppliedObject[] },
): ReportedDeployment => ({
  status: 'applied',
  ...toldFacts(told),
  objects: appliedOf(told.applied, { reason: 'NotAwaited', message: 'applied and not waited for' }),
  timeline: [],
});

/** Of a rollout that ended in an error: what it had applied by then. */
export const reportBroken = (
  applied: readonly AppliedObject[],
  { namespace, previousImage }: Pick<Told, 'namespace' | 'previousImage'>,
  { image, environment }: Pick<DeployOptions, 'image' | 'environment'>,
): ReportedDeployment => ({
  status: 'failed',
  ...toldFacts({ namespace, previousImage, image, environment }),
  objects: appliedOf(applied, { reason: 'NotJudged', message: 'applied before the error' }),
  timeline: [],
});

const appliedOf = (
  applied: readonly AppliedObject[],
  told: Pick<Status, 'reason' | 'message'>,
): ReportedObject[] =>
  applied.map(({ object, action }) => ({
    ref: refOf(object),
    action,
    status: { state: 'Unknown', ...told },
  }));

const toldFacts = ({ image, namespace, environment, previousImage }: Told) => ({
  namespace,
  image: formatReference({ ...image, tag: undefined }),
  ...(environment !== undefined && { environment }),
  ...(previousImage !== undefined && { previousImage }),
});

/** Over the workloads that keep pods of the image running, as far as there are any. */
function countReplicas(
  tracked: readonly Tracked[],
  image: Reference,
): { ready: number; desired: number } | undefined {
  const running = tracked.flatMap(({ object, isWatched }) =>
    isWatched && object !== undefined && object.kind !== 'Job' && runsImage(object, image)
      ? [replicaCounts(object)]
      : [],
  );
  if (running.length === 0) return undefined;
  return {
    ready: running.reduce((sum, { ready }) => sum + ready, 0),
    desired: running.reduce((sum, { desired }) => sum + desired, 0),
  };
}
