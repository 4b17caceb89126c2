import { ofFairShare } from '../allocation/allocation';
import { amountText } from '../allocation/amount';
import type { UsageReader } from '../allocation/pod-metrics';
import { containerLimit, containerRequest, countedContainers } from '../allocation/pod-request';
import { ceilDivide } from '../allocation/quantity';
import type { Rational } from '../allocation/rational';
import type { ModelPod } from '../allocation/scope';
import type { Container } from '../workload/pod';
import type { ContainerAllocation } from './allocation-answer';

interface FairShare {
  readonly resource: string;
  readonly fairShare: Rational | null;
}

interface Group {
  readonly workload: ModelPod['workload'];
  readonly container: Container;
  readonly pods: ModelPod['pod'][];
}

/** One row per container of a workload; while a rollout changes its resources, one for each setting. */
export function allocateContainers(
  modelPods: readonly ModelPod[],
  usage: UsageReader,
  shares: readonly FairShare[],
): readonly ContainerAllocation[] {
  return groupContainers(modelPods).map(group => ({
    workload: group.workload,
    container: group.container.name,
    instances: group.pods.length,
    resources: shares.map(share => describeResource(group, share, usage)),
  }));
}

function groupContainers(modelPods: readonly ModelPod[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { workload, pod } of modelPods) {
    for (const container of countedContainers(pod.spec)) {
      const { apiVersion, kind, namespace, name } = workload;
      const key = JSON.stringify([apiVersion, kind, namespace, name, container.name, container.resources]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { workload, container, pods: [pod] });
      else group.pods.push(pod);
    }
  }
  return [...groups.values()];
}

function describeResource(
  { container, pods }: Group,
  { resource, fairShare }: FairShare,
  usage: UsageReader,
): ContainerAllocation['resources'][number] {
  const request = containerRequest(container, resource);
  const limit = containerLimit(container, resource);
  const used = pods.map(pod => usage(pod, container.name, resource)).filter(amount => amount !== undefined);
  const sum = used.reduce((total, each) => total + each, 0n);
  const mean = used.length === 0 ? undefined : ceilDivide(sum, BigInt(used.length));
  const amount = (nano: bigint | undefined): string | null =>
    nano === undefined ? null : amountText(resource, nano);
  return {
    resource,
    request: amount(request),
    limit: amount(limit),
    used: amount(mean),
    ofFairShare: request === undefined ? null : ofFairShare(request, fairShare),
  };
}
