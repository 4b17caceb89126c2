import { type AmountSketch, joinSketches, percentileOf, sketchOf } from './amount-sketch';

const sketch = (amounts: readonly number[]): AmountSketch => amounts.map(sketchOf).reduce(joinSketches, []);
const exact = (amounts: readonly number[], fraction: number): number =>
  amounts.toSorted((a, b) => a - b)[Math.ceil(fraction * amounts.length) - 1] ?? NaN;

/** Amounts over many orders, the same in every run. */
const amounts = Array.from({ length: 1000 }, (_, at) => Math.round(2 ** (((at * 7919) % 1000) / 25)));

it.each([0.5, 0.95, 0.99, 1])('is within a hundredth of the exact percentile %d', fraction => {
  const found = percentileOf(sketch(amounts), fraction) ?? NaN;
  expect(Math.abs(found - exact(amounts, fraction))).toBeLessThanOrEqual(
    Math.ceil(0.01 * exact(amounts, fraction)),
  );
});

it('is the same in whatever order samples come together', () => {
  const [left, right] = [amounts.slice(0, 300), amounts.slice(300)];
  expect(joinSketches(sketch(right), sketch(left))).toEqual(sketch(amounts));
});

it.each([
  [[], null],
  [[0], 0],
  [[0, 0, 5], 5],
  [[16 * 1024 ** 3], 16 * 1024 ** 3],
] as const)('takes %j for %s', (given, expected) => {
  const found = percentileOf(sketch(given), 0.95);
  if (expected === null) expect(found).toBeNull();
  else expect(Math.abs((found ?? NaN) - expected)).toBeLessThanOrEqual(0.01 * expected);
});

it('stays small however many samples there are', () => {
  const steady = Array.from({ length: 10_000 }, (_, at) => 500 + (at % 50));
  expect(sketch(steady).length).toBeLessThan(20);
});
