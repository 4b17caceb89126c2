import { type EntityRef, formatRepository, list, text } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { ModelRow, RepositoryRow } from '../database/rows';
import { readDocument } from '../database/values';
import { groupBy } from '../domain/group-by';

/** A model as the catalog told of it when it was last read. */
export interface KnownModel {
  readonly id: number;
  readonly entityRef: string;
  readonly entity: EntityRef;
  readonly title: string | null;
  readonly owner: string | null;
  readonly problems: readonly string[];
  readonly repositories: readonly RepositoryRow[];
}

/** A model that the catalog has, as of when it was last read. */
export async function readModel(knex: Knex, entityRef: string): Promise<KnownModel | undefined> {
  const rows = await knex<ModelRow>('models').where({ entity_ref: entityRef }).whereNull('missing_since');
  const [model] = await withRepositories(knex, rows);
  return model;
}

/** Of these, the models that the catalog has. */
export async function readModels(knex: Knex, ids: readonly number[]): Promise<readonly KnownModel[]> {
  const rows = await knex<ModelRow>('models')
    .whereIn('id', [...ids])
    .whereNull('missing_since')
    .orderBy('id');
  return await withRepositories(knex, rows);
}

async function withRepositories(knex: Knex, rows: readonly ModelRow[]): Promise<readonly KnownModel[]> {
  const links = await knex('model_repositories')
    .join('repositories', 'repositories.id', 'model_repositories.repository_id')
    .whereIn(
      'model_id',
      rows.map(row => row.id),
    )
    .orderBy('model_repositories.position')
    .select<(RepositoryRow & { model_id: number })[]>('repositories.*', 'model_repositories.model_id');
  const repositories = groupBy(links, link => link.model_id);
  return rows.map(row => ({
    id: row.id,
    entityRef: row.entity_ref,
    entity: { kind: row.kind, namespace: row.namespace, name: row.name },
    title: row.title,
    owner: row.owner,
    problems: readDocument(list(text), row.problems, 'list of problems'),
    repositories: repositories.get(row.id) ?? [],
  }));
}

export const repositoryNames = ({ repositories }: KnownModel): readonly string[] =>
  repositories.map(formatRepository);
