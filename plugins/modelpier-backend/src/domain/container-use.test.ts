import { createUsageReader, parsePod } from '@modelpier/backstage-plugin-modelpier-common';
import { HIGH, percentileOf } from './amount-sketch';
import { sampleContainers } from './container-use';

const workload = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'apps', name: 'mnist' };
const podOf = (name: string) => ({
  workload,
  pod: parsePod({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'apps' },
    spec: { containers: [{ name: 'server', image: 'mnist' }] },
    status: { phase: 'Running' },
  }),
});

it('takes the reading of each pod by itself, so that one busy pod is not averaged away', () => {
  const names = Array.from({ length: 10 }, (_, index) => `mnist-${index}`);
  const metrics = names.map(name => ({
    metadata: { name, namespace: 'apps' },
    containers: [{ name: 'server', usage: { cpu: name === 'mnist-7' ? '2' : '100m' } }],
  }));
  const uses = sampleContainers(names.map(podOf), createUsageReader(metrics));
  expect(uses.map(({ container, resource }) => [container, resource])).toEqual([['server', 'cpu']]);
  expect(percentileOf(uses[0]?.used ?? [], HIGH)).toBeGreaterThan(1980);
});

it('samples nothing of a pod without metrics', () => {
  expect(sampleContainers([podOf('mnist-0')], createUsageReader(null))).toEqual([]);
});
