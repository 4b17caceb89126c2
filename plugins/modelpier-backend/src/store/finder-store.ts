import { formatRepository } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { groupBy } from '../domain/group-by';
import type { WorkloadFinder } from '../domain/match-models';
import type { ModelRow, RepositoryRow } from '../database/rows';

/** What finds the workloads of every model. */
export async function readFinders(knex: Knex): Promise<readonly WorkloadFinder[]> {
  const models = await knex<ModelRow>('models').select(
    'id',
    'name',
    'workload_namespace',
    'workload_selector',
  );
  const links = await knex('model_repositories')
    .join('repositories', 'repositories.id', 'model_repositories.repository_id')
    .select<(Pick<RepositoryRow, 'registry' | 'path'> & { model_id: number })[]>(
      'model_id',
      'registry',
      'path',
    );
  const repositories = groupBy(links, link => link.model_id);
  return models.map(row => ({
    modelId: row.id,
    name: row.name,
    namespace: row.workload_namespace,
    selector: row.workload_selector,
    repositories: (repositories.get(row.id) ?? []).map(formatRepository),
  }));
}
