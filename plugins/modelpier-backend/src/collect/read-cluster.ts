import {
  LEDGER_LABEL,
  LEDGER_VERSION,
  MODEL_LABEL,
  parseLedger,
  parseNode,
  parsePod,
  parseReplicaSet,
  parseResourceQuota,
  type Pod,
} from '@modelpier/backstage-plugin-modelpier-common';
import type {
  Discovery,
  KubernetesObject,
  ObjectReader,
  RawReader,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { readAutoscaler, type SeenAutoscaler } from '../domain/autoscaler';
import type { ClusterSnapshot, SeenLedger, SeenWorkload } from '../domain/cluster-snapshot';
import type { ModelMatcher } from '../domain/match-models';
import { createWorkloadObserver } from '../domain/observe-workload';
import { parseWorkload } from '../domain/workload-object';
import { type Kind, listObjects, unlessForbidden } from './list-objects';
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
  const list = <T>(
    kind: Kind,
    parse: (object: KubernetesObject) => T,
    within: readonly (string | undefined)[] = scope,
  ) => listObjects(reader, kind, parse, { within, skipped, signal });

  const labelSelector = matcher.needsEveryWorkload ? undefined : MODEL_LABEL;
  const found = [];
  for (const kind of WORKLOADS) {
    const listing = list({ ...kind, labelSelector }, raw => find(raw, matcher));
    // Deployments are what everybody may read who is to see any workload.
    const listed = kind === DEPLOYMENT ? await listing : await unlessForbidden(listing, []);
    found.push(...listed.filter(each => each !== undefined));
  }
  const homes = [...new Set(found.map(({ workload }) => workload.metadata.namespace))];
  const replicaSets = await list(REPLICA_SET, parseReplicaSet, homes);
  const pods = await list(POD, raw => withoutAnnotations(parsePod(raw)));
  const ledgers = await unlessForbidden(
    list(LEDGER, raw => readLedger(raw, matcher)),
    'forbidden' as const,
  );
  const observe = createWorkloadObserver({
    cluster,
    replicaSets,
    pods,
    autoscalers: await readAutoscalers(reader, { homes, now, skipped, signal }),
    ledgers: ledgers === 'forbidden' ? [] : ledgers,
    now,
  });
  const workloads = found.map(observe);
  const usage = await readUsage(reader, { namespaces: scope, nodes: nodesOf(workloads), signal });
  return {
    workloads,
    pods,
    ledgers,
    nodes: await unlessForbidden(list(NODE, parseNode, [undefined]), 'forbidden' as const),
    quotas: await unlessForbidden(list(RESOURCE_QUOTA, parseResourceQuota), []),
    usage,
    skipped,
  };
}

const DEPLOYMENT: Kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
const WORKLOADS: readonly Kind[] = [
  DEPLOYMENT,
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'batch/v1', kind: 'Job' },
];
const REPLICA_SET: Kind = { apiVersion: 'apps/v1', kind: 'ReplicaSet' };
const POD: Kind = { apiVersion: 'v1', kind: 'Pod' };
const NODE: Kind = { apiVersion: 'v1', kind: 'Node' };
const RESOURCE_QUOTA: Kind = { apiVersion: 'v1', kind: 'ResourceQuota' };
const LEDGER: Kind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  labelSelector: `${LEDGER_LABEL}=${LEDGER_VERSION}`,
};
/** Newest first; clusters before 1.23 serve the older one only, and those from 1.26 may serve the newer one only. */
const AUTOSCALERS: readonly Kind[] = ['autoscaling/v2', 'autoscaling/v1'].map(apiVersion => ({
  apiVersion,
  kind: 'HorizontalPodAutoscaler',
}));

/** A workload that serves a model, or says so; `undefined` for all others. */
function find(raw: KubernetesObject, matcher: ModelMatcher) {
  const workload = parseWorkload(raw);
  const modelName = workload.metadata.labels?.[MODEL_LABEL] ?? null;
  const finders = matcher.match(workload.metadata);
  return modelName === null && finders.length === 0 ? undefined : { raw, workload, finders, modelName };
}

function readLedger(raw: KubernetesObject, matcher: ModelMatcher): SeenLedger {
  const ledger = parseLedger(raw);
  const { namespace = '' } = raw.metadata;
  const finders = matcher.match({ name: '', namespace, labels: { [MODEL_LABEL]: ledger.model } });
  return { namespace, ledger, models: finders.map(({ modelId }) => modelId) };
}

async function readAutoscalers(
  reader: ClusterReader,
  {
    homes,
    now,
    skipped,
    signal,
  }: { homes: readonly (string | undefined)[]; now: number; skipped: string[] } & Waiting,
): Promise<readonly SeenAutoscaler[]> {
  for (const kind of AUTOSCALERS) {
    const served = await reader.servedKind(kind.apiVersion, kind.kind, { signal });
    if (served === undefined) continue;
    const listing = { within: homes, skipped, signal };
    return await unlessForbidden(
      listObjects(reader, kind, raw => readAutoscaler(raw, now), listing),
      [],
    );
  }
  return [];
}

/** They can be large, and nothing here reads those of a pod. */
const withoutAnnotations = (pod: Pod): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, annotations: undefined },
});

/** Nodes that run a model: only their kubelets are asked for usage. */
const nodesOf = (workloads: readonly SeenWorkload[]): readonly string[] => [
  ...new Set(workloads.flatMap(({ stored }) => stored.deployment.pods.flatMap(({ node }) => node ?? []))),
];
