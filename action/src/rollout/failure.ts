import {
  formatObjectRef,
  ModelpierError,
  type ObjectRef,
  type ReportedDeployment,
} from '@modelpier/backstage-plugin-modelpier-common';
import { describeReturn } from './taken-back';

/** The error that a failed deployment ends the run with: every object that is not well, and what to do next. */
export function rolloutFailure(deployment: ReportedDeployment): ModelpierError {
  const { objects, namespace } = deployment;
  const unwell = objects.filter(({ status }) => status.state !== 'Current');
  const hasFailed = unwell.some(({ status }) => status.state === 'Failed');
  const shown = unwell.map(
    ({ ref, status }) => `${formatObjectRef(ref)} is ${status.state} (${status.reason}): ${status.message}`,
  );
  const returned = describeReturn(deployment);
  return new ModelpierError(
    hasFailed ? 'unhealthy' : 'timeout',
    `deploy to ${namespace}: ${hasFailed ? '' : 'not healthy in time: '}${shown.join('; ')}` +
      (returned === undefined ? '' : `; ${returned}`),
    { hint: ['mend it and release again', ...whatServes(deployment)].join('; ') },
  );
}

function whatServes({ previousImage, rollback }: ReportedDeployment): readonly string[] {
  if (rollback?.outcome === 'healthy') return rollback.left.length === 0 ? [] : [leftWords(rollback.left)];
  if (rollback !== undefined) return ['look at the objects now, for neither release is proven to serve'];
  return previousImage === undefined
    ? ['nothing ran before, so there is nothing to go back to; the objects stay as they are']
    : [`the pods of ${previousImage} go on serving until new ones are ready`];
}

const leftWords = (left: readonly ObjectRef[]): string =>
  `what only the failed release has stays in the cluster, delete it where it is not needed: ${left.map(formatObjectRef).join(', ')}`;
