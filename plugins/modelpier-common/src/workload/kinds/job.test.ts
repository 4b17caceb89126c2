import { health } from '../health';
import {
  context,
  crashed,
  DIGEST,
  digests,
  objectOf,
  ownPod,
  runs,
  type Vector,
  waiting,
} from '../health.fixture';

const job = (status: Record<string, unknown>, spec: Record<string, unknown> = {}): unknown =>
  objectOf('batch/v1', 'Job', { spec: { completions: 1, backoffLimit: 6, ...spec }, status });
const is = (type: string, reason?: string, status = 'True'): Record<string, unknown> => ({
  conditions: [{ type, status, reason, message: `${type} it is` }],
});
const ran = (imageID: string): Vector[2] => ({
  digests,
  pods: [ownPod('mnist-x', {}, { status: { ...runs(imageID), phase: 'Succeeded' } })],
});

const vectors: Vector[] = [
  ['just made', job({}), {}, 'InProgress', 'Starting'],
  [
    'started, which shows nothing',
    job({ active: 1, startTime: '2026-03-01T12:00:00Z' }),
    {},
    'InProgress',
    'Running',
  ],
  [
    'its pod is ready, which shows nothing either',
    job({ active: 1, ready: 1 }),
    { pods: [ownPod('mnist-x', {})] },
    'InProgress',
    'Running',
  ],
  ['complete', job(is('Complete')), {}, 'Current', 'Complete'],
  ['complete, said False', job(is('Complete', 'Waiting', 'False')), {}, 'InProgress', 'Starting'],
  [
    'enough pods succeeded, the last ones still end',
    job({ ...is('SuccessCriteriaMet'), succeeded: 1 }),
    {},
    'InProgress',
    'Starting',
  ],
  [
    'failed, as Kubernetes 1.20 says it',
    job({ ...is('Failed', 'BackoffLimitExceeded'), failed: 1 }),
    {},
    'Failed',
    'BackoffLimitExceeded',
  ],
  ['failed by its deadline', job(is('Failed', 'DeadlineExceeded')), {}, 'Failed', 'DeadlineExceeded'],
  ['failed, said False', job({ ...is('Failed', 'No', 'False'), active: 1 }), {}, 'InProgress', 'Running'],
  [
    'about to fail, its last pods still end',
    job({ ...is('FailureTarget', 'PodFailurePolicy'), active: 1 }),
    {},
    'Failed',
    'PodFailurePolicy',
  ],
  ['suspended', job(is('Suspended'), { suspend: true }), {}, 'Suspended', 'JobSuspended'],
  ['suspended, not yet seen to be', job({ active: 1 }, { suspend: true }), {}, 'InProgress', 'Running'],
  ['resumed, not yet seen to be', job(is('Suspended'), { suspend: false }), {}, 'InProgress', 'Starting'],
  [
    'a pod failed, others are tried',
    job({ active: 1, failed: 3 }),
    { pods: [ownPod('mnist-x', {}, { status: { phase: 'Failed' } })] },
    'InProgress',
    'Running',
  ],
  [
    'a container that dies is counted by the Job',
    job({ active: 1 }),
    { pods: [ownPod('mnist-x', {}, { container: crashed(5, { exitCode: 1 }) })] },
    'InProgress',
    'Running',
  ],
  [
    'an image that is not there is counted by nobody',
    job({ active: 1 }),
    { pods: [ownPod('mnist-x', {}, { container: waiting('ErrImagePull', 'not found') })] },
    'Failed',
    'ErrImagePull',
  ],
  [
    'a pod of another Job',
    job({ active: 1 }),
    { pods: [ownPod('other', {}, { owner: 'stranger', container: waiting('InvalidImageName') })] },
    'InProgress',
    'Running',
  ],
  ['ran the digest', job(is('Complete')), ran(`repo@${DIGEST}`), 'Current', 'Complete'],
  [
    'ran another digest, and will not again',
    job(is('Complete')),
    ran('repo@sha256:old'),
    'Failed',
    'WrongImage',
  ],
  ['complete, its pods cleaned up', job(is('Complete')), { digests, pods: [] }, 'Current', 'Complete'],
];

it.each(vectors)('%s', (_name, object, over, ...[state, reason]) => {
  expect(health(object, context(over))).toMatchObject({ state, reason });
});

it('says how far it is and what a pod waits for', () => {
  const pods = [ownPod('mnist-x', {}, { container: waiting('ContainerCreating') })];
  expect(health(job({ active: 1, succeeded: 2 }, { completions: 5 }), context({ pods })).message).toBe(
    '2 of 5 completed; container model of pod mnist-x: ContainerCreating',
  );
});

it('lets a CronJob be, whose runs are yet to come', () => {
  expect(
    health(objectOf('batch/v1', 'CronJob', { spec: {}, status: { active: [{}] } }), context()),
  ).toMatchObject({
    state: 'Current',
    reason: 'Scheduled',
  });
});
