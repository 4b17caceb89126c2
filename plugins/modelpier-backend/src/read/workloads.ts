import type { Deployment, Placement } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { chunks, readDocument } from '../database/values';
import { groupBy } from '../domain/group-by';
import { type StoredWorkload, storedWorkload } from '../domain/stored-workload';
import { createVersionJoin } from './join-versions';
import type { KnownModel } from './model';

interface StoredRow {
  model_id: number;
  document: string;
  observed_at: string | null;
}

/** The deployments of models, each with the version that runs, by the model's id. */
export async function readDeployments(
  knex: Knex,
  models: readonly KnownModel[],
): Promise<ReadonlyMap<number, readonly Deployment[]>> {
  const rows: { readonly modelId: number; readonly stored: StoredWorkload }[] = [];
  for (const part of chunks(models.map(model => model.id))) rows.push(...(await readStored(knex, part)));
  const { join } = await createVersionJoin(
    knex,
    rows.map(row => row.stored),
  );
  const byModel = groupBy(rows, row => row.modelId);
  return new Map(
    models.map(({ id, repositories }) => {
      const own = new Set(repositories.map(repository => repository.id));
      const deployments = (byModel.get(id) ?? []).map(({ stored }) => ({
        ...stored.deployment,
        ...join(stored, own),
      }));
      return [id, deployments];
    }),
  );
}

async function readStored(
  knex: Knex,
  modelIds: readonly number[],
): Promise<readonly { modelId: number; stored: StoredWorkload }[]> {
  const rows = await knex('workload_models')
    .join('workloads', 'workloads.id', 'workload_models.workload_id')
    .join('sources', 'sources.id', 'workloads.source_id')
    .whereIn('workload_models.model_id', [...modelIds])
    .orderBy(['sources.name', 'workloads.namespace', 'workloads.name'])
    .select<StoredRow[]>('workload_models.model_id', 'workloads.document', 'sources.observed_at');
  return rows.map(row => ({ modelId: row.model_id, stored: toStored(row) }));
}

/** The time is the source's. */
function toStored({ document, observed_at: observedAt }: StoredRow): StoredWorkload {
  const stored = readDocument(storedWorkload, document, 'workload');
  return { ...stored, deployment: { ...stored.deployment, observedAt: observedAt ?? '' } };
}

export const placementOf = ({ cluster, namespace, environment, workload }: Deployment): Placement => ({
  cluster,
  namespace,
  workload,
  ...(environment !== null && { environment }),
});
