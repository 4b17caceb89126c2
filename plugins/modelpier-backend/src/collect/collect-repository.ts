import {
  type Digest,
  formatCount,
  formatRepository,
  hasCode,
  isWithin,
  ModelpierError,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { mapBounded, type Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { Knex } from 'knex';
import { insertManifests, readKnownManifests } from '../store/manifest-store';
import { recountLayers } from '../store/layer-count-store';
import { readNamers, type RepositoryKey } from '../store/repository-store';
import { writeReuse } from '../store/reuse-store';
import { holdTurn, type Turn } from '../store/turn-store';
import { readTags, readUntagged, type SeenTag, writeVersions } from '../store/version-store';
import type { RegistryReader } from './collect-registry';
import { collectReferrers } from './collect-referrers';
import { fetchVersion } from './fetch-version';
import { refreshModels } from './refresh-fleet';
import { isReferrerTag, looksImmutable } from '../domain/version-key';

export interface RepositoryCollection extends Waiting {
  readonly knex: Knex;
  readonly reader: RegistryReader;
  readonly repository: RepositoryKey;
  readonly turn: Turn;
  readonly now: number;
}

/** Few enough for a registry that counts requests, enough for a repository of a hundred tags. */
const CONCURRENT_REQUESTS = 4;
/** A tag that by custom never moves is still looked at now and then: nothing forbids moving it. */
const IMMUTABLE_RECHECK_MS = 60 * 60 * 1000;
/** More than any repository of a model has; a registry may also answer without end. */
const MOST_TAGS = 50_000;
/** Versions without a tag that are looked for again in one collection. */
const MOST_UNTAGGED = 20;

/** Brings a repository's tags, and each version behind them that is not known yet, into the database. */
export async function collectRepository(
  collection: RepositoryCollection,
): Promise<{ problem: string | null; isChanged: boolean }> {
  const { knex, repository, turn, now } = collection;
  const listed = await listNames(collection);
  const names = listed.filter(name => !isReferrerTag(name));
  const problems = new Map<string, string>();
  const seen = await verifyTags(collection, names, problems);
  await fetchMissing(collection, [...new Set(seen.map(tag => tag.digest))], problems);
  const readable = seen.filter(tag => !problems.has(tag.digest));
  const gone = await findGone(collection);
  const isChanged = await knex.transaction(async trx => {
    await holdTurn(trx, turn);
    const hasChanged = await writeVersions(trx, { repositoryId: repository.id, tags: readable, gone, now });
    if (hasChanged) await recount(trx, repository.id);
    return hasChanged;
  });
  const { reader, signal } = collection;
  await collectReferrers({ knex, reader, repository, tags: listed.filter(isReferrerTag), now, signal });
  const [first] = problems.values();
  return {
    isChanged,
    problem:
      first === undefined
        ? null
        : `${formatCount(problems.size, 'version')} could not be read, such as ${first}`,
  };
}

/** All that is computed of a repository's versions. */
async function recount(trx: Knex, repositoryId: number): Promise<void> {
  await writeReuse(trx, repositoryId);
  await recountLayers(trx, repositoryId);
  await refreshModels(trx, await readNamers(trx, repositoryId));
}

async function listNames({ reader, repository, signal }: RepositoryCollection): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const name of reader.listTags(repository, { signal })) {
    if (names.push(name) > MOST_TAGS) throw tooManyTags(repository);
  }
  return names;
}

const tooManyTags = (repository: Repository): ModelpierError =>
  new ModelpierError('too-large', `${formatRepository(repository)} has more than ${MOST_TAGS} tags`, {
    hint: 'delete tags that nobody needs, or name another repository',
  });

/** The digest behind each tag; for one that does not move, the digest we know. */
async function verifyTags(
  { knex, reader, repository, now, signal }: RepositoryCollection,
  names: readonly string[],
  problems: Problems,
): Promise<readonly SeenTag[]> {
  const known = await readTags(knex, repository.id);
  const tags = await mapBounded(names, CONCURRENT_REQUESTS, async name => {
    const before = known.get(name);
    const isFresh = before !== undefined && isWithin(before.verifiedAt, now, IMMUTABLE_RECHECK_MS);
    if (isFresh && looksImmutable(name)) return { name, ...before };
    try {
      const found = await reader.headManifest(repository, name, { signal });
      // Deleted between the list and now.
      return found === undefined ? undefined : { name, digest: found.digest, verifiedAt: now };
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      problems.set(name, `${name}: ${error.message}`);
      return before === undefined ? undefined : { name, ...before };
    }
  });
  return tags.filter(tag => tag !== undefined);
}

/** What could not be read for reasons of its own, by tag or by digest. */
type Problems = Map<string, string>;

/** Keeps what is not known yet. */
async function fetchMissing(
  { knex, reader, repository, signal }: RepositoryCollection,
  digests: readonly Digest[],
  problems: Problems,
): Promise<void> {
  const known = new Set<string>(await readKnownManifests(knex, digests));
  const missing = digests.filter(digest => !known.has(digest));
  await mapBounded(missing, CONCURRENT_REQUESTS, async digest => {
    try {
      const isKnown = (child: Digest) => known.has(child);
      const fetched = await fetchVersion(reader, repository, digest, { isKnown, signal });
      await insertManifests(knex, fetched);
      for (const manifest of fetched) known.add(manifest.digest);
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      problems.set(digest, error.message);
    }
  });
}

/** Faults of one document; any other failure is the registry's and ends the collection. */
const isOwnFault = (error: unknown): error is ModelpierError =>
  hasCode(error, 'invalid-document', 'unsupported', 'not-found', 'digest-mismatch', 'too-large');

/** Of the versions without a tag, those that the registry no longer has. */
async function findGone({
  knex,
  reader,
  repository,
  signal,
}: RepositoryCollection): Promise<readonly Digest[]> {
  const untagged = await readUntagged(knex, repository.id, MOST_UNTAGGED);
  const gone = await mapBounded(untagged, CONCURRENT_REQUESTS, async digest => {
    const found = await reader.headManifest(repository, digest, { signal });
    return found === undefined ? digest : undefined;
  });
  return gone.filter(digest => digest !== undefined);
}
