import {
  type DeploymentObject,
  formatObjectRef,
  hasCode,
  type Metadata,
  MODEL_LABEL,
  parseDeployment,
  parseNode,
  parsePod,
  parseReplicaSet,
  parseResourceQuota,
  type Pod,
  type ReplicaSet,
} from '@modelpier/backstage-plugin-modelpier-common';
import type {
  Discovery,
  KubernetesObject,
  ObjectReader,
  RawReader,
  Selection,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { ClusterSnapshot, SeenWorkload } from '../domain/cluster-snapshot';
import { groupBy } from '../domain/group-by';
import type { ModelMatcher, WorkloadFinder } from '../domain/match-models';
import { describeWorkload } from '../domain/workload-facts';
import { readUsage } from './usage';

export type ClusterReader = ObjectReader & Discovery & RawReader;

export interface ReadClusterOptions extends Waiting {
  readonly cluster: string;
  /** Empty: the whole cluster. */
  readonly namespaces: readonly string[];
  readonly matcher: ModelMatcher;
  readonly now: number;
}

export async function readCluster(
  reader: ClusterReader,
  { cluster, namespaces, matcher, now, signal }: ReadClusterOptions,
): Promise<ClusterSnapshot> {
  const scope = namespaces.length === 0 ? [undefined] : namespaces;
  const skipped: string[] = [];
  const list = async <T>(
    kind: Kind,
    parse: (object: KubernetesObject) => T,
    within: readonly (string | undefined)[] = scope,
  ) => parseEach(await listEach(reader, kind, { within, signal }), parse, skipped);

  const labelSelector = matcher.needsEveryWorkload ? undefined : MODEL_LABEL;
  const deployments = await list({ ...DEPLOYMENT, labelSelector }, raw => ({
    raw,
    workload: parseDeployment(raw),
  }));
  const served = deployments
    .map(each => ({ ...each, finders: matcher.match(each.workload.metadata) }))
    .filter(({ finders }) => finders.length > 0);
  const homes = [...new Set(served.map(({ workload }) => workload.metadata.namespace))];
  const replicaSets = await list(REPLICA_SET, parseReplicaSet, homes);
  const pods = await list(POD, raw => withoutAnnotations(parsePod(raw)));
  const owned = { replicaSets: groupByOwner(replicaSets), pods: groupByOwner(pods) };
  const workloads = served.map(each => see(each, { cluster, owned, now }));
  const usage = await readUsage(reader, { namespaces: scope, nodes: nodesOf(workloads), signal });
  return {
    workloads,
    pods,
    nodes: await unlessForbidden(list(NODE, parseNode, [undefined]), 'forbidden' as const),
    quotas: await unlessForbidden(list(RESOURCE_QUOTA, parseResourceQuota), []),
    usage,
    skipped,
  };
}

type Kind = Omit<Selection, 'namespace'>;
const DEPLOYMENT: Kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
const REPLICA_SET: Kind = { apiVersion: 'apps/v1', kind: 'ReplicaSet' };
const POD: Kind = { apiVersion: 'v1', kind: 'Pod' };
const NODE: Kind = { apiVersion: 'v1', kind: 'Node' };
const RESOURCE_QUOTA: Kind = { apiVersion: 'v1', kind: 'ResourceQuota' };

async function listEach(
  reader: ObjectReader,
  kind: Kind,
  { within, signal }: { within: readonly (string | undefined)[] } & Waiting,
): Promise<KubernetesObject[]> {
  const objects: KubernetesObject[] = [];
  for (const namespace of within) {
    for await (const object of reader.listObjects({ ...kind, namespace }, { signal })) objects.push(object);
  }
  return objects;
}

/** One object that we cannot read must not hide all others. */
function parseEach<T>(
  objects: readonly KubernetesObject[],
  parse: (object: KubernetesObject) => T,
  skipped: string[],
): T[] {
  return objects.flatMap(object => {
    try {
      return [parse(object)];
    } catch (error) {
      if (!hasCode(error, 'invalid-document')) throw error;
      skipped.push(`${formatObjectRef({ ...object, ...object.metadata })}: ${error.message}`);
      return [];
    }
  });
}

/** Nodes and quotas are for administrators in many clusters; without that right the rest is still shown. */
async function unlessForbidden<T, F>(reading: Promise<T>, otherwise: F): Promise<T | F> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, 'forbidden')) return otherwise;
    throw error;
  }
}

/** They can be large, and nothing here reads those of a pod. */
const withoutAnnotations = (pod: Pod): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, annotations: undefined },
});

type ByOwner<T> = ReadonlyMap<string, readonly T[]>;

function groupByOwner<T extends { readonly metadata: Metadata }>(objects: readonly T[]): ByOwner<T> {
  const owned = objects.flatMap(object =>
    (object.metadata.ownerReferences ?? []).map(({ uid }) => ({ uid, object })),
  );
  const groups = groupBy(owned, ({ uid }) => uid);
  return new Map([...groups].map(([uid, members]) => [uid, members.map(({ object }) => object)]));
}

interface Surroundings {
  readonly cluster: string;
  readonly owned: { readonly replicaSets: ByOwner<ReplicaSet>; readonly pods: ByOwner<Pod> };
  readonly now: number;
}

function see(
  served: {
    readonly raw: KubernetesObject;
    readonly workload: DeploymentObject;
    readonly finders: readonly WorkloadFinder[];
  },
  { cluster, owned, now }: Surroundings,
): SeenWorkload {
  const { raw, workload, finders } = served;
  const replicaSets = owned.replicaSets.get(workload.metadata.uid ?? '') ?? [];
  const pods = replicaSets.flatMap(({ metadata }) => owned.pods.get(metadata.uid ?? '') ?? []);
  return {
    models: finders.map(({ modelId }) => modelId),
    modelName: workload.metadata.labels?.[MODEL_LABEL]?.slice(0, 63) ?? null,
    podNames: new Set(pods.map(({ metadata }) => metadata.name)),
    stored: describeWorkload({
      cluster,
      raw,
      workload,
      apiVersion: raw.apiVersion,
      replicaSets,
      pods,
      repositories: new Set(finders.flatMap(({ repositories }) => repositories)),
      now,
    }),
  };
}

/** Nodes that run a model: only their kubelets are asked for usage. */
const nodesOf = (workloads: readonly SeenWorkload[]): readonly string[] => [
  ...new Set(workloads.flatMap(({ stored }) => stored.deployment.pods.flatMap(({ node }) => node ?? []))),
];
