import { health } from '../health';
import { context, objectOf, type Vector } from '../health.fixture';
import { parseStorageClass } from './persistent-volume-claim';

const claim = (phase: string | undefined, storageClassName: string | undefined = 'late'): unknown =>
  objectOf('v1', 'PersistentVolumeClaim', {
    metadata: { generation: undefined },
    spec: { storageClassName },
    status: { phase },
  });
const storageClasses = [
  { metadata: { name: 'late' }, volumeBindingMode: 'WaitForFirstConsumer' },
  { metadata: { name: 'early' }, volumeBindingMode: 'Immediate' },
  { metadata: { name: 'silent' } },
].map(parseStorageClass);
const claimsAwaitingPod = new Set(['shop/mnist']);

const vectors: Vector[] = [
  ['bound', claim('Bound'), {}, 'Current', 'Bound'],
  ['lost', claim('Lost'), {}, 'Failed', 'Lost'],
  [
    'pending, its class binds at once',
    claim('Pending', 'early'),
    { storageClasses },
    'InProgress',
    'NotBound',
  ],
  [
    'pending, its class says nothing, which is at once',
    claim('Pending', 'silent'),
    { storageClasses },
    'InProgress',
    'NotBound',
  ],
  [
    'pending until its pod comes, which comes after it',
    claim('Pending'),
    { storageClasses },
    'Current',
    'WaitForFirstConsumer',
  ],
  ['no phase yet', claim(undefined), { storageClasses }, 'Current', 'WaitForFirstConsumer'],
  ['pending, classes may not be read', claim('Pending'), {}, 'InProgress', 'NotBound'],
  [
    'pending, classes may not be read, but an event says what it waits for',
    claim('Pending'),
    { claimsAwaitingPod },
    'Current',
    'WaitForFirstConsumer',
  ],
  [
    'pending, an old event, but its class binds at once',
    claim('Pending', 'early'),
    { storageClasses, claimsAwaitingPod },
    'InProgress',
    'NotBound',
  ],
  ['bound, whatever an event once said', claim('Bound'), { claimsAwaitingPod }, 'Current', 'Bound'],
];

it.each(vectors)('%s', (_name, object, over, ...[state, reason]) => {
  expect(health(object, context(over))).toMatchObject({ state, reason });
});
