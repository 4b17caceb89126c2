import { formatRepository, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { ModelEntity } from '../domain/model-entity';
import type { ModelRepositoryRow, ModelRow, RepositoryRow } from '../database/rows';
import { chunks, insertAll, insertMissing } from '../database/values';

/** A catalog that starts anew, or that answers nothing by mistake, has its entities back within minutes. */
const GRACE_MS = 60 * 60 * 1000;

/**
 * Makes the tables hold these models, and leaves alone what says the same already; answers what changed.
 * One that is missing is out of all lists at once, and forgotten with its history an hour later.
 */
export async function writeModels(
  knex: Knex,
  entities: readonly ModelEntity[],
  now: number,
): Promise<readonly number[]> {
  return await knex.transaction(async trx => {
    const kept = await readKept(trx);
    const wanted = new Set(entities.map(entity => entity.entityRef));
    await forgetMissing(
      trx,
      [...kept].flatMap(([ref, model]) => (wanted.has(ref) ? [] : model)),
      now,
    );
    const changed = entities.filter(entity => kept.get(entity.entityRef)?.shape !== shapeOf(entity));
    return await upsertModels(trx, changed);
  });
}

async function forgetMissing(trx: Knex, missing: readonly Kept[], now: number): Promise<void> {
  const isNew = ({ missingSince }: Kept) => missingSince === null || Date.parse(missingSince) > now;
  const isOver = ({ missingSince }: Kept) => now - Date.parse(missingSince ?? '') >= GRACE_MS;
  for (const part of chunks(missing.filter(isNew).map(({ id }) => id))) {
    const missingSince = new Date(now).toISOString();
    await trx<ModelRow>('models').whereIn('id', part).update({ missing_since: missingSince });
    for (const table of ['fleet', 'fleet_documents', 'model_places']) {
      await trx(table).whereIn('model_id', part).delete();
    }
  }
  for (const part of chunks(missing.filter(isOver).map(({ id }) => id))) {
    await trx<ModelRow>('models').whereIn('id', part).delete();
  }
}

/** Adds one model, or brings it up to date; answers its row. */
export const writeModel = (knex: Knex, entity: ModelEntity): Promise<readonly number[]> =>
  knex.transaction(trx => upsertModels(trx, [entity]));

async function upsertModels(trx: Knex, entities: readonly ModelEntity[]): Promise<readonly number[]> {
  await insertRepositories(
    trx,
    entities.flatMap(entity => entity.repositories),
  );
  const ids: number[] = [];
  for (const entity of entities) ids.push(await upsertModel(trx, entity));
  return ids;
}

const columnsOf = (entity: ModelEntity): Omit<ModelRow, 'id'> => ({
  entity_ref: entity.entityRef,
  kind: entity.kind,
  namespace: entity.namespace,
  name: entity.name,
  title: entity.title,
  owner: entity.owner,
  workload_namespace: entity.workloadNamespace,
  workload_selector: entity.workloadSelector,
  problems: JSON.stringify(entity.problems),
  missing_since: null,
});

const shapeOf = (entity: ModelEntity): string =>
  JSON.stringify([columnsOf(entity), entity.repositories.map(formatRepository)]);

interface Kept {
  readonly id: number;
  readonly missingSince: string | null;
  /** What it is compared by. */
  readonly shape: string;
}

/** The stored models by reference. */
async function readKept(trx: Knex): Promise<ReadonlyMap<string, Kept>> {
  const repositories = new Map<number, string[]>();
  const links = await trx('model_repositories')
    .join('repositories', 'repositories.id', 'model_repositories.repository_id')
    .orderBy('model_repositories.position')
    .select<(Repository & { model_id: number })[]>('model_id', 'registry', 'path');
  for (const { model_id: id, registry, path } of links) {
    repositories.set(id, [...(repositories.get(id) ?? []), formatRepository({ registry, path })]);
  }
  const models = await trx<ModelRow>('models').select('*');
  return new Map(
    models.map(({ id, ...columns }) => [
      columns.entity_ref,
      {
        id,
        missingSince: columns.missing_since,
        shape: JSON.stringify([inOrder(columns), repositories.get(id) ?? []]),
      },
    ]),
  );
}

/** A row with its columns in the order of `columnsOf`, whatever order the database answered. */
const inOrder = (row: Omit<ModelRow, 'id'>): Omit<ModelRow, 'id'> => ({
  entity_ref: row.entity_ref,
  kind: row.kind,
  namespace: row.namespace,
  name: row.name,
  title: row.title,
  owner: row.owner,
  workload_namespace: row.workload_namespace,
  workload_selector: row.workload_selector,
  problems: row.problems,
  missing_since: row.missing_since,
});

async function insertRepositories(trx: Knex, repositories: readonly Repository[]): Promise<void> {
  const rows = new Map(
    repositories.map(({ registry, path }) => [
      formatRepository({ registry, path }),
      { registry, path, state: 'pending' },
    ]),
  );
  await insertMissing(trx, 'repositories', [...rows.values()], ['registry', 'path']);
}

async function upsertModel(trx: Knex, entity: ModelEntity): Promise<number> {
  const [row] = await trx<ModelRow>('models')
    .insert(columnsOf(entity))
    .onConflict('entity_ref')
    .merge()
    .returning('id');
  if (row === undefined) throw new Error(`${entity.entityRef} was not kept`);
  await trx<ModelRepositoryRow>('model_repositories').where({ model_id: row.id }).delete();
  const links: ModelRepositoryRow[] = [];
  for (const [position, { registry, path }] of entity.repositories.entries()) {
    const repository = await trx<RepositoryRow>('repositories').where({ registry, path }).first('id');
    if (repository !== undefined) links.push({ model_id: row.id, repository_id: repository.id, position });
  }
  await insertAll(trx, 'model_repositories', links);
  return row.id;
}
