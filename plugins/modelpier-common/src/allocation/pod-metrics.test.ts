import { createUsageReader, parsePodMetrics } from './pod-metrics';

const pod = { metadata: { name: 'fraud-1', namespace: 'apps' }, spec: { containers: [] } };

/** As metrics-server answers `/apis/metrics.k8s.io/v1beta1/pods`. */
const METRICS = parsePodMetrics({
  kind: 'PodMetrics',
  apiVersion: 'metrics.k8s.io/v1beta1',
  metadata: { name: 'fraud-1', namespace: 'apps', creationTimestamp: '2026-08-04T10:00:00Z' },
  timestamp: '2026-08-04T09:59:48Z',
  window: '15.5s',
  containers: [{ name: 'server', usage: { cpu: '12345678n', memory: '182336Ki' } }],
});

it('reads usage to the nano-unit', () => {
  const usage = createUsageReader([METRICS]);
  expect(usage(pod, 'server', 'cpu')).toBe(12_345_678n);
  expect(usage(pod, 'server', 'memory')).toBe(182_336n * 1024n * 1_000_000_000n);
});

it('measures nothing where nobody measured, rather than 0', () => {
  const usage = createUsageReader([METRICS]);
  expect(usage(pod, 'proxy', 'cpu')).toBeUndefined();
  expect(usage(pod, 'server', 'nvidia.com/gpu')).toBeUndefined();
  const namesake = { ...pod, metadata: { name: 'fraud-1', namespace: 'shop' } };
  expect(usage(namesake, 'server', 'cpu')).toBeUndefined();
  expect(createUsageReader(null)(pod, 'server', 'cpu')).toBeUndefined();
});

it('refuses metrics without usage', () => {
  const broken = { metadata: { name: 'p' }, containers: [{ name: 'server' }] };
  expect(() => parsePodMetrics(broken)).toThrow('containers[0].usage: expected an object, got nothing');
});
