import {
  emptyLedger,
  hasCode,
  type Ledger,
  LEDGER_KEY,
  ledgerLabels,
  ledgerName,
  ModelpierError,
  parseLedger,
  renderLedger,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { type LedgerPlace, writeOver } from './place';

/** With the lease there is one writer; without it, each round of conflicts lets one through. */
const MOST_ATTEMPTS = 30;

/** The ledger; an empty one where no release was recorded yet. */
export async function readLedger(place: LedgerPlace, waiting: Waiting = {}): Promise<Ledger> {
  return ledgerOf(await readLive(place, waiting), place);
}

/** Changes the ledger; what others wrote in between is read again, so `change` may be called several times. */
export async function updateLedger(
  place: LedgerPlace,
  change: (ledger: Ledger) => Ledger,
  { creator, signal }: Waiting & { readonly creator: string },
): Promise<Ledger> {
  for (let attempt = 1; ; attempt += 1) {
    const live = await readLive(place, { signal });
    const ledger = change(ledgerOf(live, place));
    // There is none, and nothing to tell.
    if (live === undefined && ledger.releases.length === 0) return ledger;
    try {
      await writeOver(place, objectOf(ledger, place), { live, creator, signal });
      return ledger;
    } catch (error) {
      if (!hasCode(error, 'conflict') || attempt >= MOST_ATTEMPTS) throw error;
    }
  }
}

const readLive = (
  { cluster, namespace, model }: LedgerPlace,
  waiting: Waiting,
): Promise<KubernetesObject | undefined> =>
  cluster.getObject({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: ledgerName(model) }, waiting);

/** Nothing is deployed over a ledger that cannot be read: what to go back to would be lost. */
function ledgerOf(live: KubernetesObject | undefined, { model, namespace }: LedgerPlace): Ledger {
  if (live === undefined) return emptyLedger(model);
  try {
    return parseLedger(live);
  } catch (cause) {
    if (!hasCode(cause, 'invalid-document')) throw cause;
    throw new ModelpierError('invalid-document', cause.message, {
      hint: `mend it, or delete it to begin a new one without the history: kubectl delete configmap ${ledgerName(model)} --namespace ${namespace}`,
      faults: cause.faults,
    });
  }
}

const objectOf = (ledger: Ledger, { model, namespace }: LedgerPlace): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: ledgerName(model), namespace, labels: ledgerLabels(model) },
  data: { [LEDGER_KEY]: renderLedger(ledger) },
});
