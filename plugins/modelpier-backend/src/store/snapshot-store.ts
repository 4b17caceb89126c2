import type { Knex } from 'knex';
import type { SeenWorkload } from '../domain/cluster-snapshot';
import type { PlaceRow, WorkloadRow } from '../database/rows';
import { chunks, insertAll } from '../database/values';
import { groupBy } from '../domain/group-by';

/** Makes the tables hold exactly these workloads of a cluster; answers the models that it had and has. */
export async function writeWorkloads(
  trx: Knex,
  sourceId: number,
  workloads: readonly SeenWorkload[],
): Promise<ReadonlySet<number>> {
  const rows = await trx<WorkloadRow>('workloads').where({ source_id: sourceId });
  const kept = new Map(rows.map(row => [keyOf(row), row]));
  const links = await readLinks(trx, sourceId);
  const seen = workloads.map(each => describe(each, sourceId));
  const wanted = new Set(seen.map(({ row }) => keyOf(row)));
  const gone = rows.filter(row => !wanted.has(keyOf(row))).map(({ id }) => id);
  for (const part of chunks(gone)) await trx<WorkloadRow>('workloads').whereIn('id', part).delete();
  const changed = seen.filter(each => {
    const before = kept.get(keyOf(each.row));
    return (
      before?.document !== each.row.document ||
      before.model_name !== each.row.model_name ||
      sorted(links.get(before.id) ?? []) !== sorted(each.models)
    );
  });
  await writeChanged(trx, changed, kept);
  const placed = await trx<PlaceRow>('model_places').where({ source_id: sourceId }).distinct('model_id');
  return new Set([
    ...[...links.values()].flat(),
    ...seen.flatMap(({ models }) => models),
    // Also those that an earlier collection did not come to.
    ...placed.map(row => row.model_id),
  ]);
}

interface Described {
  readonly row: Omit<WorkloadRow, 'id'>;
  readonly models: readonly number[];
  readonly digests: readonly string[];
}

/** Workloads keep their row from one collection to the next; most of them do not change at all. */
async function writeChanged(
  trx: Knex,
  changed: readonly Described[],
  kept: ReadonlyMap<string, WorkloadRow>,
): Promise<void> {
  const ids = new Map<string, number>();
  for (const { row } of changed) {
    const known = kept.get(keyOf(row))?.id;
    if (known === undefined) continue;
    await trx<WorkloadRow>('workloads').where({ id: known }).update(row);
    ids.set(keyOf(row), known);
  }
  for (const part of chunks([...ids.values()])) {
    await trx('workload_models').whereIn('workload_id', part).delete();
    await trx('workload_digests').whereIn('workload_id', part).delete();
  }
  for (const part of chunks(changed.filter(({ row }) => !ids.has(keyOf(row))))) {
    const rows = part.map(({ row }) => row);
    const inserted = await trx<WorkloadRow>('workloads')
      .insert(rows)
      .returning(['id', 'kind', 'namespace', 'name']);
    for (const row of inserted) ids.set(keyOf(row), row.id);
  }
  const linked = changed.map(each => ({ ...each, id: ids.get(keyOf(each.row)) ?? -1 }));
  const models = linked.flatMap(({ id, models: of }) =>
    of.map(model => ({ workload_id: id, model_id: model })),
  );
  const digests = linked.flatMap(({ id, digests: of }) => of.map(digest => ({ workload_id: id, digest })));
  await insertAll(trx, 'workload_models', models);
  await insertAll(trx, 'workload_digests', digests);
}

async function readLinks(trx: Knex, sourceId: number): Promise<ReadonlyMap<number, readonly number[]>> {
  const rows = await trx('workload_models')
    .join('workloads', 'workloads.id', 'workload_models.workload_id')
    .where('workloads.source_id', sourceId)
    .select<{ workload_id: number; model_id: number }[]>(
      'workload_models.workload_id',
      'workload_models.model_id',
    );
  const groups = groupBy(rows, row => row.workload_id);
  return new Map([...groups].map(([id, links]) => [id, links.map(link => link.model_id)]));
}

function describe({ stored, models, modelName }: SeenWorkload, sourceId: number): Described {
  const { workload, namespace, runningDigests } = stored.deployment;
  const row = {
    source_id: sourceId,
    api_version: workload.apiVersion,
    kind: workload.kind,
    namespace,
    name: workload.name,
    model_name: modelName,
    // Without its time, which is the source's: what did not change is not written again.
    document: JSON.stringify({ ...stored, deployment: { ...stored.deployment, observedAt: '' } }),
  };
  return { row, models, digests: runningDigests };
}

const keyOf = ({ namespace, kind, name }: Pick<WorkloadRow, 'namespace' | 'kind' | 'name'>): string =>
  `${kind}/${namespace}/${name}`;

const sorted = (ids: readonly number[]): string => ids.toSorted((a, b) => a - b).join();
