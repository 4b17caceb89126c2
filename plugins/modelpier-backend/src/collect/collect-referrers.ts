import { type Digest, hasCode, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { mapBounded, type ReferrerLister, type Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { Knex } from 'knex';
import { referrerKind } from '../domain/referrer-kind';
import {
  readReferred,
  type ReferredVersion,
  type SeenReferrer,
  writeReferrers,
} from '../store/referrer-store';

export interface ReferrerCollection extends Waiting {
  readonly knex: Knex;
  readonly reader: ReferrerLister;
  readonly repository: Repository & { readonly id: number };
  /** Tags under which signatures and the like are kept: cosign's are named after what they sign. */
  readonly tags: readonly string[];
  readonly now: number;
}

/** A registry is asked for so many versions at most in one collection of a repository. */
const MOST_ASKED = 20;
const CONCURRENT_REQUESTS = 4;
/** Images are signed within minutes of their push, and now and then much later. */
const FIRST_AGAIN_MS = 10 * 60 * 1000;
/** Each image has a handful; what has more is not worth a row for each. */
const MOST_REFERRERS = 100;

/** Finds signatures, SBOMs and other documents about versions. A registry without such lists has none. */
export async function collectReferrers(collection: ReferrerCollection): Promise<void> {
  const { knex, repository, tags, now } = collection;
  const versions = await readReferred(knex, repository.id);
  const due = versions.filter(version => isDue(version, now)).slice(0, MOST_ASKED);
  await mapBounded(due, CONCURRENT_REQUESTS, async ({ id, digest }) => {
    const listed = await list(collection, digest);
    const named = tags.filter(tag => tag.startsWith(`${digest.replace(':', '-')}.`)).map(fromTag);
    const referrers = [...listed, ...named].slice(0, MOST_REFERRERS);
    await writeReferrers(knex, id, { referrers, now });
  });
}

/** Again after as long as the version was known when it was last asked: often at first, seldom later. */
function isDue({ firstSeenAt, referredAt }: ReferredVersion, now: number): boolean {
  if (referredAt === undefined || referredAt > now) return true;
  return now - referredAt >= Math.max(FIRST_AGAIN_MS, referredAt - firstSeenAt);
}

async function list(
  { reader, repository, signal }: ReferrerCollection,
  digest: Digest,
): Promise<readonly SeenReferrer[]> {
  try {
    const referrers = await reader.listReferrers(repository, digest, { signal });
    return referrers.map(({ digest: name, artifactType = '', annotations }) => ({
      name,
      kind: referrerKind(artifactType, annotations),
      artifactType,
    }));
  } catch (error) {
    // A registry that is away is told of by the next collection, as is one that is slow.
    if (hasCode(error, 'unreachable', 'timeout', 'cancelled', 'unauthorized')) throw error;
    return [];
  }
}

const fromTag = (tag: string): SeenReferrer => ({
  name: tag,
  kind: referrerKind(tag),
  artifactType: tag.slice(tag.lastIndexOf('.') + 1),
});
