import type {
  KubernetesObject,
  ObjectApplier,
  ObjectReader,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';

/** Where the releases of one model are told of. */
export interface LedgerPlace {
  readonly cluster: ObjectReader & ObjectApplier;
  readonly namespace: string;
  readonly model: string;
}

/** The manager of all that is kept about releases; one stable name, as for the manifests. */
export const LEDGER_MANAGER = 'modelpier-ledger';

/**
 * Writes an object whole, over the very version that was read; throws `conflict` where somebody was faster. To
 * create it, every writer needs a manager of its own: only then does server-side apply let one of several win.
 */
export async function writeOver(
  { cluster }: LedgerPlace,
  object: KubernetesObject,
  options: Waiting & { readonly live: KubernetesObject | undefined; readonly creator: string },
): Promise<KubernetesObject> {
  const { live, creator, signal } = options;
  if (live === undefined) {
    return (await cluster.applyObject(object, { fieldManager: creator, signal })).object;
  }
  const { resourceVersion } = live.metadata;
  const over = { ...object, metadata: { ...object.metadata, resourceVersion } };
  return (await cluster.applyObject(over, { fieldManager: LEDGER_MANAGER, force: true, signal })).object;
}
