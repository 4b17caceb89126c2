import { diagnose } from './diagnose';
import { capturedPod, capturedRefusal } from './diagnosis.fixture';
import type { Cause } from './diagnosis';

/** What ailed the pod, what is found, and what must be said of it. */
type Row = [pod: string, cause: Cause, explanation: string, fix: string];

const rows: Row[] = [
  ['bad-name', 'image-name', 'repository name must be lowercase', 'containers[model].image'],
  [
    'wrong-tag',
    'image-not-found',
    'mnist:nosuch cannot be pulled, the registry does not have it',
    'check the name and the tag',
  ],
  [
    'exec-format',
    'wrong-architecture',
    'not one that node node1 (amd64) can run',
    'build the image for linux/amd64',
  ],
  ['no-command', 'bad-command', 'its command /nosuch/serve is not in the image', 'containers[model].command'],
  ['not-executable', 'bad-command', '/etc/passwd may not be executed', 'containers[model].command'],
  [
    'exit-126',
    'bad-command',
    'exit code 126: sh: 1: /etc/passwd: Permission denied',
    'containers[model].command',
  ],
  ['exit-127', 'bad-command', 'exit code 127: sh: 1: nosuch-command: not found', 'containers[model].command'],
  [
    'oom',
    'out-of-memory',
    'was killed at its memory limit 64Mi within a second of its start (restarted 4 times)',
    'resources.limits.memory',
  ],
  [
    'oom-late',
    'out-of-memory',
    'was killed at its memory limit 64Mi 15 s after its start',
    'resources.limits.memory',
  ],
  ['oom-child', 'out-of-memory', 'a process in container model', 'resources.limits.memory'],
  [
    'traceback',
    'crash',
    "exit code 1 within a second of its start (restarted 4 times): FileNotFoundError: [Errno 2] No such file: '/models/m/model.pt'",
    'check the path',
  ],
  ['read-only', 'crash', 'OSError: [Errno 30] Read-only file system', 'write to /tmp only'],
  [
    'init-crash',
    'crash',
    'init container fetch of pod init-crash-99c7f78db-4rjp9 ended with exit code 4',
    'PYTHONUNBUFFERED',
  ],
  ['completed', 'ended', 'ended by itself with exit code 0', 'in the foreground'],
  [
    'ready-404',
    'probe',
    'readiness probe fails (22 times so far): GET /nosuch on port 8080: answers 404',
    'readinessProbe.httpGet.path',
  ],
  [
    'ready-503',
    'probe',
    'answers 503: the server runs and says that it is not ready',
    'progressDeadlineSeconds',
  ],
  [
    'ready-refused',
    'probe',
    'GET /ok on port 8081: nothing listens on port 8081',
    'readinessProbe.httpGet.port',
  ],
  ['ready-tcp', 'probe', 'TCP on port 9999: nothing listens', 'readinessProbe.tcpSocket.port'],
  ['ready-timeout', 'probe', 'no answer within 1 s', 'readinessProbe.timeoutSeconds'],
  ['ready-exec', 'probe', 'its command: not yet', 'readinessProbe'],
  [
    'startup-slow',
    'probe',
    'restarted once by its startup probe, which allows it 6 s (3 tries, 2 s apart)',
    'startupProbe.failureThreshold` to 12',
  ],
  [
    'liveness',
    'probe',
    'restarted 4 times by its liveness probe, which allows it 4 s',
    'add a `startupProbe`',
  ],
  ['no-secret', 'missing-object', 'needs Secret nosuch, which is not there', 'create Secret nosuch'],
  ['no-configmap', 'missing-object', 'needs ConfigMap nosuch', 'create ConfigMap nosuch'],
  ['no-key', 'missing-object', 'needs the key nosuch, which ConfigMap script does not have', 'add the key'],
  ['no-secret-volume', 'missing-object', 'needs Secret nosuch', 'create Secret nosuch'],
  ['no-claim', 'missing-object', 'needs PersistentVolumeClaim nosuch', 'create PersistentVolumeClaim nosuch'],
  ['unbound-claim', 'unschedulable', 'unbound immediate PersistentVolumeClaims', 'storageClassName'],
  [
    'no-hostpath',
    'volume',
    'cannot be mounted: hostPath type check failed: /nosuch is not a directory',
    'volumes[s]',
  ],
  ['root', 'runs-as-root', 'breaks non-root policy', 'USER 65532'],
  ['evicted', 'evicted', 'Usage of EmptyDir volume "s" exceeds the limit "1Mi"', 'sizeLimit'],
  [
    'too-much-cpu',
    'unschedulable',
    'it asks for 64 CPU; the largest node (node1) offers 1.9 CPU, which is 62.1 CPU short',
    'to at most 1900m, or add a larger node',
  ],
  [
    'too-much-memory',
    'unschedulable',
    'asks for 900 GiB of memory; the largest node (node1) offers 19.3 GiB',
    'to at most 19809Mi',
  ],
  ['no-gpu', 'unschedulable', 'it asks for 1 GPU, and no node offers nvidia.com/gpu', 'device plugin'],
  ['selector', 'unschedulable', "didn't match Pod's node affinity", '`nodeSelector`'],
];

