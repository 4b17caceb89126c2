import { runsOf } from './runs';
import { scaleFor } from './scale';
import { timeTicks } from './time-ticks';

it('breaks a line where spans were not read, and where they were not measured', () => {
  const samples = [
    { at: 0, value: 1 },
    { at: 10, value: 2 },
    { at: 30, value: 3 },
    { at: 40, value: null },
    { at: 50, value: 0 },
  ];
  expect(runsOf(samples, 10).map(run => run.map(({ value }) => value))).toEqual([[1, 2], [3], [0]]);
});

it.each([
  [0.75, 10, [0, 0.2, 0.4, 0.6, 0.8]],
  [3, 10, [0, 1, 2, 3]],
  [40, 10, [0, 10, 20, 30, 40]],
  [0, 10, [0, 1]],
  [1.5 * 2 ** 30, 2, [0, 2 ** 29, 2 ** 30, 1.5 * 2 ** 30]],
] as const)('marks a scale up to %d in round steps to the base of %d', (most, base, ticks) => {
  const scale = scaleFor(most, base);
  scale.ticks.forEach((tick, index) => expect(tick).toBeCloseTo(ticks[index] ?? Number.NaN, 9));
  expect(scale.ticks).toHaveLength(ticks.length);
  expect(scale.top).toBeGreaterThanOrEqual(most);
});

it('marks the hours of a day, and the days of a week by the local calendar', () => {
  const from = new Date(2026, 7, 3, 15).getTime();
  const hours = timeTicks('day', { from, until: new Date(2026, 7, 4, 15).getTime() }, 'de');
  expect(hours.map(({ text }) => text)).toEqual(['18:00', '00:00', '06:00', '12:00']);
  const days = timeTicks('week', { from, until: new Date(2026, 7, 6, 3).getTime() }, 'en');
  expect(days.map(({ text }) => text)).toEqual(['4 Tue', '5 Wed', '6 Thu']);
  const months = timeTicks('quarter', { from, until: new Date(2026, 10, 1, 15).getTime() }, 'de');
  expect(months.map(({ at }) => new Date(at).getDate())).toEqual([1, 1, 1]);
});
