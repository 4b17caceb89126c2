import { eventEvidenceOf, chooseEvents } from './event-evidence';
import { parseEvidence } from './evidence';
import { capturedPod } from './diagnosis.fixture';
import { nodeEvidenceOf } from './node-evidence';
import { podEvidenceOf } from './pod-evidence';

const NO_LOGS = { current: new Map(), previous: new Map() };

it('is a document that can be read again', () => {
  const evidence = capturedPod('ready-404');
  expect(parseEvidence(JSON.parse(JSON.stringify(evidence)))).toEqual(JSON.parse(JSON.stringify(evidence)));
});

it('completes probes as Kubernetes does, and resolves named ports', () => {
  const pod = podEvidenceOf(
    {
      metadata: { name: 'mnist-1', namespace: 'models' },
      spec: {
        containers: [
          {
            name: 'model',
            ports: [{ name: 'http', containerPort: 8080 }],
            readinessProbe: { httpGet: { port: 'http' } },
            startupProbe: { tcpSocket: { port: 9 }, failureThreshold: 30 },
            livenessProbe: { exec: { command: ['true'] } },
          },
        ],
      },
    },
    NO_LOGS,
  );
  expect(pod.containers[0]).toMatchObject({
    ready: false,
    readiness: {
      by: 'http',
      port: '8080',
      path: '/',
      periodSeconds: 10,
      timeoutSeconds: 1,
      failureThreshold: 3,
    },
    startup: { by: 'tcp', port: '9', failureThreshold: 30 },
    liveness: { by: 'exec' },
  });
});

it('keeps the log of the run before where it says something else', () => {
  const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'model' }] } };
  const logsOf = (previous: string) =>
    podEvidenceOf(pod, {
      current: new Map([['model', ['died']]]),
      previous: new Map([['model', [previous]]]),
    }).containers[0];
  expect(logsOf('died')).toMatchObject({ log: ['died'], previousLog: undefined });
  expect(logsOf('was killed')).toMatchObject({ log: ['died'], previousLog: ['was killed'] });
});

it('bounds what a pod says', () => {
  const terminated = { exitCode: 1, message: Array.from({ length: 99 }, () => 'x'.repeat(999)).join('\n') };
  const status = { name: 'model', ready: false, restartCount: 0, state: { terminated } };
  const pod = podEvidenceOf(
    {
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'model' }] },
      status: { message: 'y'.repeat(9_999), containerStatuses: [status] },
    },
    NO_LOGS,
  );
  expect(pod.message).toHaveLength(1_000);
  expect(pod.containers[0]?.state?.terminated?.message?.split('\n')).toHaveLength(40);
});

it('sums what is requested of a node, finished pods left out', () => {
  const node = {
    metadata: { name: 'a' },
    status: { allocatable: { cpu: '2' }, conditions: [{ type: 'DiskPressure', status: 'True' }] },
  };
  const podOf = (nodeName: string, phase: string) => ({
    metadata: { name: 'p' },
    spec: { nodeName, containers: [{ name: 'c', resources: { requests: { cpu: '300m' } } }] },
    status: { phase },
  });
  const pods = [podOf('a', 'Running'), podOf('a', 'Pending'), podOf('a', 'Succeeded'), podOf('b', 'Running')];
  expect(nodeEvidenceOf(node, pods)).toMatchObject({
    isReady: false,
    troubles: ['DiskPressure'],
    requested: { cpu: '600m' },
  });
  expect(nodeEvidenceOf(node, undefined).requested).toBeUndefined();
});

const eventAt = (second: number, type: string) => ({
  type,
  reason: 'R',
  message: `${second}`,
  lastTimestamp: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
  involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec.initContainers{fetch}' },
});

it('reads both ways in which events count', () => {
  expect(eventEvidenceOf({ ...eventAt(1, 'Warning'), count: 7 })).toMatchObject({
    count: 7,
    container: 'fetch',
  });
  const series = { count: 9, lastObservedTime: '2026-01-01T00:00:09Z' };
  expect(eventEvidenceOf({ ...eventAt(1, 'Warning'), series })).toMatchObject({
    count: 9,
    lastAt: '2026-01-01T00:00:09Z',
  });
});

it('keeps warnings rather than what went well, in the order of time', () => {
  const events = Array.from({ length: 60 }, (_, second) =>
    eventEvidenceOf(eventAt(second, second < 30 ? 'Warning' : 'Normal')),
  );
  const chosen = chooseEvents(events);
  expect(chosen).toHaveLength(40);
  expect(chosen.map(({ message }) => Number(message))).toEqual([
    ...Array(30).keys(),
    ...Array.from({ length: 10 }, (_, n) => 50 + n),
  ]);
});
