import { objectOf } from './health.fixture';
import { observeProgress, type Progress } from './progress';

const set = (updatedReplicas: number, readyReplicas: number, generation = 2): unknown =>
  objectOf('apps/v1', 'StatefulSet', {
    metadata: { generation },
    status: { updatedReplicas, readyReplicas },
  });

/** When progress was last made, after looks at these objects, one a second. */
function lastProgress(...objects: unknown[]): number | undefined {
  let progress: Progress | undefined;
  objects.forEach((object, second) => (progress = observeProgress(progress, object, second)));
  return progress?.at;
}

it.each([
  ['begins with the first look', [set(0, 3)], 0],
  ['is a pod more of the new revision', [set(0, 3), set(1, 2), set(1, 2)], 1],
  ['is a pod more that is ready', [set(1, 2), set(1, 2), set(1, 3)], 2],
  ['is not a pod that flaps', [set(1, 2), set(1, 3), set(1, 2), set(1, 3)], 1],
  ['counts readiness anew for each pod that is made', [set(1, 3), set(2, 2), set(2, 3)], 2],
  ['begins anew with another wish', [set(3, 3), set(3, 3), set(3, 3, 3)], 2],
  [
    'is counted by nodes for a DaemonSet',
    [
      objectOf('apps/v1', 'DaemonSet'),
      objectOf('apps/v1', 'DaemonSet', { status: { updatedNumberScheduled: 1 } }),
    ],
    1,
  ],
])('%s', (_name, objects, at) => {
  expect(lastProgress(...objects)).toBe(at);
});
