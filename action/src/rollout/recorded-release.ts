import {
  formatDeployed,
  type ReleaseRecord,
  type RunFacts,
  withoutRunFacts,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BeginOptions } from '../ledger/begin-release';
import type { HoldLeaseOptions } from '../ledger/hold-lease';
import type { LedgerPlace } from '../ledger/place';
import type { ReleaseOptions } from './deploy-options';
import type { Prepared } from './prepare';

/** Of a rollback on demand: where it goes, and where it comes from. */
export type ReleaseLinks = Pick<ReleaseRecord, 'rolledBackTo' | 'rolledBackFrom'>;

/** As long as a release takes at most by default: then one that goes before can end. */
const DEFAULT_WAIT_MS = 11 * 60_000;

export const placeOf = ({ cluster, namespace, runFacts }: Recorded): LedgerPlace => ({
  cluster,
  namespace: namespace ?? cluster.namespace,
  model: runFacts.model,
});

type Recorded = Pick<ReleaseOptions, 'cluster' | 'namespace' | 'holder'> & {
  readonly runFacts: Pick<RunFacts, 'model' | 'runUrl'>;
};
type Leased = Recorded & Pick<ReleaseOptions, 'clock' | 'timeoutMs' | 'onNote' | 'onRecorded' | 'signal'>;

const holderOf = ({ holder, runFacts }: Recorded): string =>
  holder ?? runFacts.runUrl ?? 'a run without an address';

export const leaseOf = (options: Leased): HoldLeaseOptions => ({
  place: placeOf(options),
  holder: holderOf(options),
  clock: options.clock,
  waitMs: options.timeoutMs ?? DEFAULT_WAIT_MS,
  onWait: run => options.onNote?.(`waiting for another release of ${options.runFacts.model}: ${run}`),
  signal: options.signal,
  onTake: () => {
    const { model, namespace } = placeOf(options);
    options.onRecorded?.({ model, namespace });
  },
});

/** What the ledger is told before anything is applied. */
export function beginningOf(
  { previews }: Prepared,
  options: ReleaseOptions,
  links: ReleaseLinks,
): BeginOptions {
  const { version, commit, actor, runUrl } = options.runFacts;
  return {
    place: placeOf(options),
    holder: holderOf(options),
    clock: options.clock,
    facts: {
      version,
      image: formatDeployed(options.image),
      environment: options.environment,
      commit,
      actor,
      runUrl,
      ...links,
    },
    // The same release by another run has the very same manifests.
    objects: previews.map(({ object }) => withoutRunFacts(object)),
    onBegin: id => {
      const { model, namespace } = placeOf(options);
      options.onRecorded?.({ id, model, namespace });
    },
    onWarning: options.onWarning,
    signal: options.signal,
  };
}
