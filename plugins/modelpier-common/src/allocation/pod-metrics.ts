import { type Decoded, list, object, optional, parseWith, text } from '../parse/decoder';
import { metadata } from '../workload/metadata';
import { type Pod, resourceList } from '../workload/pod';
import { parseQuantity } from './quantity';

/** What a pod's containers use now (metrics.k8s.io PodMetrics). */
export const podMetrics = object({
  metadata,
  timestamp: optional(text),
  containers: list(object({ name: text, usage: resourceList })),
});
export type PodMetrics = Decoded<typeof podMetrics>;
export const parsePodMetrics = (value: unknown): PodMetrics => parseWith(podMetrics, value, 'PodMetrics');

/** What one container of one pod uses of a resource, in nano-units; `undefined` where not measured. */
export type UsageReader = (pod: Pod, container: string, resource: string) => bigint | undefined;

/** Finds usage by pod and container; without a metrics API (`null`) nothing is measured. */
export function createUsageReader(metrics: readonly PodMetrics[] | null): UsageReader {
  const byPod = new Map(
    (metrics ?? []).map(({ metadata: { namespace, name }, containers }) => [
      `${namespace ?? ''}/${name}`,
      new Map(containers.map(each => [each.name, each.usage])),
    ]),
  );
  return ({ metadata: { namespace, name } }, container, resource) => {
    const amount = byPod.get(`${namespace ?? ''}/${name}`)?.get(container)?.[resource];
    return amount === undefined ? undefined : parseQuantity(amount).nano;
  };
}
