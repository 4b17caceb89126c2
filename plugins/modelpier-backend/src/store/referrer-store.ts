import { type Digest, parseDigest, type ReferrerKind } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { ReferrerRow, VersionRow } from '../database/rows';
import { insertMissing } from '../database/values';

/** A version, and when it was asked for its referrers; times in milliseconds since the epoch. */
export interface ReferredVersion {
  readonly id: number;
  readonly digest: Digest;
  readonly firstSeenAt: number;
  readonly referredAt: number | undefined;
}

/** The versions of a repository that a tag names, newest first: nobody looks for what signs the others. */
export async function readReferred(knex: Knex, repositoryId: number): Promise<readonly ReferredVersion[]> {
  const rows = await knex('versions')
    .join('manifests', 'manifests.id', 'versions.manifest_id')
    .where('versions.repository_id', repositoryId)
    .whereIn('versions.id', knex('tags').where({ repository_id: repositoryId }).select('version_id'))
    .orderBy('versions.id', 'desc')
    .select<(Pick<VersionRow, 'id' | 'first_seen_at' | 'referred_at'> & { digest: string })[]>(
      'versions.id',
      'versions.first_seen_at',
      'versions.referred_at',
      'manifests.digest',
    );
  return rows.map(row => ({
    id: row.id,
    digest: parseDigest(row.digest),
    firstSeenAt: Date.parse(row.first_seen_at),
    referredAt: row.referred_at === null ? undefined : Date.parse(row.referred_at),
  }));
}

export interface SeenReferrer {
  /** A digest, or the tag that older tools keep it under. */
  readonly name: string;
  readonly kind: ReferrerKind;
  readonly artifactType: string;
}

/** Makes the referrers of a version exactly these; one that was known keeps its time. */
export async function writeReferrers(
  knex: Knex,
  versionId: number,
  { referrers, now }: { referrers: readonly SeenReferrer[]; now: number },
): Promise<void> {
  const at = new Date(now).toISOString();
  const rows: ReferrerRow[] = referrers.map(({ name, kind, artifactType }) => ({
    version_id: versionId,
    name,
    kind,
    artifact_type: artifactType.slice(0, 255),
    first_seen_at: at,
  }));
  await knex.transaction(async trx => {
    await trx<ReferrerRow>('referrers')
      .where({ version_id: versionId })
      .whereNotIn(
        'name',
        rows.map(({ name }) => name),
      )
      .delete();
    await insertMissing(trx, 'referrers', rows, ['version_id', 'name']);
    await trx<VersionRow>('versions').where({ id: versionId }).update({ referred_at: at });
  });
}
