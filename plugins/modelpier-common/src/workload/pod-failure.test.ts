import type { HealthContext } from './health-context';
import { health } from './health';
import { at, context, crashed, NOW, pod, waiting } from './health.fixture';
import { parsePod, type Pod } from './pod';
import { observePods, type Sightings } from './sightings';
import type { State } from './status';

type PodFields = NonNullable<Parameters<typeof pod>[0]>;
type Row = [name: string, fields: PodFields, state: State, reason: string];

const unscheduled = (secondsBefore: number, message: string): PodFields => ({
  status: {
    phase: 'Pending',
    containerStatuses: [],
    conditions: [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message,
        lastTransitionTime: at(secondsBefore),
      },
    ],
  },
});
const started = (secondsBefore: number, container: Record<string, unknown>): PodFields => ({
  container,
  status: { phase: 'Pending', startTime: at(secondsBefore) },
});
const pullError =
  'rpc error: code = Unknown desc = failed to pull and unpack image "r/m@sha256:aa": dial tcp: i/o timeout';
const OOM = { exitCode: 137, reason: 'OOMKilled' };

const rows: Row[] = [
  ['ready', {}, 'Current', 'Ready'],
  ['ran to its end', { status: { phase: 'Succeeded' } }, 'Current', 'Succeeded'],
  [
    'failed',
    { status: { phase: 'Failed', reason: 'Evicted', message: 'the node was low on memory' } },
    'Failed',
    'Evicted',
  ],
  ['running, not ready, for long', started(9999, {}), 'InProgress', 'PodNotReady'],
  ['creating its containers', { container: waiting('ContainerCreating') }, 'InProgress', 'PodNotReady'],
  ['an image name that is none', { container: waiting('InvalidImageName') }, 'Failed', 'InvalidImageName'],
  [
    'an image that may not be pulled and is not there',
    { container: waiting('ErrImageNeverPull') },
    'Failed',
    'ErrImageNeverPull',
  ],
  [
    'a missing Secret',
    { container: waiting('CreateContainerConfigError', 'secret "token" not found') },
    'Failed',
    'CreateContainerConfigError',
  ],
  [
    'an unknown runtime class',
    {
      container: waiting(
        'ContainerCreating',
        'no runtime handler for "gvisor" is configured, unknown runtime handler',
      ),
    },
    'Failed',
    'ContainerCreating',
  ],
  [
    'a pull that failed 59 s after the start',
    started(59, waiting('ErrImagePull', pullError)),
    'InProgress',
    'PodNotReady',
  ],
  [
    'a pull that failed for 60 s',
    started(60, waiting('ImagePullBackOff', pullError)),
    'Failed',
    'ImagePullBackOff',
  ],
  [
    'an image the registry does not have',
    { container: waiting('ErrImagePull', 'r/m@sha256:aa: not found') },
    'Failed',
    'ErrImagePull',
  ],
  [
    'an image the registry does not have, in the words of Docker',
    { container: waiting('ErrImagePull', 'manifest unknown') },
    'Failed',
    'ErrImagePull',
  ],
  [
    'a registry that asks who pulls',
    { container: waiting('ErrImagePull', 'unexpected status: 401 Unauthorized') },
    'Failed',
    'ErrImagePull',
  ],
  [
    'a registry that denies',
    { container: waiting('ImagePullBackOff', 'requested access to the resource is denied') },
    'Failed',
    'ImagePullBackOff',
  ],
  [
    'a container that could not be created once',
    { container: waiting('CreateContainerError') },
    'InProgress',
    'PodNotReady',
  ],
  [
    'a container that could not be started again',
    { container: { restartCount: 1, ...waiting('RunContainerError') } },
    'Failed',
    'RunContainerError',
  ],
  ['a crash loop of two restarts', { container: crashed(2, { exitCode: 1 }) }, 'InProgress', 'PodNotReady'],
  [
    'a crash loop of three restarts',
    { container: crashed(3, { exitCode: 1 }) },
    'Failed',
    'CrashLoopBackOff',
  ],
  ['out of memory once, restarted', { container: crashed(1, OOM) }, 'Failed', 'CrashLoopBackOff'],
  [
    'an illegal instruction, restarted',
    { container: crashed(1, { exitCode: 132 }) },
    'Failed',
    'CrashLoopBackOff',
  ],
  [
    'an entrypoint that is not there, tried twice',
    { container: crashed(1, { exitCode: 128, reason: 'StartError' }) },
    'Failed',
    'CrashLoopBackOff',
  ],
  [
    'an init container in a crash loop',
    { container: waiting('PodInitializing'), init: crashed(3, { exitCode: 2 }) },
    'Failed',
    'CrashLoopBackOff',
  ],
  ['no node for 15 s', unscheduled(15, ''), 'InProgress', 'PodNotReady'],
  ['no node for 16 s', unscheduled(16, ''), 'Failed', 'Unschedulable'],
  ['a waiting reason that nobody knows', { container: waiting('constructor') }, 'InProgress', 'PodNotReady'],
];

