import {
  type Placement,
  type Referrer,
  REFERRER_KINDS,
  type Version,
  type VersionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { ReferrerRow, TagRow, VersionImageRow } from '../database/rows';
import { readDocument, wideNumber } from '../database/values';
import { groupBy } from '../domain/group-by';
import { imageFacts } from '../domain/image-facts';
import { versionKey } from '../domain/version-key';
import { type Cursor, parseCursor, writeCursor } from './cursor';
import { readPlacements } from './placements';
import { type FoundVersion, NEWEST_FIRST, readRepositoryIds, selectVersions, toFound } from './version-rows';

export interface VersionsQuery {
  readonly modelId: number;
  readonly limit: number;
  readonly cursor: string | undefined;
  /** Where versions run is told only to those who may see deployments. */
  readonly withPlacements: boolean;
}

export async function readVersionsPage(
  knex: Knex,
  { modelId, limit, cursor, withPlacements }: VersionsQuery,
): Promise<Omit<VersionsPage, 'sources'>> {
  const mine = await readRepositoryIds(knex, modelId);
  const query = selectVersions(knex).whereIn('versions.repository_id', [...mine]);
  const after = cursor === undefined ? undefined : parseCursor(cursor, ['text', 'text', 'number']);
  if (after !== undefined) void query.where(isAfter(knex, after));
  const rows = (await query.orderBy(NEWEST_FIRST).limit(limit + 1)).map(toFound);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const total = await knex('versions')
    .whereIn('repository_id', [...mine])
    .count({ count: '*' })
    .first();
  return {
    items: await describeVersions(knex, page, { withPlacements, withReferrers: true }),
    nextCursor:
      rows.length > limit && last !== undefined
        ? writeCursor([last.ordered_at, last.version_key, last.id])
        : null,
    total: wideNumber(total?.count ?? 0),
  };
}

/** Rows behind the cursor, as a comparison of rows: both databases take it from the index. */
const isAfter = (knex: Knex, [orderedAt, key, id]: Cursor): Knex.Raw =>
  knex.raw('(versions.ordered_at, versions.version_key, versions.id) < (?, ?, ?)', [
    orderedAt ?? '',
    key ?? '',
    id ?? 0,
  ]);

/** Versions as the portal shows them; a handful of queries for any number of them. */
export async function describeVersions(
  knex: Knex,
  found: readonly FoundVersion[],
  { withPlacements, withReferrers }: { withPlacements: boolean; withReferrers: boolean },
): Promise<readonly Version[]> {
  const ids = found.map(({ id }) => id);
  const tags = groupBy(await knex<TagRow>('tags').whereIn('version_id', ids), tag => tag.version_id);
  const images = groupBy(
    await knex<VersionImageRow>('version_images').whereIn('version_id', ids).orderBy('position'),
    image => image.version_id,
  );
  const placements: ReadonlyMap<number, readonly Placement[]> = withPlacements
    ? await readPlacements(knex, ids)
    : new Map();
  const referrers = groupBy(withReferrers ? await readReferrers(knex, ids) : [], row => row.version_id);
  return found.map(row =>
    describeVersion(row, {
      referrers: withReferrers && row.referred_at !== null ? (referrers.get(row.id) ?? []) : undefined,
      tags: tags.get(row.id) ?? [],
      platforms: (images.get(row.id) ?? []).map(image => image.platform).filter(name => name !== ''),
      deployedIn: placements.get(row.id) ?? [],
    }),
  );
}

function describeVersion(
  row: FoundVersion,
  joined: {
    readonly tags: readonly TagRow[];
    readonly platforms: readonly string[];
    readonly deployedIn: readonly Placement[];
    readonly referrers: readonly ReferrerRow[] | undefined;
  },
): Version {
  const facts = readDocument(imageFacts, row.facts, 'image facts');
  return {
    digest: row.digest,
    repository: row.repository,
    tags: joined.tags.toSorted(byNewest).map(({ name }) => name),
    version: row.version,
    firstSeenAt: row.first_seen_at,
    platforms: joined.platforms,
    sizeBytes: wideNumber(row.size_bytes),
    newBytes: row.new_bytes === null ? null : wideNumber(row.new_bytes),
    reuseRatio: row.reuse_ratio,
    model: facts.model,
    modelDigest: facts.modelDigest,
    format: facts.format,
    metrics: facts.metrics,
    commit: facts.commit,
    sourceUrl: facts.sourceUrl,
    baseName: facts.baseName,
    deployedIn: joined.deployedIn,
    ...(facts.scan !== undefined && { scan: facts.scan }),
    ...(joined.referrers !== undefined && { referrers: joined.referrers.map(toReferrer) }),
  };
}

const readReferrers = (knex: Knex, ids: readonly number[]): Promise<ReferrerRow[]> =>
  knex<ReferrerRow>('referrers')
    .whereIn('version_id', [...ids])
    .orderBy(['first_seen_at', 'name']);

const toReferrer = (row: ReferrerRow): Referrer => ({
  kind: REFERRER_KINDS.find(kind => kind === row.kind) ?? 'other',
  artifactType: row.artifact_type,
  name: row.name,
  firstSeenAt: row.first_seen_at,
});

const byNewest = (a: TagRow, b: TagRow): number =>
  b.first_seen_at.localeCompare(a.first_seen_at) ||
  versionKey(b.name).localeCompare(versionKey(a.name)) ||
  a.name.localeCompare(b.name);
