import {
  type Decoded,
  deployment,
  digest,
  flag,
  list,
  object,
} from '@modelpier/backstage-plugin-modelpier-common';

/** A workload as a collection saw it; version and drift are joined when it is read. */
export const storedWorkload = object({
  deployment,
  /** What the pods of the newest revision run: older ones on their way out are no drift. */
  newestDigests: list(digest),
  /** Whether it asks for another image than its ledger says was released. */
  isUnreleased: flag,
});
export type StoredWorkload = Decoded<typeof storedWorkload>;