describe('health of a pod', () => {
  it.each(rows)('%s', (_name, fields, state, reason) => {
    expect(health(pod(fields), context())).toMatchObject({ state, reason });
  });

  it('waits longer for a node where an autoscaler may bring one', () => {
    const patient: Partial<HealthContext> = { unschedulableAfterMs: 60_000 };
    expect(health(pod(unscheduled(60, '')), context(patient)).state).toBe('InProgress');
    expect(health(pod(unscheduled(61, '')), context(patient)).state).toBe('Failed');
  });

  it('leaves it to the deadline where an autoscaler makes a node', () => {
    const podsAwaitingNode = new Set(['shop/mnist-1']);
    expect(health(pod(unscheduled(300, '')), context({ podsAwaitingNode })).state).toBe('InProgress');
    expect(health(pod(unscheduled(300, '')), context({ podsAwaitingNode: new Set() })).state).toBe('Failed');
  });

  it.each<[string, PodFields, string]>([
    [
      'the end of the log and the exit code of a crash',
      {
        container: crashed(3, {
          exitCode: 1,
          reason: 'Error',
          message: 'Traceback\n  File "a.py"\nKeyError: w\n',
        }),
      },
      'container model of pod mnist-1: CrashLoopBackOff, 3 restarts, exit code 1: Traceback | File "a.py" | KeyError: w; read the container\'s log',
    ],
    [
      'to raise the memory limit',
      { container: crashed(1, OOM) },
      'container model of pod mnist-1: CrashLoopBackOff, 1 restart, last ended as OOMKilled, exit code 137; raise its memory limit (resources.memory)',
    ],
    [
      'the cause of a failed pull without its wrapping',
      started(60, waiting('ErrImagePull', pullError)),
      'container model of pod mnist-1: ErrImagePull: dial tcp: i/o timeout; check that the nodes can reach the registry',
    ],
    [
      'which resource is short',
      unscheduled(16, '0/2 nodes are available: 1 Insufficient nvidia.com/gpu, 2 Insufficient memory.'),
      'no node has enough nvidia.com/gpu and memory for pod mnist-1 (0/2 nodes are available: 1 Insufficient nvidia.com/gpu, 2 Insufficient memory.); lower its requests or add a node',
    ],
    [
      'that no node takes the pod',
      unscheduled(16, '0/1 nodes are available: 1 node had taint.'),
      'no node takes pod mnist-1 (0/1 nodes are available: 1 node had taint.); look at its node selector and tolerations',
    ],
    [
      'how to run as another user',
      {
        container: waiting(
          'CreateContainerConfigError',
          'container has runAsNonRoot and image will run as root',
        ),
      },
      'container model of pod mnist-1: CreateContainerConfigError: container has runAsNonRoot and image will run as root; give the image a numeric user other than 0, or set securityContext.runAsUser',
    ],
  ])('tells %s', (_name, fields, message) => {
    expect(health(pod(fields), context()).message).toBe(message);
  });

  it('keeps only the end of a long log', () => {
    const { message } = health(
      pod({ container: crashed(3, { exitCode: 1, message: 'x'.repeat(4000) }) }),
      context(),
    );
    expect(message.length).toBeLessThan(600);
  });

  it('fails for a volume that still cannot be mounted after 120 s, until it is', () => {
    const mount = (lasted: number, fields: PodFields, uid = 'mnist-1'): State =>
      health(
        pod(fields),
        context({
          mountFailures: new Map([
            [uid, { message: 'no such volume', since: NOW - 600_000, lastAt: NOW - 600_000 + lasted * 1000 }],
          ]),
        }),
      ).state;
    const creating = { container: waiting('ContainerCreating') };
    expect(mount(0, creating)).toBe('InProgress');
    expect(mount(119, creating)).toBe('InProgress');
    expect(mount(120, creating)).toBe('Failed');
    expect(mount(120, creating, 'of the pod of that name before')).toBe('InProgress');
    expect(mount(120, { container: {} })).toBe('InProgress');
    const pulling = { conditions: [{ type: 'PodReadyToStartContainers', status: 'True' }] };
    expect(mount(120, { ...creating, status: pulling })).toBe('InProgress');
  });
});

