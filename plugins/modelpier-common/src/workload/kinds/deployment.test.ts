import { parseDigest } from '../../image/digest';
import { parseReplicaSet } from '../deployment';
import type { HealthContext } from '../health-context';
import { health } from '../health';
import {
  applied,
  at,
  AVAILABLE,
  COMPLETE,
  context,
  crashed,
  deployment,
  pod,
  replicaSet,
  waiting,
} from '../health.fixture';
import { parsePod } from '../pod';
import type { State } from '../status';

const DIGEST = parseDigest(`sha256:${'a'.repeat(64)}`);
const OTHER = `sha256:${'b'.repeat(64)}`;

const replicaSets = [replicaSet('old', 1), replicaSet('new', 10), replicaSet('older', 9)].map(
  parseReplicaSet,
);
const withPods = (...pods: unknown[]): Partial<HealthContext> => ({ replicaSets, pods: pods.map(parsePod) });
const running = (imageID: string, name: string): unknown =>
  pod({ name, status: { containerStatuses: [{ name: 'model', ready: true, restartCount: 0, imageID }] } });
const three = (imageID: string): unknown[] => ['p1', 'p2', 'p3'].map(name => running(imageID, name));

const exceeded = (secondsBefore: number): Record<string, unknown> => ({
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'ReplicaSet "new" has timed out progressing.',
  lastUpdateTime: at(secondsBefore),
});
const refused = (secondsBefore: number): Record<string, unknown> => ({
  type: 'ReplicaFailure',
  status: 'True',
  reason: 'FailedCreate',
  message: 'pods "mnist-1" is forbidden: exceeded quota',
  lastTransitionTime: at(secondsBefore),
});
const digests = { digests: { model: DIGEST } };

