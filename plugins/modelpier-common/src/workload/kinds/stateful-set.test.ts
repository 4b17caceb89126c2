import { health } from '../health';
import {
  applied,
  context,
  crashed,
  DIGEST,
  digests,
  NOW,
  objectOf,
  ownPod,
  runs,
  type Vector,
} from '../health.fixture';

interface Fields {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}
/** As Kubernetes 1.20 writes one whose rollout is complete. */
const statefulSet = ({ spec, status }: Fields = {}): unknown =>
  objectOf('apps/v1', 'StatefulSet', {
    spec: {
      replicas: 3,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      ...spec,
    },
    status: {
      observedGeneration: 2,
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: 'mnist-7844566dbc',
      updateRevision: 'mnist-7844566dbc',
      ...status,
    },
  });
const NEW = { 'controller-revision-hash': 'mnist-7844566dbc' };
const OLD = { 'controller-revision-hash': 'mnist-5c9d6b7f4' };
const partition = (from: number): Record<string, unknown> => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: from } },
});
const onDelete = { updateStrategy: { type: 'OnDelete' } };
const halfway = { currentRevision: 'mnist-5c9d6b7f4', updatedReplicas: 1 };
const since = (seconds: number): Vector[2] => ({
  progress: { wish: '', updated: 1, ready: 0, at: NOW - seconds * 1000 },
});
const three = (imageID: string): Vector[2] => ({
  digests,
  pods: ['mnist-0', 'mnist-1', 'mnist-2'].map(name => ownPod(name, NEW, { status: runs(imageID) })),
});

const vectors: Vector[] = [
  ['complete', statefulSet(), {}, 'Current', 'ReplicasReady'],
  [
    'not observed',
    statefulSet({ status: { observedGeneration: 0 } }),
    {},
    'InProgress',
    'GenerationNotObserved',
  ],
  [
    'observation left out',
    statefulSet({ status: { observedGeneration: undefined } }),
    {},
    'InProgress',
    'GenerationNotObserved',
  ],
  [
    'applied a moment ago, watch behind',
    statefulSet(),
    { applied: applied(1, { generation: 3 }) },
    'InProgress',
    'GenerationNotObserved',
  ],
  ['too few made', statefulSet({ status: { replicas: 2 } }), {}, 'InProgress', 'CreatingReplicas'],
  [
    'too few ready',
    statefulSet({ status: { readyReplicas: undefined } }),
    {},
    'InProgress',
    'UnreadyReplicas',
  ],
  ['too many', statefulSet({ status: { replicas: 4 } }), {}, 'InProgress', 'ExtraReplicas'],
  ['too few updated', statefulSet({ status: halfway }), {}, 'InProgress', 'UpdatingReplicas'],
  [
    'all updated, the new revision not the current one',
    statefulSet({ status: { currentRevision: 'mnist-5c9d6b7f4' } }),
    {},
    'InProgress',
    'RevisionNotCurrent',
  ],
  [
    'a partition, and what lies above it is updated',
    statefulSet({ spec: partition(2), status: halfway }),
    {},
    'Current',
    'Partitioned',
  ],
  [
    'a partition, and what lies above it is not',
    statefulSet({ spec: partition(1), status: halfway }),
    {},
    'InProgress',
    'UpdatingReplicas',
  ],
  [
    'a partition above all',
    statefulSet({ spec: partition(9), status: { ...halfway, updatedReplicas: 0 } }),
    {},
    'Current',
    'Partitioned',
  ],
  [
    'ready, but not for minReadySeconds',
    statefulSet({ spec: { minReadySeconds: 10 }, status: { availableReplicas: 2 } }),
    {},
    'InProgress',
    'UnavailableReplicas',
  ],
  [
    'no count of available ones where none is asked for',
    statefulSet({ status: { availableReplicas: undefined } }),
    {},
    'Current',
    'ReplicasReady',
  ],
  [
    'OnDelete with pods of the old revision',
    statefulSet({ spec: onDelete, status: halfway }),
    {},
    'Suspended',
    'ManualUpdateRequired',
  ],
  [
    'OnDelete, all deleted by hand, though the current revision stays the old one',
    statefulSet({ spec: onDelete, status: { currentRevision: 'mnist-5c9d6b7f4' } }),
    {},
    'Current',
    'ReplicasReady',
  ],
  [
    'OnDelete at its first release, pods not ready',
    statefulSet({ spec: onDelete, status: { readyReplicas: 0 } }),
    {},
    'InProgress',
    'UnreadyReplicas',
  ],
  [
    'scaled to zero',
    statefulSet({ spec: { replicas: 0 }, status: { replicas: 0, readyReplicas: 0, updatedReplicas: 0 } }),
    {},
    'Current',
    'ScaledToZero',
  ],
  [
    'replicas left out count as one',
    statefulSet({
      spec: { replicas: undefined },
      status: { replicas: 1, readyReplicas: 1, updatedReplicas: 1 },
    }),
    {},
    'Current',
    'ReplicasReady',
  ],
  ['599 s without progress', statefulSet({ status: halfway }), since(599), 'InProgress', 'UpdatingReplicas'],
  [
    '600 s without progress: no deadline of its own ends it',
    statefulSet({ status: halfway }),
    since(600),
    'Failed',
    'ProgressDeadlineExceeded',
  ],
  ['complete long ago', statefulSet(), since(9999), 'Current', 'ReplicasReady'],
  [
    'a person has to act, for how long so ever',
    statefulSet({ spec: onDelete, status: halfway }),
    since(9999),
    'Suspended',
    'ManualUpdateRequired',
  ],
  [
    'a crash loop in the new revision',
    statefulSet({ status: halfway }),
    { pods: [ownPod('mnist-2', NEW, { container: crashed(3, { exitCode: 1 }) })] },
    'Failed',
    'CrashLoopBackOff',
  ],
  [
    'a crash loop in the old revision',
    statefulSet({ status: halfway }),
    { pods: [ownPod('mnist-0', OLD, { container: crashed(3, { exitCode: 1 }) })] },
    'InProgress',
    'UpdatingReplicas',
  ],
  [
    'a pod of the new revision that ended and is to be replaced',
    statefulSet({ status: halfway }),
    {
      pods: [
        ownPod('mnist-2', NEW, {
          status: { phase: 'Failed', reason: 'Evicted' },
          container: crashed(3, { exitCode: 1 }),
        }),
      ],
    },
    'InProgress',
    'UpdatingReplicas',
  ],
  ['runs the digest', statefulSet(), three(`repo@${DIGEST}`), 'Current', 'ReplicasReady'],
  ['runs another digest', statefulSet(), three(`repo@sha256:${'b'.repeat(64)}`), 'InProgress', 'WrongImage'],
  [
    'a partition asks only its part for the digest',
    statefulSet({ spec: partition(2), status: halfway }),
    {
      digests,
      pods: [
        ownPod('mnist-0', OLD, { status: runs('repo@sha256:old') }),
        ownPod('mnist-2', NEW, { status: runs(`repo@${DIGEST}`) }),
      ],
    },
    'Current',
    'Partitioned',
  ],
];

it.each(vectors)('%s', (_name, object, over, ...[state, reason]) => {
  expect(health(object, context(over))).toMatchObject({ state, reason });
});

it('says what has not moved when its time is over, and what a new pod waits for', () => {
  const stuck = { ...since(600), pods: [ownPod('mnist-2', NEW, { container: {} })] };
  expect(health(statefulSet({ status: halfway }), context(stuck)).message).toBe(
    'no progress for 600 s: 1 of 3 pods updated; container model of pod mnist-2: running, not ready',
  );
});
