import { amountText } from '../allocation/amount';
import { containerLimit, containerRequest } from '../allocation/pod-request';
import { parseQuantity } from '../allocation/quantity';
import { formatAmount, resourceName } from '../format';
import type { LimitRange } from '../workload/node';
import type { Container, PodSpec, ResourceList } from '../workload/pod';
import type { FitFinding } from './finding';
import type { FitWorkload } from './workload';

type Bounds = LimitRange['spec']['limits'][number];

const boundsOf = (ranges: readonly LimitRange[], type: string): readonly Bounds[] =>
  ranges.flatMap(({ spec }) => spec.limits.filter(bounds => bounds.type === type));

/** The pod with the requests and limits that the namespace gives to containers that have none. */
export function withRangeDefaults(pod: PodSpec, ranges: readonly LimitRange[]): PodSpec {
  const bounds = boundsOf(ranges, 'Container');
  const limits = merged(bounds.map(each => each.default));
  const requests = merged(bounds.map(each => each.defaultRequest));
  const fill = (container: Container): Container => ({
    ...container,
    resources: {
      limits: { ...limits, ...container.resources?.limits },
      requests: { ...requests, ...container.resources?.limits, ...container.resources?.requests },
    },
  });
  return {
    ...pod,
    containers: pod.containers.map(fill),
    ...(pod.initContainers !== undefined && { initContainers: pod.initContainers.map(fill) }),
  };
}

const merged = (lists: readonly (ResourceList | undefined)[]): ResourceList =>
  Object.assign({}, ...lists) as ResourceList;

/** Containers outside of what a LimitRange lets into the namespace: their pods are never made. */
export function checkLimitRanges(
  { ref, pod }: FitWorkload,
  ranges: readonly LimitRange[],
): readonly FitFinding[] {
  const containers = [...pod.containers, ...(pod.initContainers ?? [])];
  return ranges.flatMap(range =>
    boundsOf([range], 'Container').flatMap(({ max = {}, min = {} }) =>
      containers.flatMap(container => {
        const where = `container ${container.name}`;
        const rule = `the LimitRange ${range.metadata.name}`;
        const refuse = (said: string, remedy: string): FitFinding => ({
          severity: 'refusal',
          object: ref,
          message: `${where}: ${said}, so that ${rule} keeps its pods out`,
          remedy: `${remedy} of container ${container.name}`,
        });
        return [
          ...over(container, max).map(({ resource, limit, bound }) =>
            refuse(
              `the ${resourceName(resource)} limit of ${limit} is over ${bound}`,
              `lower resources.limits.${resource} to ${bound}`,
            ),
          ),
          ...under(container, min).map(({ resource, request, bound }) =>
            refuse(
              `the ${resourceName(resource)} request of ${request} is under ${bound}`,
              `raise resources.requests.${resource} to ${bound}`,
            ),
          ),
        ];
      }),
    ),
  );
}

const shown = (resource: string, nano: bigint): string => formatAmount(resource, amountText(resource, nano));

function over(
  container: Container,
  max: ResourceList,
): readonly { resource: string; limit: string; bound: string }[] {
  return Object.entries(max).flatMap(([resource, text]) => {
    const limit = containerLimit(container, resource) ?? containerRequest(container, resource);
    const bound = parseQuantity(text).nano;
    if (limit === undefined || limit <= bound) return [];
    return [{ resource, limit: shown(resource, limit), bound: shown(resource, bound) }];
  });
}

function under(
  container: Container,
  min: ResourceList,
): readonly { resource: string; request: string; bound: string }[] {
  return Object.entries(min).flatMap(([resource, text]) => {
    const request = containerRequest(container, resource);
    const bound = parseQuantity(text).nano;
    if (request === undefined || request >= bound) return [];
    return [{ resource, request: shown(resource, request), bound: shown(resource, bound) }];
  });
}
