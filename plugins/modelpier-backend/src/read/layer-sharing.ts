import { parseDigest, shortDigest } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { LayerRow } from '../database/rows';
import { chunks } from '../database/values';
import { groupBy } from '../domain/group-by';
import { type FoundVersion, NEWEST_FIRST, selectVersions } from './version-rows';

export interface SharingQuery {
  readonly modelId: number;
  /** Whose names may be told where a layer is shared. */
  readonly mayName: (entityRefs: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** Of the model's own versions these are looked at: a layer that none of them has is hardly asked for. */
const MOST_VERSIONS_LOOKED_AT = 50;
const MOST_SHARING_VERSIONS = 8;

/** Names of the newest other versions in the same repository that have a layer, newest first. */
export async function readSharingVersions(
  knex: Knex,
  layerIds: readonly number[],
  version: FoundVersion,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const newest = await selectVersions(knex)
    .where('versions.repository_id', version.repository_id)
    .whereNot('versions.id', version.id)
    .orderBy(NEWEST_FIRST)
    .limit(MOST_VERSIONS_LOOKED_AT);
  const rows = await knex('version_images')
    .join('manifest_layers', 'manifest_layers.manifest_id', 'version_images.manifest_id')
    .whereIn(
      'version_images.version_id',
      newest.map(({ id }) => id),
    )
    .whereIn('manifest_layers.layer_id', [...layerIds])
    .distinct<{ version_id: number; layer_id: number }[]>(
      'version_images.version_id',
      'manifest_layers.layer_id',
    );
  const having = groupBy(rows, row => row.layer_id);
  return new Map(
    [...having].map(([layerId, own]) => {
      const ids = new Set(own.map(row => row.version_id));
      const names = newest
        .filter(({ id }) => ids.has(id))
        .map(row => row.version ?? shortDigest(parseDigest(row.digest)));
      return [layerId, names.slice(0, MOST_SHARING_VERSIONS)];
    }),
  );
}

interface Sharing {
  readonly versions: ReadonlyMap<number, number>;
  readonly models: ReadonlyMap<number, readonly string[]>;
}

/** By the counts of repositories: a base that thousands have costs no more than a layer of its own. */
export async function readSharing(
  knex: Knex,
  layerIds: readonly number[],
  { modelId, mayName }: SharingQuery,
): Promise<Sharing> {
  const counts = await knex<LayerRow>('layers')
    .whereIn('id', [...layerIds])
    .select('id', 'versions');
  const users = await readUsers(knex, layerIds, modelId);
  const named = await mayName([...new Set(users.map(row => row.entity_ref))]);
  const groups = groupBy(
    users.filter(row => named.has(row.entity_ref)),
    row => row.layer_id,
  );
  return {
    // The version itself has the layer, too.
    versions: new Map(counts.map(row => [row.id, Math.max(0, row.versions - 1)])),
    models: new Map(
      [...groups].map(([id, rows]) => [
        id,
        // A model may have the layer in several of its repositories.
        [...new Set(rows.map(row => row.entity_ref))].slice(0, MOST_SHARING_MODELS).toSorted(),
      ]),
    ),
  };
}

/** Names beyond these help nobody; the count of versions tells how many there are. */
const MOST_SHARING_MODELS = 20;
/** Of these the caller may see some; who shares with thousands is told of those that were known first. */
const MOST_LOOKED_AT = 100;

interface LayerUser {
  layer_id: number;
  entity_ref: string;
}

/** Some for each layer, in one question for all of them. */
async function readUsers(
  knex: Knex,
  layerIds: readonly number[],
  modelId: number,
): Promise<readonly LayerUser[]> {
  const users: LayerUser[] = [];
  for (const part of chunks(layerIds, LAYERS_AT_ONCE)) {
    const each = part.map(id =>
      knex.from(selectUsers(knex, id, modelId).as('users')).select('layer_id', 'entity_ref'),
    );
    users.push(...((await knex.unionAll(each)) as LayerUser[]));
  }
  return users;
}

/** SQLite joins at most 500 questions to one. */
const LAYERS_AT_ONCE = 100;

const selectUsers = (knex: Knex, layerId: number, modelId: number): Knex.QueryBuilder =>
  knex('repository_layers')
    .join('model_repositories', 'model_repositories.repository_id', 'repository_layers.repository_id')
    .join('models', 'models.id', 'model_repositories.model_id')
    .where('repository_layers.layer_id', layerId)
    .whereNot('models.id', modelId)
    .orderBy('repository_layers.repository_id')
    .limit(MOST_LOOKED_AT)
    .select('repository_layers.layer_id', 'models.entity_ref');