describe('health of a pod by what was seen', () => {
  /** Looks at the pods of one place at these seconds, and answers the states. */
  const watch = (
    looks: readonly [second: number, fields: PodFields, others?: readonly Pod[]][],
  ): readonly State[] => {
    let sightings: Sightings = new Map();
    return looks.map(([second, fields, others = []]) => {
      const now = NOW + second * 1000;
      const pods = [parsePod(pod(fields)), ...others];
      sightings = observePods(sightings, pods, now);
      return health(pod(fields), { now, sightings, pods }).state;
    });
  };
  const version = (resourceVersion: string, container: Record<string, unknown>): PodFields => ({
    metadata: { resourceVersion },
    container,
  });

  it('fails a pull at the third attempt it sees', () => {
    const states = watch([
      [0, version('1', waiting('ErrImagePull', 'timeout'))],
      [1, version('2', waiting('ImagePullBackOff', 'timeout'))],
      [12, version('3', waiting('ErrImagePull', 'timeout'))],
      [13, version('4', waiting('ImagePullBackOff', 'timeout'))],
      [35, version('5', waiting('ErrImagePull', 'timeout'))],
    ]);
    expect(states).toEqual(['InProgress', 'InProgress', 'InProgress', 'InProgress', 'Failed']);
  });

  it('takes neither the pause after a failed pull nor another change of the pod for an attempt', () => {
    const states = watch([
      [0, version('1', waiting('ErrImagePull', 'timeout'))],
      [1, version('2', waiting('ImagePullBackOff', 'timeout'))],
      [2, version('3', waiting('ImagePullBackOff', 'timeout'))],
      [22, version('4', waiting('ImagePullBackOff', 'timeout'))],
      [59, version('5', waiting('ImagePullBackOff', 'timeout'))],
    ]);
    expect(states).toEqual(Array(5).fill('InProgress'));
  });

  it('fails a container that cannot be created once the kubelet has tried again', () => {
    const states = watch([
      [0, version('1', waiting('CreateContainerError'))],
      [1, version('2', waiting('CreateContainerError'))],
      [19, version('3', waiting('CreateContainerError'))],
      [20, version('3', waiting('CreateContainerError'))],
    ]);
    expect(states).toEqual(['InProgress', 'InProgress', 'InProgress', 'Failed']);
  });

  it('begins anew where the trouble went away in between', () => {
    const states = watch([
      [0, version('1', waiting('CreateContainerError'))],
      [5, version('2', {})],
      [12, version('3', waiting('CreateContainerError'))],
    ]);
    expect(states).toEqual(['InProgress', 'InProgress', 'InProgress']);
  });

  it("measures how long a pod has no node by our own clock, not the cluster's", () => {
    const clusterIsLate = unscheduled(3600, '');
    expect(
      watch([
        [0, clusterIsLate],
        [15, clusterIsLate],
        [16, clusterIsLate],
      ]),
    ).toEqual(['InProgress', 'InProgress', 'Failed']);
  });

  it('gives a pod without a node its time only once a pod that leaves has made room', () => {
    const waits = unscheduled(0, '0/1 nodes are available: 1 Insufficient cpu.');
    const leaving = parsePod({
      ...(pod({ name: 'mnist-old', metadata: { deletionTimestamp: at(0) } }) as object),
      spec: { nodeName: 'node-1', containers: [] },
    });
    const states = watch([
      [0, waits, [leaving]],
      [16, waits, [leaving]],
      [30, waits, [leaving]],
      [45, waits],
      [46, waits],
    ]);
    expect(states).toEqual(['InProgress', 'InProgress', 'InProgress', 'InProgress', 'Failed']);
  });

  it.each<[string, object]>([
    ['has no node itself', { metadata: { deletionTimestamp: at(0) } }],
    ['stays', { nodeName: 'node-1' }],
    [
      'has ended',
      { nodeName: 'node-1', metadata: { deletionTimestamp: at(0) }, status: { phase: 'Failed' } },
    ],
  ])(
    'expects no room of a pod that %s',
    (_name, { nodeName, ...fields }: PodFields & { nodeName?: string }) => {
      const other = parsePod({
        ...(pod({ name: 'other', ...fields }) as object),
        spec: { containers: [], ...(nodeName !== undefined && { nodeName }) },
      });
      const waits = unscheduled(0, '');
      expect(
        watch([
          [0, waits, [other]],
          [16, waits, [other]],
        ]),
      ).toEqual(['InProgress', 'Failed']);
    },
  );
});
