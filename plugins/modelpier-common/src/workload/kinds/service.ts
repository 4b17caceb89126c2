import {
  type Decoded,
  flag,
  list,
  object,
  optional,
  parseWith,
  record,
  text,
  unknownValue,
} from '../../parse/decoder';
import type { HealthContext } from '../health-context';
import { metadata } from '../metadata';
import type { Pod } from '../pod';
import type { Status } from '../status';
import { verdict } from '../verdict';

const service = object({
  metadata,
  spec: optional(
    object({
      type: optional(text),
      selector: optional(record(text)),
      externalIPs: optional(list(text)),
    }),
  ),
  status: optional(object({ loadBalancer: optional(object({ ingress: optional(list(unknownValue)) })) })),
});
type Service = Decoded<typeof service>;

/** The fields of an EndpointSlice that a Service's health reads (discovery.k8s.io/v1 and v1beta1). */
const endpointSlice = object({
  metadata,
  endpoints: optional(
    list(
      object({
        conditions: optional(object({ ready: optional(flag) })),
        targetRef: optional(object({ kind: optional(text), name: optional(text), uid: optional(text) })),
      }),
    ),
  ),
});
export type EndpointSlice = Decoded<typeof endpointSlice>;
export const parseEndpointSlice = (value: unknown): EndpointSlice =>
  parseWith(endpointSlice, value, 'EndpointSlice');

/** The slices of a Service bear its name here. */
const SERVICE_LABEL = 'kubernetes.io/service-name';

/** The one state of a Service that a release does not wait for: load balancers take minutes, or never come. */
export const NO_LOAD_BALANCER = 'LoadBalancerPending';

export function serviceHealth(value: unknown, context: HealthContext): Status {
  const parsed = parseWith(service, value, 'Service');
  const { type, externalIPs = [] } = parsed.spec ?? {};
  const unreached = reachesNoNewPod(parsed, context);
  if (unreached !== undefined) return unreached;
  const addresses = parsed.status?.loadBalancer?.ingress ?? [];
  if (type === 'LoadBalancer' && addresses.length + externalIPs.length === 0) {
    return verdict('InProgress', NO_LOAD_BALANCER, 'its load balancer has no address yet');
  }
  return verdict('Current', 'Exists', 'it is there');
}

/** Ready pods that no Service leads to serve nobody. */
function reachesNoNewPod({ metadata: about, spec }: Service, context: HealthContext): Status | undefined {
  const { endpointSlices, releasedPods = [] } = context;
  const selector = Object.entries(spec?.selector ?? {});
  const meant = releasedPods.filter(
    pod => pod.metadata.namespace === about.namespace && selector.length > 0 && matches(pod, selector),
  );
  if (endpointSlices === undefined || meant.length === 0) return undefined;
  const uids = new Set(meant.map(pod => pod.metadata.uid));
  const reaches = endpointSlices
    .filter(
      ({ metadata: { namespace, labels } }) =>
        namespace === about.namespace && labels?.[SERVICE_LABEL] === about.name,
    )
    .flatMap(({ endpoints = [] }) => endpoints)
    // A condition that is left out counts as met.
    .some(({ conditions, targetRef }) => conditions?.ready !== false && uids.has(targetRef?.uid));
  return reaches
    ? undefined
    : verdict('InProgress', 'NoEndpoint', 'it leads to no ready pod of the new revision yet');
}

const matches = ({ metadata: { labels = {} } }: Pod, selector: readonly [string, string][]): boolean =>
  selector.every(([key, value]) => labels[key] === value);
