import type { Repository, SourceState } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { ModelRepositoryRow, RepositoryRow } from '../database/rows';

export interface RepositoryKey extends Repository {
  readonly id: number;
}

/** The registry's repositories that some model names. */
export async function readCollectedRepositories(
  knex: Knex,
  registry: string,
): Promise<readonly RepositoryKey[]> {
  return (
    knex<RepositoryRow>('repositories')
      .where({ registry })
      .whereIn('id', knex('model_repositories').select('repository_id'))
      // Those that waited longest first: a collection that runs out of time leaves others out the next time.
      .orderByRaw("coalesce(observed_at, ''), path")
      .select('id', 'registry', 'path')
  );
}

/** The models that name a repository. */
export async function readNamers(knex: Knex, repositoryId: number): Promise<readonly number[]> {
  const rows = await knex<ModelRepositoryRow>('model_repositories')
    .where({ repository_id: repositoryId })
    .select('model_id');
  return rows.map(row => row.model_id);
}

/** `observedAt` is left as it was where the repository could not be read. */
export async function writeRepositoryState(
  knex: Knex,
  id: number,
  { state, message, observedAt }: { state: SourceState; message: string | null; observedAt?: string },
): Promise<void> {
  await knex<RepositoryRow>('repositories')
    .where({ id })
    .update({ state, message, ...(observedAt !== undefined && { observed_at: observedAt }) });
}
