import { type Digest, formatRepository, parseDigest } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { ModelRepositoryRow, VersionRow } from '../database/rows';
import { VERSION_ORDER } from '../store/reuse-store';

/** A version with the names that its row only refers to. */
export interface FoundVersion extends Omit<VersionRow, 'manifest_id'> {
  readonly manifest_id: number;
  readonly digest: Digest;
  readonly repository: string;
}

type JoinedRow = VersionRow & { digest: string; registry: string; path: string };

/** Newest first. */
export const NEWEST_FIRST = VERSION_ORDER.map(column => ({
  column: `versions.${column}`,
  order: 'desc' as const,
}));

/** Versions joined with digest and repository, for a caller to narrow. */
export function selectVersions(knex: Knex): Knex.QueryBuilder<JoinedRow, JoinedRow[]> {
  const query: Knex.QueryBuilder<JoinedRow, JoinedRow[]> = knex('versions');
  void query
    .join('manifests', 'manifests.id', 'versions.manifest_id')
    .join('repositories', 'repositories.id', 'versions.repository_id')
    .select(
      'versions.*',
      'manifests.digest as digest',
      'repositories.registry as registry',
      'repositories.path as path',
    );
  return query;
}

export const toFound = ({ digest, registry, path, ...row }: JoinedRow): FoundVersion => ({
  ...row,
  digest: parseDigest(digest),
  repository: formatRepository({ registry, path }),
});

/** The repositories of a model by number: most have one, whose versions an index has in order. */
export async function readRepositoryIds(knex: Knex, modelId: number): Promise<readonly number[]> {
  const rows = await knex<ModelRepositoryRow>('model_repositories')
    .where({ model_id: modelId })
    .orderBy('position')
    .select('repository_id');
  return rows.map(row => row.repository_id);
}

/** The repositories of a model, as a condition. */
export const repositoriesOf = (knex: Knex, modelId: number): Knex.QueryBuilder =>
  knex('model_repositories').where({ model_id: modelId }).select('repository_id');

/** A version of the model by its own digest or by that of one of its images. */
export async function findVersion(
  knex: Knex,
  modelId: number,
  digest: string,
): Promise<FoundVersion | undefined> {
  const rows = await selectVersions(knex)
    .whereIn('versions.id', selectByDigest(knex, digest))
    .whereIn('versions.repository_id', repositoriesOf(knex, modelId))
    .orderBy('versions.id', 'desc');
  const found = rows.map(toFound);
  return found.find(each => each.digest === digest) ?? found[0];
}

/** In any repository: by the index of digests, not through all versions of the model. */
const selectByDigest = (knex: Knex, digest: string): Knex.QueryBuilder =>
  knex('versions')
    .join('manifests', 'manifests.id', 'versions.manifest_id')
    .where('manifests.digest', digest)
    .select('versions.id')
    .union(
      knex('version_images')
        .join('manifests', 'manifests.id', 'version_images.manifest_id')
        .where('manifests.digest', digest)
        .select('version_images.version_id'),
    );
