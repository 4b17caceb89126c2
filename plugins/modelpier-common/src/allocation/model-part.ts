import { isExtended } from './amount';
import type { AllocationBasis, AllocationInput } from './allocation';
import type { UsageReader } from './pod-metrics';
import { countedContainers, podLimit, podRequest } from './pod-request';
import { countContainers } from './scope';
import type { Pod } from '../workload/pod';

/** What a model's pods request, may take and use of one resource, in nano-units. */
export interface ModelPart extends Readonly<AllocationInput['model']> {
  /** `null` where a container has no limit. */
  readonly limited: bigint | null;
  /** Containers that `used` was measured on. */
  readonly measuredContainers: number;
  /** The model runs, and requests nothing of it: nothing is set aside for it. */
  readonly bestEffort: boolean;
}

/** Adds up a model's pods; a pod counts as measured once all its containers are. */
export function sumModelPart(
  pods: readonly Pod[],
  resource: string,
  {
    usage,
    basis = 'requests',
  }: { readonly usage: UsageReader; readonly basis?: AllocationBasis | undefined },
): ModelPart {
  let requested = 0n;
  let allocated = 0n;
  let limited: bigint | null = 0n;
  let measuredContainers = 0;
  const measured = { amount: 0n, requested: 0n };
  for (const pod of pods) {
    const request = podRequest(pod.spec, resource);
    const limit = podLimit(pod.spec, resource);
    const used = podUsage(pod, resource, usage);
    requested += request;
    allocated += used !== undefined && used > request ? used : request;
    limited = limited === null || limit === undefined ? null : limited + limit;
    if (used === undefined) continue;
    measured.amount += used;
    measured.requested += request;
    measuredContainers += countContainers([pod], resource);
  }
  const containers = countContainers(pods, resource);
  return {
    containers,
    requested,
    limited,
    used: measuredContainers === 0 ? null : measured,
    measuredContainers,
    bestEffort: containers > 0 && requested === 0n && !isExtended(resource),
    ...(basis === 'max' && { allocated }),
  };
}

function podUsage(pod: Pod, resource: string, usage: UsageReader): bigint | undefined {
  let total = 0n;
  for (const { name } of countedContainers(pod.spec)) {
    const used = usage(pod, name, resource);
    if (used === undefined) return undefined;
    total += used;
  }
  return total;
}
