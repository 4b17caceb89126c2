import { parsePod } from './pod';
import { stuckPods } from './stuck-pods';

const set = (spec: object = {}, status: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'mnist', uid: 'set', generation: 3 },
  spec,
  status: { observedGeneration: 3, currentRevision: 'mnist-1', updateRevision: 'mnist-1', ...status },
});
const pod = (name: string, revision: string, ready: string, metadata: object = {}) =>
  parsePod({
    metadata: {
      name,
      labels: { 'controller-revision-hash': revision },
      ownerReferences: [{ uid: 'set', kind: 'StatefulSet', name: 'mnist' }],
      ...metadata,
    },
    spec: { containers: [{ name: 'model' }] },
    status: { conditions: [{ type: 'Ready', status: ready }] },
  });
const PODS = [
  pod('old-and-ready', 'mnist-1', 'True'),
  pod('old-and-not', 'mnist-1', 'False'),
  pod('broken', 'mnist-2', 'False'),
  pod('new-and-ready', 'mnist-2', 'True'),
  pod('leaving', 'mnist-2', 'False', { deletionTimestamp: '2026-03-01T12:00:00Z' }),
  pod('foreign', 'mnist-2', 'False', { ownerReferences: [] }),
];

it.each([
  ['a set that takes one pod after the other', set(), ['broken']],
  ['one that names the policy', set({ podManagementPolicy: 'OrderedReady' }), ['broken']],
  ['one that does not wait', set({ podManagementPolicy: 'Parallel' }), []],
  ['one that a person updates', set({ updateStrategy: { type: 'OnDelete' } }), []],
  [
    'one with a partition',
    set({ updateStrategy: { rollingUpdate: { partition: 1 } } }, { updateRevision: 'mnist-3' }),
    ['broken'],
  ],
])('finds in %s the pods that block it', (_, value, names) => {
  expect(stuckPods(value, PODS)?.map(({ metadata }) => metadata.name)).toEqual(names);
});

it('says nothing before the controller has seen the change', () => {
  expect(stuckPods(set({}, { observedGeneration: 2 }), PODS)).toBeUndefined();
});
