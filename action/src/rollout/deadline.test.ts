import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { defaultLimit, endOf, timeoutWarning } from './deadline';

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
    5 * 60 * 60_000,
  ],
  ['our own, where the kind has none', [workload('StatefulSet')], 660_000],
  ["a Job's own", [workload('Job', { activeDeadlineSeconds: 3600 })], 3_660_000],
])('waits a minute longer than the deadline: %s', (_name, workloads, ms) => {
  expect(defaultLimit(workloads)).toEqual({ ms, longestMs: 5 * 60 * 60_000 });
});

it.each([
  ['within the deadline', [workload('Deployment', { progressDeadlineSeconds: 300 })], 300_000, undefined],
  ['no timeout given', [workload('Deployment')], undefined, undefined],
  ['a kind without such a deadline', [workload('StatefulSet')], 9_000_000, undefined],
  [
    'beyond the deadline, which several replicas begin anew',
    [workload('Deployment', { progressDeadlineSeconds: 300, replicas: 8 })],
    1_200_000,
    undefined,
  ],
  [
    'beyond it',
    [workload('Deployment', { progressDeadlineSeconds: 300 })],
    1_200_000,
    'timeout is 1200 s, but Deployment/apps/deployment fails where it makes no progress for 300 s; raise spec.progressDeadlineSeconds if a start may take longer',
  ],
])('warns of a timeout that is not used: %s', (_name, workloads, timeoutMs, warning) => {
  expect(timeoutWarning(workloads, timeoutMs)).toBe(warning);
});

it.each([
  ['no progress', { ms: 60, longestMs: 300 }, [undefined], 160],
  ['the last progress of several', { ms: 60, longestMs: 300 }, [{ at: 130 }, { at: 150 }], 210],
  ['progress without end', { ms: 60, longestMs: 300 }, [{ at: 390 }], 400],
  ['a timeout that was given, whatever progress there is', { ms: 60 }, [{ at: 150 }], 160],
])('ends the wait after %s', (_name, limit, progresses, end) => {
  expect(endOf(limit, 100, progresses)).toBe(end);
});
