import { health, isGating } from '../health';
import { context, objectOf, ownPod, type Vector } from '../health.fixture';
import { parseEndpointSlice } from './service';

type Fields = Record<string, unknown>;
const service = (spec: Fields = {}, status: Fields = { loadBalancer: {} }): unknown =>
  objectOf('v1', 'Service', {
    metadata: { generation: undefined },
    spec: { type: 'ClusterIP', selector: { app: 'mnist' }, ...spec },
    status,
  });
const balanced = { type: 'LoadBalancer' };
const slice = (endpoints: Fields[], metadata: Fields = {}) =>
  parseEndpointSlice({
    metadata: {
      name: 'mnist-9f784',
      namespace: 'shop',
      labels: { 'kubernetes.io/service-name': 'mnist' },
      ...metadata,
    },
    endpoints,
  });
const endpoint = (uid: string, conditions?: Fields): Fields => ({
  addresses: ['198.18.64.107'],
  targetRef: { kind: 'Pod', name: uid, uid },
  ...(conditions && { conditions }),
});
const releasedPods = [ownPod('new-1', { app: 'mnist' })];
const seen = (...endpointSlices: ReturnType<typeof slice>[]): Vector[2] => ({ releasedPods, endpointSlices });

const vectors: Vector[] = [
  ['of a cluster address', service(), {}, 'Current', 'Exists'],
  ['without a selector', service({ selector: undefined }), seen(), 'Current', 'Exists'],
  ['a load balancer without an address', service(balanced), {}, 'InProgress', 'LoadBalancerPending'],
  [
    'a load balancer without an address, though it has a cluster address',
    service({ ...balanced, clusterIP: '198.51.100.181' }),
    {},
    'InProgress',
    'LoadBalancerPending',
  ],
  [
    'a load balancer with an address',
    service(balanced, { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } }),
    {},
    'Current',
    'Exists',
  ],
  [
    'a load balancer with a given address',
    service({ ...balanced, externalIPs: ['192.0.2.7'] }),
    {},
    'Current',
    'Exists',
  ],
  [
    'leads to a new pod',
    service(),
    seen(slice([endpoint('old-1'), endpoint('new-1', { ready: true })])),
    'Current',
    'Exists',
  ],
  [
    'leads to a new pod, whose readiness is left out',
    service(),
    seen(slice([endpoint('new-1', {})])),
    'Current',
    'Exists',
  ],
  [
    'leads to a new pod by its second slice',
    service(),
    seen(slice([endpoint('old-1')]), slice([endpoint('new-1')])),
    'Current',
    'Exists',
  ],
  [
    'leads to old pods alone',
    service(),
    seen(slice([endpoint('old-1', { ready: true })])),
    'InProgress',
    'NoEndpoint',
  ],
  [
    'leads to a new pod that is not ready',
    service(),
    seen(slice([endpoint('new-1', { ready: false })])),
    'InProgress',
    'NoEndpoint',
  ],
  ['has no slice', service(), seen(), 'InProgress', 'NoEndpoint'],
  [
    'another Service leads to the new pod',
    service(),
    seen(slice([endpoint('new-1')], { labels: { 'kubernetes.io/service-name': 'other' } })),
    'InProgress',
    'NoEndpoint',
  ],
  [
    'a Service of the same name in another namespace does',
    service(),
    seen(slice([endpoint('new-1')], { namespace: 'other' })),
    'InProgress',
    'NoEndpoint',
  ],
  ['is meant for pods of nobody here', service({ selector: { app: 'other' } }), seen(), 'Current', 'Exists'],
  ['slices may not be read', service(), { releasedPods }, 'Current', 'Exists'],
];

it.each(vectors)('%s', (_name, object, over, ...[state, reason]) => {
  expect(health(object, context(over))).toMatchObject({ state, reason });
});

it('holds a release up for want of pods, never for want of a load balancer', () => {
  const ref = { apiVersion: 'v1', kind: 'Service' };
  expect(isGating(ref, health(service(), context(seen())))).toBe(true);
  expect(isGating(ref, health(service(balanced), context()))).toBe(false);
});
