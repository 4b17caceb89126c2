import { health } from '../health';
import { context, objectOf, type Vector } from '../health.fixture';

const canary = (reason?: string, status = 'True'): unknown =>
  objectOf('flagger.app/v1beta1', 'Canary', {
    conditions: reason === undefined ? [] : [{ type: 'Promoted', status, reason }],
  });

const vectors: Vector[] = [
  ['not begun', canary(), {}, 'InProgress', 'Waiting'],
  ['first release, nothing to compare with', canary('Initialized'), {}, 'Current', 'Initialized'],
  ['under way', canary('Progressing', 'Unknown'), {}, 'InProgress', 'Progressing'],
  ['being promoted', canary('Finalising', 'Unknown'), {}, 'InProgress', 'Finalising'],
  ['promoted', canary('Succeeded'), {}, 'Current', 'Succeeded'],
  ['taken back', canary('Failed', 'False'), {}, 'Failed', 'Failed'],
];

it.each(vectors)('%s', (_name, object, over, ...[state, reason]) => {
  expect(health(object, context(over))).toMatchObject({ state, reason });
});
