import {
  type AllocationAnswer,
  type AllocationScope,
  allocationScope,
  type FleetAllocation,
  fleetScope,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { HistoryRow } from '../database/rows';
import { readDocument } from '../database/values';
import { type ContainerUse, containerUses, useToldSince, withHighUse } from '../domain/container-use';
import { groupBy } from '../domain/group-by';

/** A scope as the last good collection of its cluster computed it. */
interface StoredScope {
  document: string;
  observed_at: string | null;
}

/** With what each container hardly ever used more of, over the week before `now` in milliseconds since the epoch. */
export async function readModelAllocation(
  knex: Knex,
  modelId: number,
  now: number,
): Promise<Omit<AllocationAnswer, 'sources'>> {
  const scopes = (await readAllocations(knex, [modelId])).get(modelId) ?? [];
  const uses = await readUses(knex, modelId, now);
  return { scopes: scopes.map(scope => withHighUse(scope, uses.get(scope.cluster) ?? [])) };
}

/** The use of a model's containers, by the cluster's name. */
async function readUses(
  knex: Knex,
  modelId: number,
  now: number,
): Promise<ReadonlyMap<string, readonly ContainerUse[]>> {
  const rows = await knex<HistoryRow>('history')
    .join('sources', 'sources.id', 'history.source_id')
    .where({ 'history.model_id': modelId, 'history.span': 'day' })
    .where('history.at', '>=', useToldSince(now))
    .whereNotNull('history.containers')
    .select<{ name: string; containers: string }[]>('sources.name', 'history.containers');
  const groups = groupBy(rows, ({ name }) => name);
  return new Map(
    [...groups].map(([name, days]) => [
      name,
      days.flatMap(({ containers }) => readDocument(containerUses, containers, 'use of containers')),
    ]),
  );
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
