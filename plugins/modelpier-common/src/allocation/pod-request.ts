import type { Container, PodSpec } from '../workload/pod';
import { isExtended } from './amount';
import { parseQuantity } from './quantity';

/** An init container that stays: Kubernetes 1.29 and later run it beside the app's containers. */
const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === 'Always';

/** The containers that N counts: app containers and sidecars, for both run as long as the pod. */
export const countedContainers = ({ containers, initContainers = [] }: PodSpec): readonly Container[] => [
  ...containers,
  ...initContainers.filter(isSidecar),
];

/** In nano-units; a limit alone is the request too, as the API server defaults it. */
export function containerRequest({ resources }: Container, resource: string): bigint | undefined {
  const text = resources?.requests?.[resource] ?? resources?.limits?.[resource];
  return text === undefined ? undefined : parseQuantity(text).nano;
}

/** In nano-units; `undefined` where the container may take all there is. */
export function containerLimit({ resources }: Container, resource: string): bigint | undefined {
  const text = resources?.limits?.[resource];
  return text === undefined ? undefined : parseQuantity(text).nano;
}

/**
 * What the scheduler sets aside for a pod, in nano-units: the larger of what runs for good and of the
 * hungriest init container beside the sidecars started before it, plus the runtime's overhead
 * (Kubernetes, "Sidecar containers: resource sharing within containers").
 */
export function podRequest(spec: PodSpec, resource: string): bigint {
  const overhead = parseOptional(spec.overhead?.[resource]);
  const ofPod = spec.resources?.requests?.[resource];
  if (ofPod !== undefined) return parseQuantity(ofPod).nano + overhead;
  let sidecars = 0n;
  let starting = 0n;
  for (const container of spec.initContainers ?? []) {
    const request = containerRequest(container, resource) ?? 0n;
    starting = larger(starting, sidecars + request);
    if (isSidecar(container)) sidecars += request;
  }
  const app = spec.containers.reduce((sum, each) => sum + (containerRequest(each, resource) ?? 0n), 0n);
  return larger(app + sidecars, starting) + overhead;
}

/** What a pod may take at most, in nano-units; `undefined` where one of its containers has no limit. */
export function podLimit(spec: PodSpec, resource: string): bigint | undefined {
  const ofPod = spec.resources?.limits?.[resource];
  if (ofPod !== undefined) return parseQuantity(ofPod).nano;
  let total = 0n;
  for (const container of countedContainers(spec)) {
    const limit = containerLimit(container, resource) ?? (isExtended(resource) ? 0n : undefined);
    if (limit === undefined) return undefined;
    total += limit;
  }
  return total;
}

const parseOptional = (text: string | undefined): bigint =>
  text === undefined ? 0n : parseQuantity(text).nano;
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
