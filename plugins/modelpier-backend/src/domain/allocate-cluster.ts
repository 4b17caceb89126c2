import { setImmediate } from 'node:timers/promises';
import {
  type AllocationBasis,
  type AllocationScope,
  computeFleetAllocation,
  computeModelAllocation,
  type FleetAllocation,
  isCounted,
  type ModelPod,
  nodePools,
  type Pod,
  poolOf,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { ClusterSnapshot } from './cluster-snapshot';
import { groupBy } from './group-by';
import { podFinder, podName } from './pod-finder';

/** R = T / N of a cluster as one collection saw it: for each of its models, and for all together. */
export interface ClusterAllocation {
  readonly models: ReadonlyMap<number, readonly AllocationScope[]>;
  readonly pools: FleetAllocation['scopes'];
}

export interface AllocatedCluster {
  readonly cluster: string;
  readonly observedAt: string;
  /** Namespaces that the portal reads; empty where it reads all. */
  readonly namespaces: readonly string[];
  readonly basis?: AllocationBasis | undefined;
  readonly minusSystem?: boolean | undefined;
}

const MODELS_AT_ONCE = 10;

export async function allocateCluster(
  snapshot: ClusterSnapshot,
  of: AllocatedCluster,
): Promise<ClusterAllocation> {
  // Hundreds of models are computed against thousands of pods: what cannot count is left out once, for all.
  const pods = snapshot.pods.filter(isCounted);
  const read = { ...snapshot, ...of, pods, usage: snapshot.usage.pods };
  const partOf = createParts(read);
  const podsOf = podFinder(snapshot.pods);
  const owned = snapshot.workloads.map(seen => ({ seen, modelPods: podsOf(seen) }));
  const byModel = new Map<number, ModelPod[]>();
  for (const { seen, modelPods } of owned) {
    for (const model of seen.models) byModel.set(model, [...(byModel.get(model) ?? []), ...modelPods]);
  }
  // A workload that serves two models, or none that we know, is one set of containers all the same.
  const claimed = owned.filter(({ seen }) => seen.models.length > 0);
  // Of some namespaces N is not known, so that T / N would be too much.
  const whole: Read = read.namespaces.length > 0 ? { ...read, nodes: 'forbidden' } : read;
  const partOfWhole = createParts(whole);
  const all = { ...whole, modelPods: claimed.flatMap(each => each.modelPods), models: byModel.size };
  const models = new Map<number, readonly AllocationScope[]>();
  for (const [model, modelPods] of byModel) {
    models.set(model, allocateModel({ ...read, modelPods }, partOf));
    // Pages are answered in between: all models of a large cluster take a second.
    if (models.size % MODELS_AT_ONCE === 0) await setImmediate();
  }
  return {
    models,
    pools: poolsOf(whole)
      .map(pool => computeFleetAllocation({ ...all, ...partOfWhole(pool, all.modelPods), pool }))
      // A pool that is kept for others by a taint is no part of what the models share.
      .filter(({ nodes, modelContainers }) => nodes !== 0 || modelContainers !== 0),
  };
}

type Read = Omit<ClusterSnapshot, 'usage'> &
  AllocatedCluster & { readonly usage: ClusterSnapshot['usage']['pods'] };
type ReadModel = Read & { readonly modelPods: readonly ModelPod[] };

/**
 * Where the whole cluster is read: each pool that the model runs on, and each of its namespaces that
 * has a quota. Where only some namespaces are: those, for containers elsewhere are not known.
 */
function allocateModel(cluster: ReadModel, partOf: PartOf): readonly AllocationScope[] {
  const homes = [...new Set(cluster.modelPods.map(({ pod }) => pod.metadata.namespace ?? ''))].toSorted();
  const capped = homes.filter(home => cluster.quotas.some(quota => quota.metadata.namespace === home));
  const isPartial = cluster.namespaces.length > 0;
  const bounds = [
    ...(isPartial ? [] : usedPools(cluster).map(pool => ({ namespace: null, pool }))),
    ...(isPartial ? homes : capped).map(namespace => ({ namespace, pool: null })),
  ];
  return bounds.map(bound =>
    computeModelAllocation({ ...cluster, ...partOf(bound.pool, cluster.modelPods), ...bound }),
  );
}

/** The pods that can be in a pool's scope, and the use of a model's own pods. */
type PartOf = (
  pool: string | null,
  modelPods: readonly ModelPod[],
) => { readonly pods: readonly Pod[]; readonly usage: Read['usage'] };

function createParts({ nodes, pods, usage }: Read): PartOf {
  const poolByNode = new Map(
    nodes === 'forbidden' ? [] : nodes.map(node => [node.metadata.name, poolOf(node)] as const),
  );
  // A pod that has no node yet, or one that nobody knows, may come to be in any pool.
  const poolOfPod = ({ spec }: Pod) => poolByNode.get(spec.nodeName ?? '') ?? null;
  const byPool = groupBy(pods, poolOfPod);
  const usageByPod = new Map(usage?.map(each => [podName(each), each]));
  return (pool, modelPods) => ({
    pods: pool === null ? pods : [...(byPool.get(pool) ?? []), ...(byPool.get(null) ?? [])],
    usage: usage && modelPods.flatMap(({ pod }) => usageByPod.get(podName(pod)) ?? []),
  });
}

const poolsOf = ({ nodes }: Pick<Read, 'nodes'>): readonly (string | null)[] =>
  nodes === 'forbidden' ? [null] : nodePools(nodes);

/** The pools of nodes that run the model; all of them while none does. */
function usedPools(cluster: ReadModel): readonly (string | null)[] {
  const pools = poolsOf(cluster);
  if (cluster.nodes === 'forbidden') return pools;
  const used = new Set(cluster.modelPods.map(({ pod }) => pod.spec.nodeName));
  const usedNames = new Set<string | null>(
    cluster.nodes.filter(({ metadata }) => used.has(metadata.name)).map(poolOf),
  );
  const running = pools.filter(pool => pool === null || usedNames.has(pool));
  return running.length === 0 ? pools : running;
}
