import { intervalOf } from './interval';

it.each([
  [{ minutes: 5 }, 300_000],
  [{ hours: 1, seconds: 30 }, 3_630_000],
  [{ cron: '*/5 * * * *' }, undefined],
  [{ trigger: 'manual' } as const, undefined],
])('knows how much time lies between rounds: %j', (frequency, expected) => {
  expect(intervalOf({ frequency })).toBe(expected);
});
