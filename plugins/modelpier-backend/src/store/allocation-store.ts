import type { Knex } from 'knex';
import type { AllocationRow, ClusterAllocationRow } from '../database/rows';
import { chunks, insertAll } from '../database/values';
import type { ClusterAllocation } from '../domain/allocate-cluster';
import { groupBy } from '../domain/group-by';

/** Makes the tables hold exactly this of a cluster; models whose scopes are the same are left alone. */
export async function writeAllocation(
  trx: Knex,
  sourceId: number,
  { models, pools }: ClusterAllocation,
): Promise<void> {
  const kept = groupBy(
    await trx<AllocationRow>('allocations').where({ source_id: sourceId }).orderBy('position'),
    row => row.model_id,
  );
  const wanted = new Map([...models].map(([id, scopes]) => [id, scopes.map(textOf)]));
  const changed = [...new Set([...kept.keys(), ...wanted.keys()])].filter(id => {
    const before = (kept.get(id) ?? []).map(({ document }) => document);
    return JSON.stringify(before) !== JSON.stringify(wanted.get(id) ?? []);
  });
  for (const part of chunks(changed)) {
    await trx<AllocationRow>('allocations').where({ source_id: sourceId }).whereIn('model_id', part).delete();
  }
  const rows = changed.flatMap(id =>
    (wanted.get(id) ?? []).map((document, position) => ({
      model_id: id,
      source_id: sourceId,
      position,
      document,
    })),
  );
  await insertAll(trx, 'allocations', rows);
  await trx<ClusterAllocationRow>('cluster_allocations').where({ source_id: sourceId }).delete();
  await insertAll(
    trx,
    'cluster_allocations',
    pools.map((scope, position) => ({ source_id: sourceId, position, document: textOf(scope) })),
  );
}

/** Without its time, which is the source's. */
const textOf = (scope: { readonly observedAt: string }): string =>
  JSON.stringify({ ...scope, observedAt: '' });
