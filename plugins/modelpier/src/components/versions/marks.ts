import { type Referrer, type Version } from '@modelpier/backstage-plugin-modelpier-common';

/** What can be said of a mark; none of it says that a version is harmless, or whose signature it has. */
export type MarkSays =
  NonNullable<Version['scan']> | 'notScanned' | 'signed' | 'present' | 'absent' | 'notAsked';

export interface Mark {
  readonly id: 'scan' | 'signature' | 'provenance' | 'sbom';
  readonly says: MarkSays;
  /** The documents that say so. */
  readonly documents: readonly Referrer[];
}

const DOCUMENTS = [
  { id: 'signature', kind: 'signature', says: 'signed' },
  { id: 'provenance', kind: 'attestation', says: 'present' },
  { id: 'sbom', kind: 'sbom', says: 'present' },
] as const;

/** The proofs of a version: what was found of each, also where that is nothing or not known. */
export function marksOf({ scan, referrers }: Version): readonly Mark[] {
  return [
    { id: 'scan', says: scan ?? 'notScanned', documents: [] },
    ...DOCUMENTS.map(({ id, kind, says }): Mark => {
      if (referrers === undefined) return { id, says: 'notAsked', documents: [] };
      const documents = referrers.filter(each => each.kind === kind);
      return { id, says: documents.length === 0 ? 'absent' : says, documents };
    }),
  ];
}

/** Whether there is something to show before anybody asks. */
export const isTold = ({ says }: Mark): boolean => !['notScanned', 'absent', 'notAsked'].includes(says);
export const isAlarming = ({ says }: Mark): boolean => says === 'suspicious' || says === 'dangerous';
