import { health } from '../health';
import { at, context, NOW, objectOf, type Vector } from '../health.fixture';

const canary = (reason?: string, status = 'True'): unknown =>
  objectOf('flagger.app/v1beta1', 'Canary', {
    conditions: reason === undefined ? [] : [{ type: 'Promoted', status, reason }],
  });

/** What Flagger said ten minutes ago. */
const old = (reason: string, interval?: string): unknown =>
  objectOf('flagger.app/v1beta1', 'Canary', {
    ...(interval !== undefined && { spec: { analysis: { interval } } }),
    conditions: [{ type: 'Promoted', status: 'True', reason, lastUpdateTime: at(600) }],
  });
const changed = (secondsBefore: number) => ({ changedAt: NOW - secondsBefore * 1000 });

const vectors: Vector[] = [
  ['not begun', canary(), {}, 'InProgress', 'Waiting'],
  ['first release, nothing to compare with', canary('Initialized'), {}, 'Current', 'Initialized'],
  ['under way', canary('Progressing', 'Unknown'), {}, 'InProgress', 'Progressing'],
  ['being promoted', canary('Finalising', 'Unknown'), {}, 'InProgress', 'Finalising'],
  ['promoted', canary('Succeeded'), {}, 'Current', 'Succeeded'],
  ['promoted before the change', old('Succeeded'), changed(74), 'InProgress', 'ChangeNotObserved'],
  ['taken back before the change', old('Failed'), changed(1), 'InProgress', 'ChangeNotObserved'],
  ['promoted before, and Flagger has looked since', old('Succeeded'), changed(75), 'Current', 'Succeeded'],
  ['looked at seldom', old('Succeeded', '1m30s'), changed(104), 'InProgress', 'ChangeNotObserved'],
  ['looked at often', old('Succeeded', '10s'), changed(25), 'Current', 'Succeeded'],
  ['promoted after the change', old('Succeeded'), changed(601), 'Current', 'Succeeded'],
  ['promoted before, nothing was changed', old('Succeeded'), {}, 'Current', 'Succeeded'],
  ['taken back', canary('Failed', 'False'), {}, 'Failed', 'Failed'],
];

it.each(vectors)('%s', (_name, object, over, ...[state, reason]) => {
  expect(health(object, context(over))).toMatchObject({ state, reason });
});
