import { diagnose } from './diagnose';
import { DEPLOYMENT, ended, evidenceWith, NODE, podWith, refusedWith } from './diagnosis.fixture';
import type { Cause } from './diagnosis';
import type { EventEvidence, PodEvidence } from './evidence';

const FACTS = { isGenerated: true };

const waiting = (reason: string, message: string): PodEvidence =>
  podWith({ image: 'ghcr.io/acme/denied:1', state: { waiting: { reason, message } } });
const event = (reason: string, message: string, over: Partial<EventEvidence> = {}): EventEvidence => ({
  object: podWith({}).ref,
  type: 'Warning',
  reason,
  message,
  count: 3,
  ...over,
});

type Row = [what: string, pod: PodEvidence, cause: Cause, explanation: string, fix: string];

const rows: Row[] = [
  [
    'a registry that asks who pulls, in the words of containerd',
    waiting(
      'ErrImagePull',
      'failed to pull and unpack image "ghcr.io/acme/denied:1": failed to resolve reference "ghcr.io/acme/denied:1": failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized',
    ),
    'image-unauthorized',
    '(failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized)',
    'imagePullSecrets',
  ],
  [
    'an image whose name sounds like a refusal and that is not there',
    waiting('ErrImagePull', 'ghcr.io/acme/denied:1: not found'),
    'image-not-found',
    'the registry does not have it',
    'nobody deleted it',
  ],
  [
    'an image of other platforms',
    waiting('ErrImagePull', 'no match for platform in manifest: not found'),
    'wrong-architecture',
    'holds nothing for the node',
    'platforms: linux/amd64',
  ],
  [
    'a registry that nobody reaches',
    waiting('ImagePullBackOff', 'dial tcp: lookup ghcr.io: no such host'),
    'image-unreachable',
    'cannot reach the registry',
    'resolve and reach',
  ],
  [
    'a registry that counts pulls',
    waiting('ErrImagePull', '429 Too Many Requests - toomanyrequests: rate limit'),
    'image-unreachable',
    'no more pulls',
    'mirror',
  ],
  [
    'a registry without TLS',
    waiting('ErrImagePull', 'http: server gave HTTP response to HTTPS client'),
    'image-unreachable',
    'TLS',
    'insecure',
  ],
  [
    'an illegal instruction',
    podWith(ended({ exitCode: 132, reason: 'Error' })),
    'illegal-instruction',
    'exit code 132, restarted 3 times',
    'built for any processor',
  ],
  [
    'another architecture, as old runtimes say it',
    podWith(
      ended({
        exitCode: 128,
        reason: 'StartError',
        message: 'OCI runtime create failed: exec /serve: exec format error',
      }),
    ),
    'wrong-architecture',
    'exec format error',
    '#!/bin/sh',
  ],
  [
    'what the runtime refuses for another reason',
    podWith({
      state: {
        waiting: {
          reason: 'CreateContainerError',
          message: 'failed to create containerd task: failed to set up cgroups',
        },
      },
    }),
    'container-refused',
    'failed to set up cgroups',
    'container runtime refuses',
  ],
  [
    'memory that Python could not get',
    podWith(ended({ exitCode: 1 }, ['Traceback (most recent call last):', '  File "x"', 'MemoryError'])),
    'out-of-memory',
    'ran out of memory (MemoryError)',
    'memory request',
  ],
  [
    "the GPU's memory",
    podWith(
      ended({ exitCode: 1 }, ['torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB']),
    ),
    'gpu-memory',
    'Tried to allocate 2.00 GiB',
    'smaller batches',
  ],
  [
    'a segmentation fault',
    podWith(ended({ exitCode: 139 })),
    'crash',
    'exit code 139, it touched memory that is not its own (SIGSEGV)',
    'PYTHONUNBUFFERED',
  ],
  [
    'a kill from outside',
    podWith(ended({ exitCode: 137, reason: 'Error' }, ['serving'])),
    'killed',
    'it was killed (SIGKILL)',
    'look at the node',
  ],
  [
    'a log that only the kubelet kept',
    podWith(
      ended({
        exitCode: 1,
        message:
          'loading\nRuntimeError: PytorchStreamReader failed reading zip archive: failed finding central directory',
      }),
    ),
    'crash',
    'RuntimeError: PytorchStreamReader failed',
    'damaged or cut off',
  ],
  [
    'disk pressure',
    podWith(
      {},
      { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage. ' },
    ),
    'evicted',
    'low on resource: ephemeral-storage.',
    'larger disks',
  ],
  [
    'a lack of memory on the node',
    podWith(
      {},
      {
        phase: 'Failed',
        reason: 'Evicted',
        message: 'The node was low on resource: memory. Container model was using 900Mi',
      },
    ),
    'evicted',
    'using 900Mi',
    'memory request',
  ],
  [
    'a node that shuts down',
    podWith({}, { phase: 'Failed', reason: 'NodeShutdown', message: 'Pod was terminated' }),
    'node-trouble',
    'NodeShutdown',
    'look at the node',
  ],
];

it.each(rows)('diagnoses %s', (_what, pod, ...[cause, explanation, fix]) => {
  const [first, ...others] = diagnose(evidenceWith({ pods: [pod] }), FACTS);
  expect(others).toEqual([]);
  expect(first?.cause).toBe(cause);
  expect(first?.explanation).toContain(explanation);
  expect(first?.fix).toContain(fix);
});

const probed = podWith({
  state: { running: { startedAt: '2026-03-01T12:00:00Z' } },
  ports: ['8080'],
  readiness: {
    by: 'http',
    port: '8081',
    path: '/ok',
    initialDelaySeconds: 0,
    periodSeconds: 5,
    timeoutSeconds: 1,
    failureThreshold: 3,
  },
});
const REFUSED = event(
  'Unhealthy',
  'Readiness probe failed: Get "http://10.0.0.1:8081/ok": dial tcp 10.0.0.1:8081: connect: connection refused',
);

it.each([
  [
    'that the container does not declare',
    [],
    'nothing listens on port 8081; the container declares 8080',
    'readinessProbe.httpGet.port',
  ],
  [
    'while the log names another',
    ['INFO: Uvicorn running on http://0.0.0.0:9000 (Press CTRL+C to quit)'],
    'its log says "INFO: Uvicorn running on http://0.0.0.0:9000',
    'ask port 9000: correct `spec.runtime.port`',
  ],
  [
    'while the server listens on loopback',
    ['Uvicorn running on http://127.0.0.1:8081'],
    'the server listens on loopback only: "Uvicorn running on http://127.0.0.1:8081"',
    'listen on 0.0.0.0',
  ],
])('tells of a probe that asks a port %s', (_what, log, explanation, fix) => {
  const containers = probed.containers.map(each => ({ ...each, log }));
  const [first] = diagnose(evidenceWith({ pods: [{ ...probed, containers }], events: [REFUSED] }), FACTS);
  expect(first?.explanation).toContain(explanation);
  expect(first?.fix).toContain(fix);
});

it.each<[what: string, message: string, cause: Cause, explanation: string, fix: string]>([
  [
    'the Pod Security Standard',
    'pods "mnist-1" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "model" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "model" must set securityContext.runAsNonRoot=true)',
    'security-refused',
    'Pod Security Standard restricted:latest: allowPrivilegeEscalation != false',
    'set `securityContext.allowPrivilegeEscalation=false`, `securityContext.runAsNonRoot=true`',
  ],
  [
    'an admission webhook',
    'admission webhook "policy.acme.test" denied the request: images must be signed',
    'admission',
    'by the admission webhook policy.acme.test: images must be signed',
    'meet the policy',
  ],
  [
    'a count of pods',
    'pods "mnist-1" is forbidden: exceeded quota: team, requested: pods=1, used: pods=5, limited: pods=5',
    'quota',
    'it allows 5 of pods, 5 is used',
    'lower `spec.scaling.replicas`',
  ],
  [
    'a LimitRange that asks for a limit',
    'pods "mnist-1" is forbidden: maximum memory usage per Container is 1Gi.  No limit is specified',
    'limit-range',
    'the maximum memory limit per container is 1Gi, and this one states none',
    'set `spec.resources.memory` to at most 1Gi',
  ],
])('diagnoses pods that are refused by %s', (_what, message, ...[cause, explanation, fix]) => {
  const [first] = diagnose(refusedWith(message), FACTS);
  expect(first).toMatchObject({ cause, object: DEPLOYMENT });
  expect(first?.explanation).toContain(explanation);
  expect(first?.fix).toContain(fix);
});

it('reads the refusal from events where the workload itself does not say it, and only then', () => {
  const object = { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: 'models', name: 'mnist-7d4' };
  const refused = event(
    'FailedCreate',
    'Error creating: pods "x" is forbidden: exceeded quota: team, requested: pods=1, used: pods=5, limited: pods=5',
    { object },
  );
  expect(diagnose(evidenceWith({ events: [refused] }), FACTS)[0]?.cause).toBe('quota');
  const crashed = podWith(ended({ exitCode: 1 }, ['no weights']));
  expect(
    diagnose(evidenceWith({ events: [refused], pods: [crashed] }), FACTS).map(({ cause }) => cause),
  ).toEqual(['crash']);
});

it('says how much is free where all pods of the nodes could be read', () => {
  const message =
    '0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 No preemption victims found.';
  const pending = podWith(
    { requests: { cpu: '500m' } },
    {
      node: undefined,
      requests: { cpu: '500m' },
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    },
  );
  const nodes = [
    { ...NODE, name: 'a', allocatable: { cpu: '2' }, requested: { cpu: '1700m' } },
    { ...NODE, name: 'b', allocatable: { cpu: '1' }, requested: { cpu: '900m' } },
  ];
  expect(diagnose(evidenceWith({ pods: [pending], nodes }), FACTS)[0]).toMatchObject({
    explanation:
      'no node has room for pod mnist-1: it asks for 0.5 CPU; most is free on a: 0.3 CPU of 2 CPU, which is 0.2 CPU short',
    fix: 'lower `spec.resources.cpu` to at most 300m, or add a larger node',
  });
  const [unseen] = diagnose(evidenceWith({ pods: [pending], nodes: [] }), FACTS);
  expect(unseen?.explanation).toContain('it asks for 0.5 CPU (0/2 nodes are available: 2 Insufficient cpu)');
});

it('tells what replicas share once, with their number, and the deepest cause first', () => {
  const crashed = podWith(ended({ exitCode: 1 }, ['no weights']));
  const missing = waiting('CreateContainerConfigError', 'secret "token" not found');
  const found = diagnose(evidenceWith({ pods: [crashed, crashed, missing] }), FACTS);
  expect(found.map(({ cause, pods }) => [cause, pods])).toEqual([
    ['missing-object', 1],
    ['crash', 2],
  ]);
});

it('names a node in trouble where the pod itself says nothing', () => {
  const starting = podWith({ state: { waiting: { reason: 'ContainerCreating' } } });
  const nodes = [{ ...NODE, isReady: false, troubles: ['DiskPressure'] }];
  expect(diagnose(evidenceWith({ pods: [starting], nodes }), FACTS)[0]).toMatchObject({
    cause: 'node-trouble',
    explanation: 'pod mnist-1 is on node node1, which is in trouble: not ready, DiskPressure',
  });
});

it('falls back to the words of the verdict, and never to nothing', () => {
  const status = {
    state: 'InProgress',
    reason: 'OldReplicas',
    message: '1 pod of the old revision still there',
  } as const;
  const objects = [{ ref: DEPLOYMENT, status, conditions: [] }];
  expect(diagnose(evidenceWith({ objects }), FACTS)).toMatchObject([
    {
      cause: 'no-progress',
      explanation:
        'Deployment/models/mnist is InProgress (OldReplicas): 1 pod of the old revision still there',
    },
  ]);
  const wrong = [
    {
      ref: DEPLOYMENT,
      status: { ...status, reason: 'WrongImage', message: 'container model runs another' },
      conditions: [],
    },
  ];
  expect(diagnose(evidenceWith({ objects: wrong }), FACTS)[0]).toMatchObject({
    cause: 'wrong-digest',
    explanation: 'container model runs another',
  });
});

it('passes over containers that are well', () => {
  const done = {
    ...podWith({}).containers[0],
    name: 'fetch',
    isInit: true,
    ready: true,
    state: { terminated: { exitCode: 0 } },
  };
  const pod = podWith(ended({ exitCode: 3 }, ['no weights']));
  const containers = [done, ...pod.containers] as PodEvidence['containers'];
  expect(diagnose(evidenceWith({ pods: [{ ...pod, containers }] }), FACTS)).toMatchObject([
    { container: 'model' },
  ]);
});
