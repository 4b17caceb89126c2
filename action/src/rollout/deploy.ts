import type { ReportedDeployment } from '@modelpier/backstage-plugin-modelpier-common';
import { type BegunRelease, beginRelease } from '../ledger/begin-release';
import { holdLease } from '../ledger/hold-lease';
import type { ReleaseOptions } from './deploy-options';
import type { AppliedObject } from './apply';
import { judgeFit } from './fit';
import { HalfAppliedError } from './half-applied';
import { type Prepared, prepareRollout } from './prepare';
import { beginningOf, leaseOf, type ReleaseLinks } from './recorded-release';
import { endOf, endOfError, isStopped, tellEnd } from './release-end';
import { reportBroken } from './reported-deployment';
import { rollBack } from './roll-back';
import { rollOut } from './roll-out';
import { withReturn, withRollback } from './taken-back';

/**
 * Releases the objects: alone, for the lease keeps other releases of the model away, and told in the ledger. A
 * release that fails is an answer, not an error; it is rolled back where that is wanted. Throws where something
 * cannot be applied, where watching fails, when cancelled, and where another release does not end in time.
 */
export const deployObjects = (options: ReleaseOptions): Promise<ReportedDeployment> =>
  holdLease(leaseOf(options), signal => releaseObjects({ ...options, signal }));

/** One release, by whoever holds the lease; however it ends, the ledger is told. */
export async function releaseObjects(
  options: ReleaseOptions,
  links: ReleaseLinks = {},
): Promise<ReportedDeployment> {
  const prepared = await prepareRollout(options);
  await judgeFit(prepared, options);
  const release = await beginRelease(beginningOf(prepared, options, links));
  try {
    const deployed = await rollOutOrBack(release, prepared, options);
    await tellEnd(release, endOf(deployed), options);
    return deployed;
  } catch (error) {
    await tellEnd(release, endOfError(error, options), options);
    throw error;
  }
}

async function rollOutOrBack(
  release: BegunRelease,
  prepared: Prepared,
  options: ReleaseOptions,
): Promise<ReportedDeployment> {
  let applied: readonly AppliedObject[] = [];
  const onApplied: ReleaseOptions['onApplied'] = async all => {
    applied = all;
    await options.onApplied?.(all);
  };
  const deployed = await rollOut(prepared, { ...options, onApplied }).catch(async (error: unknown) => {
    if (isStopped(error, options)) throw error;
    // Some objects may be applied, and others not.
    if (error instanceof HalfAppliedError) ({ applied } = error);
    const failed = reportBroken(applied, prepared, options);
    throw withReturn(error, failed, await rollBack(release, prepared, options));
  });
  if (deployed.status !== 'failed') return deployed;
  return withRollback(deployed, await rollBack(release, prepared, options));
}
