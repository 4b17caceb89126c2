import {
  appendRelease,
  describeRelease,
  finishRelease,
  formatBytes,
  freeSecretName,
  interruptReleases,
  type Ledger,
  type ReleaseEnd,
  type ReleaseRecord,
  type StoredManifests,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Clock, KubernetesObject, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { creatorOf } from './lease';
import { updateLedger } from './ledger-store';
import type { LedgerPlace } from './place';
import { MOST_STORED_BYTES, packManifests, storeManifests } from './stored-manifests';

/** To write the end of a release, also when the run is being stopped: GitHub leaves 7.5 s. */
const END_WITHIN_MS = 4_000;

export interface BeginOptions extends Waiting {
  readonly place: LedgerPlace;
  /** Of the lease, which has to be held. */
  readonly holder: string;
  readonly clock: Clock;
  readonly facts: Omit<ReleaseRecord, 'id' | 'startedAt' | 'verdict' | 'manifests'>;
  /** What a rollback to this release will apply. */
  readonly objects: readonly KubernetesObject[];
  /** Called with the id before anything is written. */
  readonly onBegin?: ((id: string) => void) | undefined;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** A release that the ledger tells of, until its end. */
export interface BegunRelease {
  readonly record: ReleaseRecord;
  /** As it was with this release as its newest. */
  readonly ledger: Ledger;
  /** Writes how it ended; only the first end counts. */
  end(end: Omit<ReleaseEnd, 'finishedAt'>): Promise<void>;
}

/** Records a release and keeps its manifests, before anything of it is applied. */
export async function beginRelease(options: BeginOptions): Promise<BegunRelease> {
  const startedAt = new Date(options.clock.now()).toISOString();
  const ending = { ...options, id: idOf(startedAt, options.holder) };
  options.onBegin?.(ending.id);
  try {
    return await recordRelease(options, { id: ending.id, startedAt });
  } catch (error) {
    // What fails in the middle of a write may be written all the same.
    const isStopped = options.signal?.aborted === true;
    const cause: unknown = isStopped ? options.signal.reason : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    await endRelease(ending, { verdict: isStopped ? 'cancelled' : 'failed', reason }).catch(() => undefined);
    throw error;
  }
}

async function recordRelease(
  options: BeginOptions,
  { id, startedAt }: Pick<ReleaseRecord, 'id' | 'startedAt'>,
): Promise<BegunRelease> {
  const { place, holder, clock, facts, onWarning, signal } = options;
  const packed = await packManifests(options.objects);
  const isKept = packed.bytes.length <= MOST_STORED_BYTES;
  if (!isKept) onWarning?.(tooLarge(packed.bytes.length));

  const begun: ReleaseRecord = { ...facts, id, startedAt, verdict: 'in-progress' };
  const creator = creatorOf(holder);
  let interrupted: readonly ReleaseRecord[] = [];
  const ledger = await updateLedger(
    place,
    found => {
      interrupted = found.releases.filter(({ verdict, id }) => verdict === 'in-progress' && id !== begun.id);
      const settled = interruptReleases(found, startedAt);
      const manifests = isKept ? placeFor(packed.digest, settled) : undefined;
      return appendRelease(settled, { ...begun, manifests });
    },
    { creator, signal },
  );
  const [record = begun] = ledger.releases;
  if (record.manifests !== undefined) {
    const { secret } = record.manifests;
    await storeManifests(place, { secret, bytes: packed.bytes }, { signal });
  }
  for (const each of interrupted) onWarning?.(interruption(each));
  return { record, ledger, end: end => endRelease({ place, holder, clock, id: begun.id }, end) };
}

/** The Secret that has the very same manifests already, else one that is free. */
function placeFor(digest: string, ledger: Ledger): StoredManifests {
  const same = ledger.releases.find(({ manifests }) => manifests?.digest === digest)?.manifests;
  return same ?? { secret: freeSecretName(ledger), digest };
}

export interface Ending {
  readonly place: LedgerPlace;
  readonly holder: string;
  readonly clock: Clock;
  readonly id: string;
}

export async function endRelease(
  { place, holder, clock, id }: Ending,
  end: Omit<ReleaseEnd, 'finishedAt'>,
): Promise<void> {
  const finishedAt = new Date(clock.now()).toISOString();
  await updateLedger(place, ledger => finishRelease(ledger, id, { ...end, finishedAt }), {
    creator: creatorOf(holder),
    signal: AbortSignal.timeout(END_WITHIN_MS),
  });
}

/** `20260301t120000-3fa9`: the time, and what tells two releases of the same second apart. */
const idOf = (startedAt: string, holder: string): string =>
  `${startedAt.slice(0, 19).replace(/[-:]/g, '').toLowerCase()}-${creatorOf(`${holder} ${startedAt}`).slice(-4)}`;

const tooLarge = (bytes: number): string =>
  `the manifests have ${formatBytes(bytes)} when compressed, more than a Secret takes: ` +
  'they are not kept, so this release cannot be rolled back to';

const interruption = (release: ReleaseRecord): string =>
  `the run of ${describeRelease(release)} ended without a verdict${release.runUrl === undefined ? '' : `: ${release.runUrl}`}`;
