import type { Knex } from 'knex';
import type { ClusterSnapshot, SeenWorkload } from '../domain/cluster-snapshot';
import type { ObservedRow, PodRow, WorkloadRow } from '../database/rows';
import { chunks, insertAll } from '../database/values';

/** Replaces all that a cluster showed before: a reader sees the old picture or the new one, never a mix. */
export async function writeSnapshot(knex: Knex, sourceId: number, snapshot: ClusterSnapshot): Promise<void> {
  await knex.transaction(async trx => {
    const ids = await writeWorkloads(trx, sourceId, snapshot.workloads);
    await trx<PodRow>('pods').where({ source_id: sourceId }).delete();
    await insertAll(trx, 'pods', podRows(snapshot, { sourceId, ids }));
    for (const [table, rows] of Object.entries(observations(snapshot, sourceId))) {
      await trx<ObservedRow>(table).where({ source_id: sourceId }).delete();
      await insertAll(trx, table, rows);
    }
  });
}

const keyOf = ({ namespace, kind, name }: Pick<WorkloadRow, 'namespace' | 'kind' | 'name'>): string =>
  `${kind}/${namespace}/${name}`;

/** Workloads keep their row from one collection to the next; their links are written anew. */
async function writeWorkloads(
  trx: Knex,
  sourceId: number,
  workloads: readonly SeenWorkload[],
): Promise<ReadonlyMap<SeenWorkload, number>> {
  const rows = await trx<WorkloadRow>('workloads').where({ source_id: sourceId });
  const kept = new Map(rows.map(row => [keyOf(row), row.id]));
  const ids = new Map<SeenWorkload, number>();
  for (const seen of workloads) {
    const id = await writeWorkload(trx, { seen, sourceId, kept });
    ids.set(seen, id);
  }
  const present = new Set(ids.values());
  const stale = rows.map(row => row.id).filter(id => !present.has(id));
  for (const part of chunks(stale)) await trx<WorkloadRow>('workloads').whereIn('id', part).delete();
  for (const part of chunks([...present])) {
    await trx('workload_models').whereIn('workload_id', part).delete();
    await trx('workload_digests').whereIn('workload_id', part).delete();
  }
  const models = [...ids].flatMap(([{ models: of }, id]) =>
    of.map(model => ({ workload_id: id, model_id: model })),
  );
  const digests = [...ids].flatMap(([{ stored }, id]) =>
    stored.deployment.runningDigests.map(digest => ({ workload_id: id, digest })),
  );
  await insertAll(trx, 'workload_models', models);
  await insertAll(trx, 'workload_digests', digests);
  return ids;
}

async function writeWorkload(
  trx: Knex,
  { seen, sourceId, kept }: { seen: SeenWorkload; sourceId: number; kept: ReadonlyMap<string, number> },
): Promise<number> {
  const { deployment } = seen.stored;
  const { apiVersion, kind, name } = deployment.workload;
  const row = {
    api_version: apiVersion,
    kind,
    namespace: deployment.namespace,
    name,
    document: JSON.stringify(seen.stored),
  };
  const id = kept.get(keyOf(row));
  if (id !== undefined) {
    await trx<WorkloadRow>('workloads').where({ id }).update({ document: row.document });
    return id;
  }
  const [inserted] = await trx<WorkloadRow>('workloads')
    .insert({ ...row, source_id: sourceId })
    .returning('id');
  if (inserted === undefined) throw new Error(`${keyOf(row)} was not kept`);
  return inserted.id;
}

function podRows(
  { pods, workloads }: ClusterSnapshot,
  { sourceId, ids }: { sourceId: number; ids: ReadonlyMap<SeenWorkload, number> },
): readonly PodRow[] {
  const owners = new Map(
    workloads.flatMap(seen =>
      [...seen.podNames].map(name => [`${seen.stored.deployment.namespace}/${name}`, ids.get(seen) ?? null]),
    ),
  );
  return pods.map(pod => {
    const { namespace = '', name } = pod.metadata;
    return {
      source_id: sourceId,
      namespace,
      name,
      workload_id: owners.get(`${namespace}/${name}`) ?? null,
      document: JSON.stringify(pod),
    };
  });
}

function observations(
  { nodes, quotas, usage }: ClusterSnapshot,
  sourceId: number,
): Readonly<Record<'nodes' | 'quotas' | 'usage', readonly ObservedRow[]>> {
  const rows = (
    objects: readonly { readonly metadata: { name: string; namespace?: string | undefined } }[],
  ) =>
    objects.map(object => ({
      source_id: sourceId,
      namespace: object.metadata.namespace ?? '',
      name: object.metadata.name,
      document: JSON.stringify(object),
    }));
  return {
    nodes: nodes === 'forbidden' ? [] : rows(nodes),
    quotas: rows(quotas),
    usage: rows(usage.pods ?? []),
  };
}
