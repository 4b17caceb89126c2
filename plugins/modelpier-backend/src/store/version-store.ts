import {
  type Digest,
  digest,
  list,
  parseDigest,
  record,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { groupBy } from '../domain/group-by';
import { keptConfig } from '../domain/fetched-manifest';
import { type ImageFacts, readImageFacts } from '../domain/image-facts';
import { versionKey, versionOfTags } from '../domain/version-key';
import type { ManifestRow, RepositoryRow, TagRow, VersionImageRow, VersionRow } from '../database/rows';
import { chunks, insertAll, readDocument, wideNumber } from '../database/values';

/** A tag as a collection saw it; times in milliseconds since the epoch. */
export interface SeenTag {
  readonly name: string;
  readonly digest: Digest;
  readonly verifiedAt: number;
}

export async function readTags(
  knex: Knex,
  repositoryId: number,
): Promise<ReadonlyMap<string, Omit<SeenTag, 'name'>>> {
  const rows = await knex('tags')
    .join('versions', 'versions.id', 'tags.version_id')
    .join('manifests', 'manifests.id', 'versions.manifest_id')
    .where('tags.repository_id', repositoryId)
    .select<{ name: string; digest: string; verified_at: string }[]>(
      'tags.name',
      'manifests.digest',
      'tags.verified_at',
    );
  return new Map(
    rows.map(row => [row.name, { digest: parseDigest(row.digest), verifiedAt: Date.parse(row.verified_at) }]),
  );
}

/** Versions that no tag names; those kept longest first. */
export async function readUntagged(
  knex: Knex,
  repositoryId: number,
  limit: number,
): Promise<readonly Digest[]> {
  const rows = await knex('versions')
    .join('manifests', 'manifests.id', 'versions.manifest_id')
    .where('versions.repository_id', repositoryId)
    .whereNotIn('versions.id', knex('tags').where({ repository_id: repositoryId }).select('version_id'))
    .orderBy('versions.id')
    .limit(limit)
    .select<{ digest: string }[]>('manifests.digest');
  return rows.map(row => parseDigest(row.digest));
}

export interface SeenVersions {
  readonly repositoryId: number;
  readonly tags: readonly SeenTag[];
  /** Digests that the registry has no longer. */
  readonly gone: readonly Digest[];
  readonly now: number;
}

/** Makes a repository's tags exactly these, with a version for every digest behind them; answers whether that changed anything. */
export async function writeVersions(
  trx: Knex,
  { repositoryId, tags, gone, now }: SeenVersions,
): Promise<boolean> {
  const at = new Date(now).toISOString();
  // Who collects the repository at the same time waits.
  await trx<RepositoryRow>('repositories').where({ id: repositoryId }).forUpdate().first('id');
  const known = await readVersionIds(trx, repositoryId);
  const tagged = groupBy(tags, tag => tag.digest);
  const missing = [...tagged.keys()].filter(each => !known.has(each));
  for (const each of missing) {
    const names = (tagged.get(each) ?? []).map(tag => tag.name);
    known.set(each, await insertVersion(trx, { repositoryId, digest: each, names, at }));
  }
  const hasMoved = await replaceTags(trx, { repositoryId, tags, known, at });
  const goneIds = gone.filter(each => !tagged.has(each)).flatMap(each => known.get(each) ?? []);
  await trx<VersionRow>('versions').whereIn('id', goneIds).delete();
  return missing.length > 0 || goneIds.length > 0 || hasMoved;
}

async function readVersionIds(trx: Knex, repositoryId: number): Promise<Map<string, number>> {
  const rows = await trx('versions')
    .join('manifests', 'manifests.id', 'versions.manifest_id')
    .where('versions.repository_id', repositoryId)
    .select<{ id: number; digest: string }[]>('versions.id', 'manifests.digest');
  return new Map(rows.map(row => [row.digest, row.id]));
}

interface NewVersion {
  readonly repositoryId: number;
  readonly digest: Digest;
  readonly names: readonly string[];
  readonly at: string;
}

async function insertVersion(
  trx: Knex,
  { repositoryId, digest: own, names, at }: NewVersion,
): Promise<number> {
  const manifest = await trx<ManifestRow>('manifests').where({ digest: own }).first();
  if (manifest === undefined) throw new Error(`manifest ${own} was not kept`);
  const images = await readImages(trx, manifest);
  const main = mainImage(images) ?? manifest;
  const { facts, created } = await readFacts(trx, manifest, main);
  const version = facts.version ?? versionOfTags(names);
  const row: Omit<VersionRow, 'id'> = {
    repository_id: repositoryId,
    manifest_id: manifest.id,
    version,
    version_key: versionKey(version),
    ordered_at: plausibleTime(created, at) ?? at,
    first_seen_at: at,
    size_bytes: wideNumber(main.size_bytes),
    previous_id: null,
    new_bytes: null,
    reuse_ratio: null,
    facts: JSON.stringify(facts),
    referred_at: null,
  };
  const [inserted] = await trx<VersionRow>('versions').insert(row).returning('id');
  if (inserted === undefined) throw new Error(`version ${own} was not kept`);
  const links = images.map((image, position): VersionImageRow => ({
    version_id: inserted.id,
    manifest_id: image.id,
    platform: image.platform ?? '',
    position,
  }));
  await insertAll(trx, 'version_images', links);
  return inserted.id;
}

/** The image itself, or an index's images, the one that pages show first in front. */
async function readImages(trx: Knex, manifest: ManifestRow): Promise<readonly ManifestRow[]> {
  const children = readDocument(list(digest), manifest.children, 'list of images');
  if (children.length === 0) return [manifest];
  const rows: ManifestRow[] = [];
  for (const part of chunks(children))
    rows.push(...(await trx<ManifestRow>('manifests').whereIn('digest', part)));
  const main = mainImage(rows);
  return rows.toSorted((a, b) => Number(b === main) - Number(a === main) || a.id - b.id);
}

/** Most clusters run on it; a version of several platforms is shown by this one. */
const MAIN_PLATFORM = 'linux/amd64';
const mainImage = (images: readonly ManifestRow[]): ManifestRow | undefined =>
  images.find(image => image.platform === MAIN_PLATFORM) ?? images[0];

async function readFacts(
  trx: Knex,
  manifest: ManifestRow,
  main: ManifestRow,
): Promise<{ facts: ImageFacts; created: string | undefined }> {
  const annotations = [manifest, main].map(row => readDocument(record(text), row.annotations, 'annotations'));
  const config =
    main.config_id === null
      ? undefined
      : await trx('configs')
          .where({ id: main.config_id })
          .first<{ document: string } | undefined>('document');
  if (config === undefined) return { facts: readImageFacts(...annotations), created: undefined };
  const { labels, created } = readDocument(keptConfig, config.document, 'image config');
  return { facts: readImageFacts(...annotations, labels), created };
}

/** Reproducible builds write 1970 or 1980: such a time says nothing about the order of versions. */
const EARLIEST = '2000-01-01T00:00:00.000Z';

function plausibleTime(created: string | undefined, latest: string): string | undefined {
  const time = Date.parse(created ?? '');
  if (Number.isNaN(time)) return undefined;
  const written = new Date(time).toISOString();
  return written > EARLIEST && written <= latest ? written : undefined;
}

async function replaceTags(
  trx: Knex,
  {
    repositoryId,
    tags,
    known,
    at,
  }: { repositoryId: number; tags: readonly SeenTag[]; known: ReadonlyMap<string, number>; at: string },
): Promise<boolean> {
  const before = await trx<TagRow>('tags').where({ repository_id: repositoryId });
  const byName = new Map(before.map(row => [row.name, row]));
  const rows = tags.flatMap((tag): TagRow[] => {
    const versionId = known.get(tag.digest);
    if (versionId === undefined) return [];
    const old = byName.get(tag.name);
    return [
      {
        repository_id: repositoryId,
        name: tag.name,
        version_id: versionId,
        first_seen_at: old?.version_id === versionId ? old.first_seen_at : at,
        verified_at: new Date(tag.verifiedAt).toISOString(),
      },
    ];
  });
  const isSame = (row: TagRow): boolean => {
    const old = byName.get(row.name);
    return old?.version_id === row.version_id && old.verified_at === row.verified_at;
  };
  const changed = rows.filter(row => !isSame(row));
  const present = new Set(rows.map(row => row.name));
  const vanished = before.filter(row => !present.has(row.name));
  for (const part of chunks([...changed, ...vanished].map(row => row.name))) {
    await trx<TagRow>('tags').where({ repository_id: repositoryId }).whereIn('name', part).delete();
  }
  await insertAll(trx, 'tags', changed);
  return vanished.length > 0 || changed.some(row => byName.get(row.name)?.version_id !== row.version_id);
}
