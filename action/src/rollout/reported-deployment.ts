import {
  type DeploymentStatus,
  formatReference,
  type Reference,
  type ReportedDeployment,
  type RolloutEvent,
  parseDeployment,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Outcome, Settled } from './settle';
import { runsImage, type Tracked } from './tracked';

const STATUS: Readonly<Record<Outcome, DeploymentStatus>> = {
  steady: 'healthy',
  'already-healthy': 'unchanged',
  failed: 'failed',
  'timed-out': 'failed',
};

export const isHealthy = ({ outcome }: Settled): boolean => STATUS[outcome] !== 'failed';

interface Told {
  readonly settled: Settled;
  readonly image: Reference;
  readonly namespace: string;
  readonly environment: string | undefined;
  readonly previousImage: string | undefined;
  readonly timeline: readonly RolloutEvent[];
}

export function reportDeployment(told: Told): ReportedDeployment {
  const { settled, image, namespace, environment, previousImage, timeline } = told;
  const replicas = countReplicas([...settled.last.statuses.keys()], image);
  return {
    status: STATUS[settled.outcome],
    namespace,
    image: formatReference({ ...image, tag: undefined }),
    objects: [...settled.last.statuses].map(([{ ref, action }, status]) => ({ ref, action, status })),
    timeline: [...timeline],
    ...(environment !== undefined && { environment }),
    ...(previousImage !== undefined && { previousImage }),
    ...(replicas !== undefined && { replicas }),
  };
}

/** Over the Deployments that run the image, as far as there are any. */
function countReplicas(
  tracked: readonly Tracked[],
  image: Reference,
): { ready: number; desired: number } | undefined {
  const running = tracked.flatMap(({ object, isWatched }) =>
    isWatched && object !== undefined && runsImage(object, image) ? [parseDeployment(object)] : [],
  );
  if (running.length === 0) return undefined;
  return {
    ready: running.reduce((sum, { status }) => sum + (status?.readyReplicas ?? 0), 0),
    desired: running.reduce((sum, { spec }) => sum + (spec.replicas ?? 1), 0),
  };
}
