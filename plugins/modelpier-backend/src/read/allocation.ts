import {
  type AllocationAnswer,
  type AllocationScope,
  computeFleetAllocation,
  computeModelAllocation,
  type FleetAllocation,
  nodePools,
  poolOf,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { readClusters, type StoredCluster } from './cluster-state';

export async function readModelAllocation(
  knex: Knex,
  modelId: number,
): Promise<Omit<AllocationAnswer, 'sources'>> {
  const clusters = await readClusters(knex, { modelId });
  return { scopes: clusters.flatMap(allocateModel) };
}

export async function readFleetAllocation(knex: Knex): Promise<Omit<FleetAllocation, 'sources'>> {
  const clusters = await readClusters(knex);
  const scopes = clusters.flatMap(cluster =>
    poolsOf(cluster).map(pool => computeFleetAllocation({ ...cluster, pool })),
  );
  // A pool that is kept for others by a taint is no part of what the models share.
  return { scopes: scopes.filter(({ nodes, modelContainers }) => nodes !== 0 || modelContainers !== 0) };
}

/**
 * Where the whole cluster is read: each pool that the model runs on, and each of its namespaces that
 * has a quota. Where only some namespaces are: those, for containers elsewhere are not known.
 */
function allocateModel(cluster: StoredCluster): readonly AllocationScope[] {
  const homes = [...new Set(cluster.modelPods.map(({ pod }) => pod.metadata.namespace ?? ''))].toSorted();
  const capped = homes.filter(home => cluster.quotas.some(quota => quota.metadata.namespace === home));
  const isPartial = cluster.namespaces.length > 0;
  const pools = usedPools(cluster);
  const bounds = [
    ...(isPartial ? [] : pools.map(pool => ({ namespace: null, pool }))),
    ...(isPartial ? homes : capped).map(namespace => ({ namespace, pool: null })),
  ];
  return bounds.map(bound => computeModelAllocation({ ...cluster, ...bound }));
}

const poolsOf = ({ nodes }: StoredCluster): readonly (string | null)[] =>
  nodes === 'forbidden' ? [null] : nodePools(nodes);

/** The pools of nodes that run the model; all of them while none does. */
function usedPools(cluster: StoredCluster): readonly (string | null)[] {
  const pools = poolsOf(cluster);
  if (cluster.nodes === 'forbidden') return pools;
  const used = new Set(cluster.modelPods.map(({ pod }) => pod.spec.nodeName));
  const usedNames = new Set<string | null>(
    cluster.nodes.filter(({ metadata }) => used.has(metadata.name)).map(poolOf),
  );
  const running = pools.filter(pool => pool === null || usedNames.has(pool));
  return running.length === 0 ? pools : running;
}
