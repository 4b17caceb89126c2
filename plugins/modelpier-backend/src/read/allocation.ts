import {
  type AllocationAnswer,
  type AllocationScope,
  allocationScope,
  type FleetAllocation,
  fleetScope,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { readDocument } from '../database/values';
import { groupBy } from '../domain/group-by';

/** A scope as the last good collection of its cluster computed it. */
interface StoredScope {
  document: string;
  observed_at: string | null;
}

export async function readModelAllocation(
  knex: Knex,
  modelId: number,
): Promise<Omit<AllocationAnswer, 'sources'>> {
  const scopes = await readAllocations(knex, [modelId]);
  return { scopes: scopes.get(modelId) ?? [] };
}

/** The scopes of models, by the model's id. */
export async function readAllocations(
  knex: Knex,
  modelIds: readonly number[],
): Promise<ReadonlyMap<number, readonly AllocationScope[]>> {
  const rows = await knex('allocations')
    .join('sources', 'sources.id', 'allocations.source_id')
    .whereIn('allocations.model_id', [...modelIds])
    .orderBy(['sources.name', 'allocations.position'])
    .select<(StoredScope & { model_id: number })[]>(
      'allocations.model_id',
      'allocations.document',
      'sources.observed_at',
    );
  const groups = groupBy(rows, row => row.model_id);
  return new Map(
    [...groups].map(([id, stored]) => [
      id,
      stored.map(row => dated(row, readDocument(allocationScope, row.document, 'allocation'))),
    ]),
  );
}

export async function readFleetAllocation(knex: Knex): Promise<Omit<FleetAllocation, 'sources'>> {
  const rows = await knex('cluster_allocations')
    .join('sources', 'sources.id', 'cluster_allocations.source_id')
    .orderBy(['sources.name', 'cluster_allocations.position'])
    .select<StoredScope[]>('cluster_allocations.document', 'sources.observed_at');
  return { scopes: rows.map(row => dated(row, readDocument(fleetScope, row.document, 'allocation'))) };
}

/** The time is the source's: a scope that did not change is not written again. */
const dated = <T extends { readonly observedAt: string }>({ observed_at: at }: StoredScope, scope: T): T => ({
  ...scope,
  observedAt: at ?? scope.observedAt,
});
