import { health } from '../health';
import { at, context, objectOf, type Vector } from '../health.fixture';

const namespace = (phase: string | undefined, metadata = {}): unknown =>
  objectOf('v1', 'Namespace', { metadata: { generation: undefined, ...metadata }, status: { phase } });

const vectors: Vector[] = [
  ['active', namespace('Active'), {}, 'Current', 'Active'],
  ['no phase yet', namespace(undefined), {}, 'InProgress', 'NotActive'],
  ['going away', namespace('Terminating', { deletionTimestamp: at(1) }), {}, 'Terminating', 'Terminating'],
];

it.each(vectors)('%s', (_name, object, over, ...[state, reason]) => {
  expect(health(object, context(over))).toMatchObject({ state, reason });
});