it.each(rows)('diagnoses the real pod %s as %s', (pod, cause, explanation, fix) => {
  const [first, ...others] = diagnose(capturedPod(pod), { isGenerated: false });
  expect(others).toEqual([]);
  expect(first?.cause).toBe(cause);
  expect(first?.explanation).toContain(explanation);
  expect(first?.fix).toContain(fix);
  expect(first?.object).toMatchObject({ kind: 'Pod', name: expect.stringContaining(pod) as string });
});

const refusals: Row[] = [
  [
    'quota',
    'quota',
    'quota team would be exceeded: it allows 100Mi of requests.memory, 0 is used and one pod asks for 200Mi',
    'lower `resources.requests.memory` (100Mi is left',
  ],
  [
    'quota-two',
    'quota',
    'it allows 1 of requests.cpu, 0 is used and one pod asks for 3; it allows 100Mi of',
    'and lower `resources.requests.memory`',
  ],
  [
    'quota-none',
    'quota',
    'demands that every container says requests.cpu, requests.memory',
    'set `resources.requests.cpu`, `resources.requests.memory`',
  ],
  [
    'limit-range',
    'limit-range',
    'the maximum memory limit per container is 32Mi, and this one has 64Mi',
    '`resources.limits.memory` to at most 32Mi',
  ],
  [
    'limit-min',
    'limit-range',
    'the minimum cpu request per container is 2m, and this one has 1m',
    '`resources.requests.cpu` to at least 2m',
  ],
  [
    'no-account',
    'no-service-account',
    'the pods of Deployment/models/mnist need ServiceAccount nosuch',
    'create ServiceAccount nosuch',
  ],
];

it.each(refusals)('diagnoses the real refusal %s as %s', (name, cause, explanation, fix) => {
  const [first, ...others] = diagnose(capturedRefusal(name), { isGenerated: false });
  expect(others).toEqual([]);
  expect(first?.cause).toBe(cause);
  expect(first?.explanation).toContain(explanation);
  expect(first?.fix).toContain(fix);
});

it('names the fields of the model file where the action made the manifests', () => {
  const facts = { isGenerated: true, modelBytes: 3_328_599_654 };
  expect(diagnose(capturedPod('oom'), facts)[0]).toMatchObject({
    explanation: expect.stringMatching(/64Mi .*; the model's files are 3\.1 GiB$/) as string,
    fix: 'raise `spec.resources.memory` to 7Gi',
    field: 'spec.resources.memory',
  });
  expect(diagnose(capturedRefusal('quota'), facts)[0]?.fix).toContain('lower `spec.resources.memory`');
  expect(diagnose(capturedPod('too-much-cpu'), facts)[0]?.field).toBe('spec.resources.cpu');
  expect(diagnose(capturedPod('no-gpu'), facts)[0]?.field).toBe('spec.resources.gpu');
});
