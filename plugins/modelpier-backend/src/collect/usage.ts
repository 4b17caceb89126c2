import {
  count,
  hasCode,
  list,
  object,
  optional,
  parsePodMetrics,
  parseWith,
  type PodMetrics,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type Discovery,
  mapBounded,
  type ObjectReader,
  type RawReader,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { Usage } from '../domain/cluster-snapshot';

interface UsageOptions extends Waiting {
  readonly namespaces: readonly (string | undefined)[];
  /** Nodes that run pods of models: no other kubelet is asked. */
  readonly nodes: readonly string[];
}

const METRICS_API = 'metrics.k8s.io/v1beta1';
/** Each summary makes a kubelet look at all its containers. */
const CONCURRENT_KUBELETS = 4;
const MAX_SUMMARY_BYTES = 8 * 1024 * 1024;

/** What pods use now: from the metrics API, else from the kubelets where we may ask them, else nothing. */
export async function readUsage(
  cluster: ObjectReader & Discovery & RawReader,
  { namespaces, nodes, signal }: UsageOptions,
): Promise<Usage> {
  const served = await cluster.servedKind(METRICS_API, 'PodMetrics', { signal });
  const metrics = served && (await tryMetricsApi(cluster, { namespaces, signal }));
  if (metrics !== undefined) return { origin: 'metrics-api', pods: metrics };
  const summaries = await tryKubelets(cluster, { nodes, signal });
  return summaries === undefined ? { origin: 'none', pods: null } : { origin: 'kubelet', pods: summaries };
}

async function tryMetricsApi(
  cluster: ObjectReader,
  { namespaces, signal }: Pick<UsageOptions, 'namespaces' | 'signal'>,
): Promise<readonly PodMetrics[] | undefined> {
  const pods: PodMetrics[] = [];
  try {
    for (const namespace of namespaces) {
      const selection = { apiVersion: METRICS_API, kind: 'PodMetrics', namespace };
      for await (const pod of cluster.listObjects(selection, { signal })) pods.push(parsePodMetrics(pod));
    }
    return pods;
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return undefined;
  }
}

/** `undefined` where no kubelet could be asked. */
async function tryKubelets(
  cluster: RawReader,
  { nodes, signal }: Pick<UsageOptions, 'nodes' | 'signal'>,
): Promise<readonly PodMetrics[] | undefined> {
  let isForbidden = false;
  const answers = await mapBounded(nodes, CONCURRENT_KUBELETS, async node => {
    if (isForbidden) return undefined;
    try {
      const path = `/api/v1/nodes/${encodeURIComponent(node)}/proxy/stats/summary`;
      return parseSummary(await cluster.getJson(path, { maxBytes: MAX_SUMMARY_BYTES, signal }));
    } catch (error) {
      if (signal?.aborted === true) throw error;
      isForbidden ||= hasCode(error, 'forbidden');
      return undefined;
    }
  });
  const read = answers.filter(answer => answer !== undefined);
  return read.length === 0 ? undefined : read.flat();
}

/** The fields of the kubelet's summary that we read (Kubernetes, kubelet/pkg/apis/stats/v1alpha1). */
const summary = object({
  pods: list(
    object({
      podRef: object({ name: text, namespace: text }),
      containers: optional(
        list(
          object({
            name: text,
            cpu: optional(object({ usageNanoCores: optional(count) })),
            memory: optional(object({ workingSetBytes: optional(count) })),
          }),
        ),
      ),
    }),
  ),
});

function parseSummary(answer: unknown): readonly PodMetrics[] {
  return parseWith(summary, answer, 'kubelet summary').pods.map(({ podRef, containers = [] }) => ({
    metadata: podRef,
    containers: containers
      .map(({ name, cpu, memory }) => ({
        name,
        usage: {
          ...(cpu?.usageNanoCores !== undefined && { cpu: `${cpu.usageNanoCores}n` }),
          ...(memory?.workingSetBytes !== undefined && { memory: String(memory.workingSetBytes) }),
        },
      }))
      // Until its second look the kubelet has no CPU rate: half a measurement is none.
      .filter(({ usage }) => 'cpu' in usage && 'memory' in usage),
  }));
}