type Row = [
  name: string,
  fields: Parameters<typeof deployment>[0],
  context: Partial<HealthContext>,
  state: State,
  reason: string,
];
const rows: Row[] = [
  ['1 paused', { spec: { paused: true } }, {}, 'Suspended', 'Paused'],
  [
    '2 a deadline missed after the apply',
    { conditions: [exceeded(5)] },
    { applied: applied(10) },
    'Failed',
    'ProgressDeadlineExceeded',
  ],
  [
    '2 a deadline missed in the very second of the apply',
    { conditions: [exceeded(10)] },
    { applied: applied(9.4) },
    'Failed',
    'ProgressDeadlineExceeded',
  ],
  [
    '2 a deadline that the release before missed',
    { conditions: [AVAILABLE, exceeded(60)], status: { updatedReplicas: 1 } },
    { applied: applied(10) },
    'InProgress',
    'UpdatingReplicas',
  ],
  [
    '2 a stale deadline, and our own time is over too',
    { conditions: [exceeded(700)] },
    { applied: applied(600) },
    'Failed',
    'ProgressDeadlineExceeded',
  ],
  [
    '2 a stale deadline of 30 s, 30 s after the apply',
    { spec: { progressDeadlineSeconds: 30 }, conditions: [exceeded(700)] },
    { applied: applied(30) },
    'Failed',
    'ProgressDeadlineExceeded',
  ],
  [
    '2 a missed deadline, to one who applied nothing',
    { conditions: [exceeded(9999)] },
    {},
    'Failed',
    'ProgressDeadlineExceeded',
  ],
  ['3 pods refused for 29 s', { conditions: [refused(29)] }, {}, 'InProgress', 'FailedCreate'],
  ['3 pods refused for 30 s', { conditions: [refused(30)] }, {}, 'Failed', 'FailedCreate'],
  [
    '3 pods refused since before an apply 5 s ago',
    { conditions: [refused(300)] },
    { applied: applied(5) },
    'InProgress',
    'FailedCreate',
  ],
  ['4 too few updated', { status: { updatedReplicas: 2 } }, {}, 'InProgress', 'UpdatingReplicas'],
  [
    '4 none updated, the number left out',
    { status: { updatedReplicas: undefined } },
    {},
    'InProgress',
    'UpdatingReplicas',
  ],
  ['5 old pods still there', { status: { replicas: 4 } }, {}, 'InProgress', 'OldReplicas'],
  ['6 too few available', { status: { availableReplicas: 2 } }, {}, 'InProgress', 'UnavailableReplicas'],
  ['7 too few ready', { status: { readyReplicas: 2 } }, {}, 'InProgress', 'UnreadyReplicas'],
  ['8 not available', { conditions: [COMPLETE] }, {}, 'InProgress', 'NotAvailable'],
  [
    '9 the new ReplicaSet not yet complete',
    { conditions: [AVAILABLE, { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' }] },
    {},
    'InProgress',
    'Progressing',
  ],
  ['9 no Progressing condition', { conditions: [AVAILABLE] }, {}, 'InProgress', 'Progressing'],
  [
    'replicas left out mean one',
    {
      spec: { replicas: undefined },
      status: { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 },
    },
    {},
    'Current',
    'Available',
  ],
  [
    'scaled to zero',
    {
      spec: { replicas: 0 },
      status: { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 },
      conditions: [],
    },
    digests,
    'Current',
    'ScaledToZero',
  ],
  [
    '10 all pods run the digest',
    {},
    { ...digests, ...withPods(...three(`repo@${DIGEST}`)) },
    'Current',
    'Available',
  ],
  [
    '10 a scheme before the image does not matter',
    {},
    { ...digests, ...withPods(...three(`docker-pullable://repo@${DIGEST}`)) },
    'Current',
    'Available',
  ],
  [
    '10 one pod runs another digest',
    {},
    { ...digests, ...withPods(...three(`repo@${DIGEST}`).slice(1), running(`repo@${OTHER}`, 'p9')) },
    'InProgress',
    'WrongImage',
  ],
  [
    '10 the kubelet has not told the image yet',
    {},
    { ...digests, ...withPods(...three('')) },
    'InProgress',
    'WrongImage',
  ],
  [
    '10 the template lost the container',
    {},
    { digests: { other: DIGEST }, ...withPods(...three(`repo@${DIGEST}`)) },
    'InProgress',
    'WrongImage',
  ],
  [
    '10 no watch has shown the pods yet',
    {},
    { ...digests, ...withPods(...three(`repo@${DIGEST}`).slice(1)) },
    'InProgress',
    'PodsNotSeen',
  ],
  [
    '10 only pods of the newest revision count',
    {},
    { ...digests, ...withPods(...three(`repo@${DIGEST}`), pod({ owner: 'old', name: 'old-1' })) },
    'Current',
    'Available',
  ],
  [
    'a crash loop in the new revision',
    { status: { updatedReplicas: 1 } },
    withPods(pod({ container: crashed(3, { exitCode: 1 }) })),
    'Failed',
    'CrashLoopBackOff',
  ],
  [
    'a crash loop in an old revision is on its way out',
    { status: { updatedReplicas: 1 } },
    withPods(pod({ owner: 'older', container: crashed(3, { exitCode: 1 }) })),
    'InProgress',
    'UpdatingReplicas',
  ],
  [
    'a crash loop of a pod that is being deleted',
    { status: { updatedReplicas: 1 } },
    withPods(pod({ metadata: { deletionTimestamp: at(1) }, container: crashed(3, { exitCode: 1 }) })),
    'InProgress',
    'UpdatingReplicas',
  ],
  [
    'a crash loop in a pod of another Deployment',
    { status: { updatedReplicas: 1 } },
    withPods(pod({ owner: 'stranger', container: crashed(3, { exitCode: 1 }) })),
    'InProgress',
    'UpdatingReplicas',
  ],
];

describe('health of a Deployment', () => {
  it.each(rows)('%s', (_name, fields, over, ...[state, reason]) => {
    expect(health(deployment(fields), context(over))).toMatchObject({ state, reason });
  });

  it.each<[string, Parameters<typeof deployment>[0], Partial<HealthContext>, string]>([
    ['how many are ready', {}, {}, '3 pods ready'],
    [
      'what a new pod waits for',
      { status: { availableReplicas: 2 } },
      withPods(pod({ container: waiting('ContainerCreating') })),
      '2 of 3 pods available; container model of pod mnist-1: ContainerCreating',
    ],
    [
      'what kept a pod from ready when the deadline passed',
      { conditions: [exceeded(1)] },
      withPods(pod({ container: {} })),
      'no progress for 600 s: container model of pod mnist-1: running, not ready',
    ],
    [
      'what the cluster said when the deadline passed and no pod is there',
      { conditions: [exceeded(1)] },
      {},
      'no progress for 600 s: ReplicaSet "new" has timed out progressing.',
    ],
    [
      'why pods are refused',
      { conditions: [refused(30)] },
      {},
      'the cluster refuses to make its pods: pods "mnist-1" is forbidden: exceeded quota',
    ],
    [
      'which image runs instead',
      {},
      { ...digests, ...withPods(...three(`repo@${OTHER}`)) },
      `container model of pod p1 runs repo@${OTHER}, not sha256:aaaaaaaaaaaa`,
    ],
  ])('tells %s', (_name, fields, over, message) => {
    expect(health(deployment(fields), context(over)).message).toBe(message);
  });
});

describe('health of a ReplicaSet', () => {
  it.each<[string, Record<string, unknown>, State, string]>([
    ['complete', {}, 'Current', 'ReplicasReady'],
    ['too few labeled', { fullyLabeledReplicas: 2 }, 'InProgress', 'LabeledReplicas'],
    ['too few available', { availableReplicas: undefined }, 'InProgress', 'AvailableReplicas'],
    ['too few ready', { readyReplicas: 0 }, 'InProgress', 'ReadyReplicas'],
    ['too many', { replicas: 4 }, 'InProgress', 'ExtraReplicas'],
    ['pods refused', { conditions: [refused(300)] }, 'InProgress', 'FailedCreate'],
  ])('%s', (_name, status, state, reason) => {
    expect(health(replicaSet('new', 1, status), context())).toMatchObject({ state, reason });
  });
});
