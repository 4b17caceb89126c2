import { coldStartMs } from './cold-start';
import { parsePod } from './pod';

const podWith = (startedAt: string, readyAt: string, restartCount = 0) =>
  parsePod({
    metadata: { name: 'mnist-1' },
    spec: { containers: [{ name: 'model' }, { name: 'proxy' }] },
    status: {
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: readyAt }],
      containerStatuses: [
        { name: 'model', ready: true, restartCount, state: { running: { startedAt } } },
        { name: 'proxy', ready: true, restartCount: 0, state: { running: { startedAt: readyAt } } },
      ],
    },
  });

it('lasts from the start of the container to the readiness of its pod', () => {
  const pod = podWith('2026-03-01T12:00:00Z', '2026-03-01T12:00:07Z');
  expect(coldStartMs(pod, ['model'])).toBe(7_000);
  expect(coldStartMs(pod, ['other'])).toBeUndefined();
});

it('is not known of a container that was started again', () => {
  expect(coldStartMs(podWith('2026-03-01T12:00:00Z', '2026-03-01T12:00:07Z', 1), ['model'])).toBeUndefined();
  expect(coldStartMs(podWith('2026-03-01T12:00:09Z', '2026-03-01T12:00:07Z'), ['model'])).toBeUndefined();
});
