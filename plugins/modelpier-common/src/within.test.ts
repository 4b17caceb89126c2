import { isWithin } from './within';

it.each([
  [1000, 1000, true],
  [1000, 1099, true],
  [1000, 1100, false],
  [-Infinity, 1000, false],
])('at %s, seen at %s, is within 100 ms: %s', (at, now, expected) => {
  expect(isWithin(at, now, 100)).toBe(expected);
});

it('takes what a clock set back has still to reach for long ago', () => {
  expect(isWithin(5000, 1000, 100)).toBe(false);
});
