import { parseReplicaSet } from '../deployment';
import { health } from '../health';
import {
  context,
  crashed,
  DIGEST,
  digests,
  objectOf,
  ownPod,
  replicaSet,
  runs,
  type Vector,
} from '../health.fixture';

type Fields = Record<string, unknown>;
/** Argo writes the observed generation as text. */
const rollout = (status: Fields): unknown =>
  objectOf('argoproj.io/v1alpha1', 'Rollout', {
    spec: { replicas: 1 },
    status: { observedGeneration: '2', currentPodHash: 'new', ...status },
  });
const replicaSets = [parseReplicaSet(replicaSet('set', 1))];
const podOf = (hash: string, over = {}) =>
  ownPod('mnist-1', { 'rollouts-pod-template-hash': hash }, { owner: 'set', ...over });
const crash = { container: crashed(3, { exitCode: 1 }) };

const vectors: Vector[] = [
  ['healthy', rollout({ phase: 'Healthy' }), {}, 'Current', 'Healthy'],
  ['degraded', rollout({ phase: 'Degraded', message: 'ProgressDeadlineExceeded' }), {}, 'Failed', 'Degraded'],
  ['paused at a step', rollout({ phase: 'Paused', message: 'CanaryPauseStep' }), {}, 'Suspended', 'Paused'],
  ['progressing', rollout({ phase: 'Progressing' }), {}, 'InProgress', 'Progressing'],
  [
    'aborted: it is healthy, but not with this release',
    rollout({ phase: 'Healthy', abort: true }),
    {},
    'Failed',
    'Aborted',
  ],
  ['no status yet', rollout({}), {}, 'InProgress', 'Progressing'],
  [
    'healthy before the change',
    rollout({ phase: 'Healthy', observedGeneration: '1' }),
    {},
    'InProgress',
    'GenerationNotObserved',
  ],
  [
    'an observed generation that is a hash, as of old',
    rollout({ phase: 'Healthy', observedGeneration: '5f8c7d9b' }),
    {},
    'Current',
    'Healthy',
  ],
  [
    'a crash loop of the new revision',
    rollout({ phase: 'Progressing' }),
    { replicaSets, pods: [podOf('new', crash)] },
    'Failed',
    'CrashLoopBackOff',
  ],
  [
    'a crash loop of the old revision',
    rollout({ phase: 'Progressing' }),
    { replicaSets, pods: [podOf('old', crash)] },
    'InProgress',
    'Progressing',
  ],
  [
    'runs the digest',
    rollout({ phase: 'Healthy' }),
    { digests, replicaSets, pods: [podOf('new', { status: runs(`repo@${DIGEST}`) })] },
    'Current',
    'Healthy',
  ],
  [
    'runs another digest',
    rollout({ phase: 'Healthy' }),
    { digests, replicaSets, pods: [podOf('new', { status: runs('repo@sha256:old') })] },
    'InProgress',
    'WrongImage',
  ],
];

it.each(vectors)('%s', (_name, object, over, ...[state, reason]) => {
  expect(health(object, context(over))).toMatchObject({ state, reason });
});
