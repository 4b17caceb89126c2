import type { Knex } from 'knex';
import type { HistoryRow, ManifestRow, ReleaseRow, RepositoryRow } from '../database/rows';

/** Of what nobody needs any longer, how much goes in one statement: others wait as long. */
const ROWS_AT_ONCE = 500;

const selectUnused = (knex: Knex): Knex.QueryBuilder<ManifestRow> => {
  const query: Knex.QueryBuilder = knex<ManifestRow>('manifests');
  void query
    .whereNotExists(knex('versions').whereRaw('versions.manifest_id = manifests.id'))
    .whereNotExists(knex('version_images').whereRaw('version_images.manifest_id = manifests.id'));
  return query;
};

/** Notes which manifests no version stands for now, and forgets those noted before `before`. */
export async function forgetManifests(
  knex: Knex,
  { now, before }: { now: string; before: string },
): Promise<number> {
  const unused = () => selectUnused(knex).clone().select('id');
  await knex<ManifestRow>('manifests')
    .whereNotNull('unused_since')
    .whereNotIn('id', unused())
    .update({ unused_since: null });
  await knex<ManifestRow>('manifests')
    .whereNull('unused_since')
    .whereIn('id', unused())
    .update({ unused_since: now });
  const gone = () =>
    selectUnused(knex).where('unused_since', '<', before).orderBy('id').limit(ROWS_AT_ONCE).select('id');
  const count = await deleteAll(() => knex<ManifestRow>('manifests').whereIn('id', gone()).delete());
  if (count > 0) await forgetParts(knex);
  return count;
}

/** Configs and layers of manifests that are gone. */
async function forgetParts(knex: Knex): Promise<void> {
  const isUnused = (table: string, user: string, column: string) => () =>
    knex(table)
      .whereIn(
        'id',
        knex(table)
          .whereNotExists(knex(user).whereRaw(`${user}.${column} = ${table}.id`))
          .orderBy('id')
          .limit(ROWS_AT_ONCE)
          .select('id'),
      )
      .delete();
  await deleteAll(isUnused('configs', 'manifests', 'config_id'));
  await deleteAll(isUnused('layers', 'manifest_layers', 'layer_id'));
}

/** Repositories that no model has named since; what they hold goes by and by. */
export const forgetRepositories = (knex: Knex, before: string): Promise<number> =>
  knex<RepositoryRow>('repositories')
    .where({ is_counted: 0 })
    .whereNotIn('id', knex('model_repositories').select('repository_id'))
    .where(either => {
      void either.whereNull('observed_at').orWhere('observed_at', '<', before);
    })
    .delete();

/** What containers used before; how the model stood stays. */
export const forgetUse = (knex: Knex, before: string): Promise<number> =>
  knex<HistoryRow>('history')
    .where('at', '<', before)
    .whereNotNull('containers')
    .update({ containers: null });

export const forgetHistory = (knex: Knex, span: string, before: string): Promise<number> =>
  knex<HistoryRow>('history').where({ span }).where('at', '<', before).delete();

export const forgetReleases = (knex: Knex, before: string): Promise<number> =>
  knex<ReleaseRow>('releases').where('started_at', '<', before).delete();

async function deleteAll(deleteSome: () => PromiseLike<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await deleteSome();
    total += count;
    if (count < ROWS_AT_ONCE) return total;
  }
}
