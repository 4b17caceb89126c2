import { boundsOf } from './history-range';

const NOW = Date.parse('2026-03-10T12:34:56.000Z');

it.each([
  ['day', 'hour', '2026-03-09T13:00:00.000Z'],
  ['week', 'hour', '2026-03-03T13:00:00.000Z'],
  ['month', 'day', '2026-02-09T00:00:00.000Z'],
  ['year', 'day', '2025-03-11T00:00:00.000Z'],
] as const)('begins a %s with a whole %s', (range, span, from) => {
  expect(boundsOf(range, NOW)).toEqual({ span, from });
});
