import { health } from '../health';
import {
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
import { parseControllerRevision } from '../revision';

interface Fields {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  generation?: string;
}
/** As Kubernetes 1.20 writes one whose rollout is complete on two nodes. */
const daemonSet = ({ spec, status, generation = '2' }: Fields = {}): unknown =>
  objectOf('apps/v1', 'DaemonSet', {
    metadata: { annotations: { 'deprecated.daemonset.template.generation': generation } },
    spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } }, ...spec },
    status: {
      observedGeneration: 2,
      desiredNumberScheduled: 2,
      currentNumberScheduled: 2,
      updatedNumberScheduled: 2,
      numberAvailable: 2,
      numberReady: 2,
      ...status,
    },
  });
const NEW = { 'controller-revision-hash': '7f6b7d9f84', 'pod-template-generation': '2' };
const OLD = { 'controller-revision-hash': '64c5f8d7b', 'pod-template-generation': '1' };
const revision = (hash: string, number: number) =>
  parseControllerRevision({
    metadata: {
      name: `mnist-${hash}`,
      labels: { 'controller-revision-hash': hash },
      ownerReferences: [{ uid: 'd', kind: 'DaemonSet', name: 'mnist' }],
    },
    revision: number,
  });
const controllerRevisions = [revision('64c5f8d7b', 9), revision('7f6b7d9f84', 10)];
const onDelete = { updateStrategy: { type: 'OnDelete' } };
const halfway = { updatedNumberScheduled: 1 };
const since = (seconds: number): Vector[2] => ({
  progress: { wish: '', updated: 1, ready: 0, at: NOW - seconds * 1000 },
});
const looping = (labels: Record<string, string>) =>
  ownPod('mnist-x', labels, { container: crashed(3, { exitCode: 1 }) });
const two = (imageID: string): Vector[2] => ({
  digests,
  pods: ['mnist-x', 'mnist-y'].map(name => ownPod(name, NEW, { status: runs(imageID) })),
});

const vectors: Vector[] = [
  ['complete', daemonSet(), {}, 'Current', 'ReplicasReady'],
  [
    'not observed',
    daemonSet({ status: { observedGeneration: undefined } }),
    {},
    'InProgress',
    'GenerationNotObserved',
  ],
  [
    'nodes not counted yet',
    daemonSet({ status: { desiredNumberScheduled: undefined } }),
    {},
    'InProgress',
    'NotCounted',
  ],
  [
    'too few made',
    daemonSet({ status: { currentNumberScheduled: 1 } }),
    {},
    'InProgress',
    'CreatingReplicas',
  ],
  ['too few updated', daemonSet({ status: halfway }), {}, 'InProgress', 'UpdatingReplicas'],
  [
    'too few available',
    daemonSet({ status: { numberAvailable: undefined } }),
    {},
    'InProgress',
    'UnavailableReplicas',
  ],
  [
    'too few ready: maxUnavailable does not make one do',
    daemonSet({ status: { numberReady: 1 } }),
    {},
    'InProgress',
    'UnreadyReplicas',
  ],
  [
    'no node matches',
    daemonSet({
      status: {
        desiredNumberScheduled: 0,
        currentNumberScheduled: 0,
        updatedNumberScheduled: undefined,
        numberAvailable: undefined,
        numberReady: 0,
      },
    }),
    {},
    'Current',
    'NoMatchingNode',
  ],
  [
    'OnDelete with pods of the old template',
    daemonSet({ spec: onDelete, status: halfway }),
    {},
    'Suspended',
    'ManualUpdateRequired',
  ],
  ['OnDelete, all deleted by hand', daemonSet({ spec: onDelete }), {}, 'Current', 'ReplicasReady'],
  [
    'OnDelete at its first release, pods not ready',
    daemonSet({ spec: onDelete, status: { numberAvailable: 0, numberReady: 0 } }),
    {},
    'InProgress',
    'UnavailableReplicas',
  ],
  ['599 s without progress', daemonSet({ status: halfway }), since(599), 'InProgress', 'UpdatingReplicas'],
  [
    '600 s without progress',
    daemonSet({ status: halfway }),
    since(600),
    'Failed',
    'ProgressDeadlineExceeded',
  ],
  [
    'a crash loop in the newest template, by its revisions',
    daemonSet({ status: halfway }),
    { controllerRevisions, pods: [looping(NEW)] },
    'Failed',
    'CrashLoopBackOff',
  ],
  [
    'a crash loop in an older template, by its revisions',
    daemonSet({ status: halfway }),
    { controllerRevisions, pods: [looping(OLD)] },
    'InProgress',
    'UpdatingReplicas',
  ],
  [
    'a crash loop in the newest template, by the older count',
    daemonSet({ status: halfway }),
    { pods: [looping(NEW)] },
    'Failed',
    'CrashLoopBackOff',
  ],
  [
    'a crash loop in an older template, by the older count',
    daemonSet({ status: halfway }),
    { pods: [looping(OLD)] },
    'InProgress',
    'UpdatingReplicas',
  ],
  ['runs the digest on every node', daemonSet(), two(`repo@${DIGEST}`), 'Current', 'ReplicasReady'],
  ['runs another digest', daemonSet(), two('repo@sha256:old'), 'InProgress', 'WrongImage'],
  ['ready, but no watch has shown its pods', daemonSet(), { digests, pods: [] }, 'InProgress', 'PodsNotSeen'],
];

it.each(vectors)('%s', (_name, object, over, ...[state, reason]) => {
  expect(health(object, context(over))).toMatchObject({ state, reason });
});
