import {
  formatObjectRef,
  ModelpierError,
  type ReportedDeployment,
} from '@modelpier/backstage-plugin-modelpier-common';

/** The error that a failed deployment ends the run with: every object that is not well, and what to do next. */
export function rolloutFailure({ objects, namespace, previousImage }: ReportedDeployment): ModelpierError {
  const unwell = objects.filter(({ status }) => status.state !== 'Current');
  const hasFailed = unwell.some(({ status }) => status.state === 'Failed');
  const shown = unwell.map(
    ({ ref, status }) => `${formatObjectRef(ref)} is ${status.state} (${status.reason}): ${status.message}`,
  );
  const rest =
    previousImage === undefined
      ? 'nothing ran before, so there is nothing to go back to; the objects stay as they are'
      : `the pods of ${previousImage} go on serving until new ones are ready`;
  return new ModelpierError(
    hasFailed ? 'unhealthy' : 'timeout',
    `deploy to ${namespace}: ${hasFailed ? '' : 'not healthy in time: '}${shown.join('; ')}`,
    { hint: `mend it and release again; ${rest}` },
  );
}
