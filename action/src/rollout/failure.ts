import {
  explained,
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
  const returned = describeReturn(deployment);
  return new ModelpierError(
    hasFailed ? 'unhealthy' : 'timeout',
    `deploy to ${namespace}: ${hasFailed ? '' : 'not healthy in time: '}${describeTrouble(deployment)}` +
      (returned === undefined ? '' : `; ${returned}`),
    { hint: [remedyOf(deployment), ...whatServes(deployment)].join('; ') },
  );
}

/** Every object that is not well, and why: by the diagnosis where there is one, else in the words of the verdict. */
function describeTrouble({ objects, diagnosis }: ReportedDeployment): string {
  const unwell = objects.filter(({ status }) => status.state !== 'Current');
  const [first] = diagnosis ?? [];
  const isExplained = first !== undefined && first.cause !== 'no-progress';
  const shown = unwell.map(({ ref, status }) => {
    const headline = `${formatObjectRef(ref)} is ${status.state} (${status.reason})`;
    return isExplained ? headline : `${headline}: ${status.message}`;
  });
  return isExplained ? `${shown.join('; ')}: ${explained(first)}` : shown.join('; ');
}

const remedyOf = ({ diagnosis }: ReportedDeployment): string =>
  diagnosis?.[0] === undefined ? 'mend it and release again' : `${diagnosis[0].fix}; then release again`;

function whatServes({ previousImage, rollback }: ReportedDeployment): readonly string[] {
  if (rollback?.outcome === 'healthy') return rollback.left.length === 0 ? [] : [leftWords(rollback.left)];
  if (rollback !== undefined) return ['look at the objects now, for neither release is proven to serve'];
  return previousImage === undefined
    ? ['nothing ran before, so there is nothing to go back to; the objects stay as they are']
    : [`the pods of ${previousImage} go on serving until new ones are ready`];
}

const leftWords = (left: readonly ObjectRef[]): string =>
  `what only the failed release has stays in the cluster, delete it where it is not needed: ${left.map(formatObjectRef).join(', ')}`;
