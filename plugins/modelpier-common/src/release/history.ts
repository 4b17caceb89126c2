import { type Ledger, renderLedger, storedReleaseName } from './ledger';
import { isHealthyRelease, type ReleaseRecord } from './release-record';

/** How many releases are told of, and in how many bytes: a ConfigMap takes 1 MiB with all that is around it. */
export const MOST_RELEASES = 100;
export const MOST_LEDGER_BYTES = 512 * 1024;
/** How many sets of manifests are kept; that of the last healthy release is kept beside them. */
export const KEPT_MANIFESTS = 10;
/** Longer texts are for the report of the run. */
const LONGEST_TEXT = 1_000;

/** The ledger with this release as its newest; one of the same id is replaced, so that it may be said twice. */
export function appendRelease(ledger: Ledger, release: ReleaseRecord): Ledger {
  const others = ledger.releases
    .filter(({ id }) => id !== release.id)
    .map(other => (isWrittenOver(other, release) ? { ...other, manifests: undefined } : other));
  return trimLedger({ ...ledger, releases: [shortened(release), ...others] });
}

const isWrittenOver = ({ manifests: old }: ReleaseRecord, { manifests: given }: ReleaseRecord): boolean =>
  old?.secret === given?.secret && old?.digest !== given?.digest;

export type ReleaseEnd = Pick<
  ReleaseRecord,
  'verdict' | 'reason' | 'diagnosis' | 'golden' | 'rolledBackTo'
> & {
  readonly finishedAt: string;
};

/** The ledger with the end of a release; one that has ended already keeps its end. */
export function finishRelease(ledger: Ledger, id: string, end: ReleaseEnd): Ledger {
  const releases = ledger.releases.map(release =>
    release.id === id && release.verdict === 'in-progress' ? shortened({ ...release, ...end }) : release,
  );
  return trimLedger({ ...ledger, releases });
}

/**
 * The ledger without any release in progress: for whoever holds the lease and has not begun yet, as then the runs
 * of all of them have died.
 */
export function interruptReleases(ledger: Ledger, finishedAt: string): Ledger {
  const releases = ledger.releases.map(release =>
    release.verdict === 'in-progress'
      ? { ...release, verdict: 'interrupted' as const, finishedAt, reason: INTERRUPTED }
      : release,
  );
  return { ...ledger, releases };
}

const INTERRUPTED = 'its run ended without a word, so how far it came is not known';

export const lastHealthyRelease = ({ releases }: Ledger): ReleaseRecord | undefined =>
  releases.find(isHealthyRelease);

/** Drops the oldest manifests and releases over the limits, but nothing of the last healthy release. */
export function trimLedger(ledger: Ledger): Ledger {
  const kept = keptSecrets(ledger, KEPT_MANIFESTS);
  const releases = ledger.releases.map(release =>
    kept.has(release.manifests?.secret) ? release : { ...release, manifests: undefined },
  );
  const lastHealthy = lastHealthyRelease(ledger)?.id;
  const mayGo = ({ id, verdict }: ReleaseRecord, index: number): boolean =>
    index > 0 && id !== lastHealthy && verdict !== 'in-progress';
  while (releases.length > MOST_RELEASES || sizeBytes({ ...ledger, releases }) > MOST_LEDGER_BYTES) {
    const oldest = releases.findLastIndex(mayGo);
    if (oldest === -1) break;
    releases.splice(oldest, 1);
  }
  return { ...ledger, releases };
}

/** The Secrets of the newest releases and of the last healthy one; several releases may share one. */
function keptSecrets(ledger: Ledger, most: number): ReadonlySet<string | undefined> {
  const secrets = ledger.releases.flatMap(({ manifests }) => manifests?.secret ?? []);
  return new Set([...[...new Set(secrets)].slice(0, most), lastHealthyRelease(ledger)?.manifests?.secret]);
}

/** A Secret whose manifests nobody will go back to once there is one more release. */
export function freeSecretName(ledger: Ledger): string {
  const kept = keptSecrets(ledger, KEPT_MANIFESTS - 1);
  const free = storedReleaseNames(ledger.model).find(name => !kept.has(name));
  if (free === undefined) throw new TypeError('more Secrets are kept than there are names for');
  return free;
}

/** Every name that a Secret with manifests of the model can have. */
export const storedReleaseNames = (model: string): readonly string[] =>
  Array.from({ length: KEPT_MANIFESTS + 1 }, (_, slot) => storedReleaseName(model, slot));

const sizeBytes = (ledger: Ledger): number =>
  encodeURIComponent(renderLedger(ledger)).replace(/%../g, '_').length;

function shortened(release: ReleaseRecord): ReleaseRecord {
  const { reason, diagnosis } = release;
  return {
    ...release,
    ...(reason !== undefined && { reason: cut(reason) }),
    ...(diagnosis !== undefined && { diagnosis: cut(diagnosis) }),
  };
}

/** By characters, so that none is cut in half. */
function cut(text: string): string {
  const characters = Array.from(text);
  return characters.length <= LONGEST_TEXT ? text : `${characters.slice(0, LONGEST_TEXT - 3).join('')}...`;
}
