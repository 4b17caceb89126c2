import { context, objectOf, pod } from './health.fixture';
import { parsePod } from './pod';
import { trialMs } from './trial';

type Fields = Record<string, unknown>;
const httpGet = { path: '/v2/health/ready', port: 'http' };
const set = (spec: Fields = {}): unknown => objectOf('apps/v1', 'ReplicaSet', { spec });
const podWith = (container: Fields, status: Fields = {}): ReturnType<typeof parsePod> => {
  const bare = pod({ owner: 'd' }) as { status: { containerStatuses: Fields[] } };
  const containerStatuses = bare.status.containerStatuses.map(each => ({ ...each, ...status }));
  return parsePod({
    ...bare,
    spec: { containers: [{ name: 'model', ...container }] },
    status: { ...bare.status, containerStatuses },
  });
};

it.each([
  ['a pod that answered its readiness probe', set(), [podWith({ readinessProbe: { httpGet } })], 0],
  ['a pod that answered its startup probe', set(), [podWith({ startupProbe: { httpGet } })], 0],
  ['a pod that nobody asked', set(), [podWith({})], 5_000],
  ['a pod whose liveness alone is asked', set(), [podWith({ livenessProbe: { httpGet } })], 5_000],
  [
    'a pod that answered, but died before',
    set(),
    [podWith({ readinessProbe: { httpGet } }, { restartCount: 1 })],
    5_000,
  ],
  ['one of two that nobody asked', set(), [podWith({ readinessProbe: { httpGet } }), podWith({})], 5_000],
  ['a pod that the cluster itself watched for a while', set({ minReadySeconds: 3 }), [podWith({})], 2_000],
  ['a pod that the cluster itself watched for long', set({ minReadySeconds: 30 }), [podWith({})], 0],
  ['no pod', set(), [], 0],
])('%s', (_name, object, pods, ms) => {
  expect(trialMs(object, context({ pods }))).toBe(ms);
});
