import { ModelpierError } from '../error';
import { describeRelease } from './describe-release';
import type { Ledger } from './ledger';
import { lastHealthyRelease } from './history';
import { isHealthyRelease, type ReleaseRecord, type StoredManifests } from './release-record';

/** A release that can be gone back to. */
export type RollbackTarget = ReleaseRecord & { readonly manifests: StoredManifests };

const isTarget = (release: ReleaseRecord): release is RollbackTarget =>
  isHealthyRelease(release) && release.manifests !== undefined;

/** Where a failed release is rolled back to: the last healthy one, never just the one before; or why nowhere. */
export function automaticTarget(ledger: Ledger, failed: ReleaseRecord): RollbackTarget | string {
  const last = lastHealthyRelease(ledger);
  if (last === undefined) return 'no release before it was healthy';
  if (!isTarget(last)) return `the manifests of ${describeRelease(last)} were too large to be kept`;
  if (last.manifests.digest === failed.manifests?.digest) {
    return `it has the very manifests of the last healthy release, ${describeRelease(last)}`;
  }
  return last;
}

export interface WantedRelease {
  readonly version?: string | undefined;
  /** Of the image. */
  readonly digest?: string | undefined;
}

/** The release to go back to on demand: as wanted, else the last healthy one before what runs now. */
export function chooseTarget(ledger: Ledger, wanted: WantedRelease): RollbackTarget {
  const { version, digest } = wanted;
  if (version === undefined && digest === undefined) return targetBefore(ledger);
  const named = ledger.releases.filter(
    release =>
      (version === undefined || release.version === version) &&
      (digest === undefined || release.image.endsWith(`@${digest}`)),
  );
  const found = named.find(isTarget);
  if (found !== undefined) return found;
  const what = [version, digest].filter(part => part !== undefined).join(' with ');
  throw noTarget(ledger, reasonAgainst(what, named));
}

function reasonAgainst(what: string, named: readonly ReleaseRecord[]): string {
  const [newest] = named;
  if (newest === undefined) return `there is no release ${what}`;
  const healthy = named.find(isHealthyRelease);
  return healthy === undefined
    ? `${what} never was healthy: ${describeRelease(newest)}`
    : `the manifests of ${describeRelease(healthy)} are not kept any more`;
}

/** Going back twice goes back by two: what was rolled back from is not returned to. */
function targetBefore(ledger: Ledger): RollbackTarget {
  const [newest] = ledger.releases;
  const running = lastHealthyRelease(ledger);
  if (newest === undefined || running === undefined) throw noTarget(ledger, 'no release was healthy yet');
  const runs = newest === running || newest.verdict === 'rolled-back';
  if (!runs && isTarget(running)) return running;
  const found = releasesBefore(ledger, running).find(
    (each): each is RollbackTarget => isTarget(each) && each.manifests.digest !== running.manifests?.digest,
  );
  if (found !== undefined) return found;
  throw noTarget(ledger, `no other release that is kept was healthy before ${describeRelease(running)}`);
}

/** Those before a release; before a rollback, those before the release that it went back to. */
function releasesBefore({ releases }: Ledger, release: ReleaseRecord): readonly ReleaseRecord[] {
  const { id, rolledBackFrom, rolledBackTo } = release;
  const origin = rolledBackFrom === undefined ? id : rolledBackTo?.id;
  const position = releases.findIndex(each => each.id === origin);
  return position === -1 ? [] : releases.slice(position + 1);
}

/** Enough to choose from; the ledger itself has them all. */
const MOST_LISTED = 10;

function noTarget(ledger: Ledger, reason: string): ModelpierError {
  const targets = ledger.releases.filter(isTarget).slice(0, MOST_LISTED);
  return new ModelpierError('not-found', `roll back ${ledger.model}: ${reason}`, {
    hint:
      targets.length === 0
        ? 'there is no release to go back to; release a version that works'
        : `go back to one of ${targets.map(describeRelease).join('; ')}`,
  });
}
