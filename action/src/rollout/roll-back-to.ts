import {
  chooseTarget,
  describeRelease,
  interruptReleases,
  type ReleaseRecord,
  type ReportedDeployment,
  type RollbackTarget,
  type WantedRelease,
} from '@modelpier/backstage-plugin-modelpier-common';
import { holdLease } from '../ledger/hold-lease';
import { readLedger } from '../ledger/ledger-store';
import { releaseObjects } from './deploy';
import { planObjects } from './plan';
import { leaseOf, placeOf } from './recorded-release';
import { optionsFor, type RollbackBase } from './roll-back';

export interface RollbackOptions extends RollbackBase {
  /** Default: the last healthy release before what runs. */
  readonly wanted: WantedRelease;
  /** Called before anything of it is applied. */
  readonly onTarget: (target: RollbackTarget) => Promise<void>;
}

/** Releases the stored manifests of an earlier release again; no rollback of a rollback follows. */
export const rollBackTo = (options: RollbackOptions): Promise<ReportedDeployment> =>
  holdLease(leaseOf(options), async signal => {
    const held = { ...options, signal };
    const { target, newest } = await findTarget(held);
    const release = await optionsFor(target, held);
    const rolledBackTo = linkOf(target);
    const links = { rolledBackTo, rolledBackFrom: linkOf(newest) };
    return { ...(await releaseObjects({ ...release, rollback: 'never' }, links)), rolledBackTo };
  });

/** What a rollback would do, by a dry run on the server. */
export async function planRollback(options: RollbackOptions): Promise<ReportedDeployment> {
  const { target } = await findTarget(options);
  return { ...(await planObjects(await optionsFor(target, options))), rolledBackTo: linkOf(target) };
}

async function findTarget(
  options: RollbackOptions,
): Promise<{ readonly target: RollbackTarget; readonly newest: ReleaseRecord }> {
  const { clock, signal, wanted, onNote, onTarget } = options;
  const found = await readLedger(placeOf(options), { signal });
  const ledger = interruptReleases(found, new Date(clock.now()).toISOString());
  const target = chooseTarget(ledger, wanted);
  onNote?.(`rolling back to ${describeRelease(target)}`);
  await onTarget(target);
  return { target, newest: ledger.releases[0] ?? target };
}

const linkOf = ({ id, version }: ReleaseRecord) => ({ id, version });
