import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { defaultTimeoutMs, timeoutWarning } from './deadline';

const workload = (kind: string, spec: object = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: kind.toLowerCase(), namespace: 'apps' },
  spec,
});

it.each([
  ['no workload', [], 660_000],
  ['the default of Kubernetes', [workload('Deployment')], 660_000],
  [
    'the longest of several',
    [
      workload('Deployment', { progressDeadlineSeconds: 30 }),
      workload('Deployment', { progressDeadlineSeconds: 900 }),
    ],
    960_000,
  ],
  [
    'none at all, which is no reason to wait for years',
    [workload('Deployment', { progressDeadlineSeconds: 2147483647 })],
    6 * 60 * 60_000,
  ],
  ['our own, where the kind has none', [workload('StatefulSet')], 660_000],
  ["a Job's own", [workload('Job', { activeDeadlineSeconds: 3600 })], 3_660_000],
])('waits a minute longer than the deadline: %s', (_name, workloads, ms) => {
  expect(defaultTimeoutMs(workloads)).toBe(ms);
});

it.each([
  ['within the deadline', [workload('Deployment', { progressDeadlineSeconds: 300 })], 300_000, undefined],
  ['no timeout given', [workload('Deployment')], undefined, undefined],
  ['a kind without such a deadline', [workload('StatefulSet')], 9_000_000, undefined],
  [
    'beyond it',
    [workload('Deployment', { progressDeadlineSeconds: 300 })],
    1_200_000,
    'timeout is 1200 s, but Deployment/apps/deployment fails where it makes no progress for 300 s; raise spec.progressDeadlineSeconds if a start may take longer',
  ],
])('warns of a timeout that is not used: %s', (_name, workloads, timeoutMs, warning) => {
  expect(timeoutWarning(workloads, timeoutMs)).toBe(warning);
});
