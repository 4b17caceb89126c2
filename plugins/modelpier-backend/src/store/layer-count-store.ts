import type { Knex } from 'knex';
import type { ModelRepositoryRow, RepositoryLayerRow, RepositoryRow, Wide } from '../database/rows';
import { chunks, insertAll, wideNumber } from '../database/values';

type Counts = Pick<RepositoryLayerRow, 'occurrences' | 'base_occurrences' | 'versions'>;
type CountsByLayer = ReadonlyMap<number, Counts>;

const NONE: Counts = { occurrences: 0, base_occurrences: 0, versions: 0 };

/**
 * Counts a repository's layers again, and takes what changed over into the counts of all repositories.
 * The repository is to be locked: two who count at once would both add the difference.
 */
export async function recountLayers(trx: Knex, repositoryId: number): Promise<void> {
  const isNamed = await trx<ModelRepositoryRow>('model_repositories')
    .where({ repository_id: repositoryId })
    .first('model_id');
  const counted: CountsByLayer = isNamed === undefined ? new Map() : await countLayers(trx, repositoryId);
  const before = await readCounts(trx, repositoryId);
  const changed = [...new Set([...counted.keys(), ...before.keys()])]
    .filter(id => !isSame(counted.get(id) ?? NONE, before.get(id) ?? NONE))
    // In one order everywhere, so that two collections never wait for each other's rows.
    .sort((a, b) => a - b);
  for (const part of chunks(changed)) {
    await trx<RepositoryLayerRow>('repository_layers')
      .where({ repository_id: repositoryId })
      .whereIn('layer_id', part)
      .delete();
  }
  const rows = changed.flatMap(id => {
    const counts = counted.get(id);
    return counts === undefined ? [] : [{ repository_id: repositoryId, layer_id: id, ...counts }];
  });
  await insertAll(trx, 'repository_layers', rows);
  for (const id of changed)
    await addToLayer(trx, id, difference(counted.get(id) ?? NONE, before.get(id) ?? NONE));
  await trx<RepositoryRow>('repositories')
    .where({ id: repositoryId })
    .update({ is_counted: isNamed === undefined ? 0 : 1 });
}

/** As `recountLayers`, for a caller that holds nothing yet. */
export const recountRepository = (knex: Knex, id: number): Promise<void> =>
  knex.transaction(async trx => {
    await trx<RepositoryRow>('repositories').where({ id }).forUpdate().first('id');
    await recountLayers(trx, id);
  });

/** Repositories that a model began or ceased to name since they were counted. */
export async function readMiscounted(trx: Knex): Promise<readonly number[]> {
  const named = () => trx('model_repositories').select('repository_id');
  const rows = await trx<RepositoryRow>('repositories')
    .where(either => {
      void either.where({ is_counted: 0 }).whereIn('id', named());
    })
    .orWhere(either => {
      void either.where({ is_counted: 1 }).whereNotIn('id', named());
    })
    .orderBy('id')
    .select('id');
  return rows.map(({ id }) => id);
}

async function countLayers(trx: Knex, repositoryId: number): Promise<CountsByLayer> {
  const rows = await trx('versions')
    .join('version_images', 'version_images.version_id', 'versions.id')
    .join('manifest_layers', 'manifest_layers.manifest_id', 'version_images.manifest_id')
    .where('versions.repository_id', repositoryId)
    // Charts, signatures and other artifacts have no platform.
    .whereNot('version_images.platform', '')
    .groupBy('manifest_layers.layer_id')
    .select<{ layer_id: number; occurrences: Wide; base_occurrences: Wide; versions: Wide }[]>(
      'manifest_layers.layer_id',
      trx.raw('count(*) as occurrences'),
      trx.raw("sum(case when manifest_layers.kind = 'base' then 1 else 0 end) as base_occurrences"),
      trx.raw('count(distinct versions.id) as versions'),
    );
  return new Map(
    rows.map(row => [
      row.layer_id,
      {
        occurrences: wideNumber(row.occurrences),
        base_occurrences: wideNumber(row.base_occurrences),
        versions: wideNumber(row.versions),
      },
    ]),
  );
}

async function readCounts(trx: Knex, repositoryId: number): Promise<CountsByLayer> {
  const rows = await trx<RepositoryLayerRow>('repository_layers').where({ repository_id: repositoryId });
  return new Map(
    rows.map(({ layer_id: id, occurrences, base_occurrences, versions }) => [
      id,
      { occurrences, base_occurrences, versions },
    ]),
  );
}

const isSame = (a: Counts, b: Counts): boolean =>
  a.occurrences === b.occurrences && a.base_occurrences === b.base_occurrences && a.versions === b.versions;

const difference = (a: Counts, b: Counts): Counts => ({
  occurrences: a.occurrences - b.occurrences,
  base_occurrences: a.base_occurrences - b.base_occurrences,
  versions: a.versions - b.versions,
});

const addToLayer = (trx: Knex, id: number, { occurrences, base_occurrences, versions }: Counts) =>
  trx('layers').where({ id }).increment({ occurrences, base_occurrences, versions });
