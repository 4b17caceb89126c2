import {
  type ModelPod,
  type Node,
  node,
  type Pod,
  pod,
  type PodMetrics,
  podMetrics,
  type ResourceQuota,
  resourceQuota,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { ObservedRow, PodRow, SourceRow, WorkloadRow } from '../database/rows';
import { readDocument } from '../database/values';
import { clusterDetails } from '../domain/cluster-details';

/** A cluster as the last good collection left it, as the formulas take it. */
export interface StoredCluster {
  readonly cluster: string;
  readonly observedAt: string;
  readonly nodes: readonly Node[] | 'forbidden';
  readonly pods: readonly Pod[];
  readonly quotas: readonly ResourceQuota[];
  readonly usage: readonly PodMetrics[] | null;
  /** Namespaces that the portal reads; empty where it reads all. */
  readonly namespaces: readonly string[];
  /** Pods of the wanted models. */
  readonly modelPods: readonly ModelPod[];
  readonly models: number;
}

/** Clusters that were ever read; with `modelId` only those where that model has workloads. */
export async function readClusters(
  knex: Knex,
  { modelId }: { modelId?: number } = {},
): Promise<readonly StoredCluster[]> {
  const workloads = await readWorkloadIds(knex, modelId);
  const sources = await knex<SourceRow>('sources').where({ kind: 'cluster' }).orderBy('name');
  const clusters: StoredCluster[] = [];
  for (const source of sources) {
    const own = workloads.filter(row => row.source_id === source.id);
    if (modelId !== undefined && own.length === 0) continue;
    if (source.observed_at === null || source.details === null) continue;
    clusters.push(await readCluster(knex, { ...source, ...kept(source) }, own));
  }
  return clusters;
}

const kept = (source: SourceRow) => ({
  observedAt: source.observed_at ?? '',
  can: readDocument(clusterDetails, source.details ?? '{}', 'cluster details'),
});

type LinkedRow = Pick<WorkloadRow, 'id' | 'source_id' | 'api_version' | 'kind' | 'namespace' | 'name'> & {
  model_id: number;
};

const readWorkloadIds = (knex: Knex, modelId: number | undefined): Promise<LinkedRow[]> => {
  const query: Knex.QueryBuilder<LinkedRow, LinkedRow[]> = knex('workloads');
  void query
    .join('workload_models', 'workload_models.workload_id', 'workloads.id')
    .select(
      'workloads.id',
      'workloads.source_id',
      'workloads.api_version',
      'workloads.kind',
      'workloads.namespace',
      'workloads.name',
      'workload_models.model_id',
    );
  if (modelId !== undefined) void query.where('workload_models.model_id', modelId);
  return query;
};

async function readCluster(
  knex: Knex,
  source: SourceRow & ReturnType<typeof kept>,
  workloads: readonly LinkedRow[],
): Promise<StoredCluster> {
  const at = { source_id: source.id };
  const nodes = await knex<ObservedRow>('nodes').where(at);
  const quotas = await knex<ObservedRow>('quotas').where(at);
  const usage = await knex<ObservedRow>('usage').where(at);
  const podRows = await knex<PodRow>('pods').where(at);
  const refs = new Map(
    workloads.map(({ id, api_version, kind, namespace, name }) => [
      id,
      { apiVersion: api_version, kind, namespace, name },
    ]),
  );
  const pods = podRows.map(row => ({
    workload: row.workload_id === null ? undefined : refs.get(row.workload_id),
    pod: readDocument(pod, row.document, 'pod'),
  }));
  return {
    cluster: source.name,
    observedAt: source.observedAt,
    namespaces: source.can.namespaces,
    nodes:
      source.can.nodes === 'forbidden'
        ? 'forbidden'
        : nodes.map(row => readDocument(node, row.document, 'node')),
    quotas: quotas.map(row => readDocument(resourceQuota, row.document, 'quota')),
    usage:
      source.can.usage === 'none' ? null : usage.map(row => readDocument(podMetrics, row.document, 'usage')),
    pods: pods.map(each => each.pod),
    modelPods: pods.flatMap(({ workload, pod: own }) =>
      workload === undefined ? [] : [{ workload, pod: own }],
    ),
    models: new Set(workloads.map(row => row.model_id)).size,
  };
}
