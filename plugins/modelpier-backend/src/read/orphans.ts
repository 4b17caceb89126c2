import type { Orphan } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { Wide } from '../database/rows';
import { readDocument, wideNumber } from '../database/values';
import { storedWorkload } from '../domain/stored-workload';
import { parseCursor, writeCursor } from './cursor';

interface OrphanRow {
  readonly id: number;
  readonly model_name: string;
  readonly document: string;
  readonly observed_at: string | null;
}

/** Workloads with the label of a model that no entity claims, by the name of the model. */
export async function readOrphans(
  knex: Knex,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
): Promise<{ items: readonly Orphan[]; nextCursor: string | null; total: number }> {
  const query = selectOrphans(knex)
    .join('sources', 'sources.id', 'workloads.source_id')
    .orderBy(['model_name', 'workloads.id'])
    .limit(limit + 1)
    .select<OrphanRow[]>('workloads.id', 'model_name', 'document', 'sources.observed_at');
  if (cursor !== undefined) {
    void query.whereRaw('(model_name, workloads.id) > (?, ?)', [...parseCursor(cursor, ['text', 'number'])]);
  }
  const rows = await query;
  const [total] = await selectOrphans(knex).count<{ count: Wide }[]>({ count: '*' });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toOrphan),
    nextCursor: rows.length > limit && last !== undefined ? writeCursor([last.model_name, last.id]) : null,
    total: wideNumber(total?.count ?? 0),
  };
}

const selectOrphans = (knex: Knex): Knex.QueryBuilder => {
  const query: Knex.QueryBuilder = knex('workloads');
  return query
    .whereNotNull('model_name')
    .whereNotExists(knex('workload_models').whereRaw('workload_models.workload_id = workloads.id'));
};

function toOrphan({ model_name: model, document, observed_at: observedAt }: OrphanRow): Orphan {
  const { deployment } = readDocument(storedWorkload, document, 'workload');
  const { cluster, namespace, workload, image, replicas, status } = deployment;
  const { desired, ready } = replicas;
  return {
    cluster,
    namespace,
    workload,
    model,
    image,
    replicas: { desired, ready },
    status,
    observedAt: observedAt ?? '',
  };
}
