import { cpuMax, cpuShares, cpuWeight, memoryMax } from './cgroup';
import { parseQuantity } from './quantity';

const nano = (text: string) => parseQuantity(text).nano;

it.each([
  ['250m', '25000 100000'],
  ['1', '100000 100000'],
  ['1500m', '150000 100000'],
  ['10m', '1000 100000'],
  ['1m', '1000 100000'],
  ['0', '1000 100000'],
])('limits %s of CPU as cpu.max %s', (limit, expected) => {
  expect(cpuMax(nano(limit))).toBe(expected);
});

it('leaves cpu.max open without a limit', () => {
  expect(cpuMax(null)).toBe('max 100000');
});

it.each([
  ['0', 2],
  ['1m', 2],
  ['2m', 2],
  ['100m', 102],
  ['1', 1024],
  ['4', 4096],
  ['1000', 262_144],
])('weighs %s of CPU as %s shares', (request, shares) => {
  expect(cpuShares(nano(request))).toBe(shares);
});

it.each([
  ['0', 1, 1],
  ['100m', 4, 17],
  ['1', 39, 100],
  ['4', 157, 303],
  ['256', 10_000, 10_000],
])(
  'weighs %s of CPU as cpu.weight %s by the linear formula and %s by the new one',
  (request, linear, quadratic) => {
    expect(cpuWeight(nano(request), 'linear')).toBe(linear);
    expect(cpuWeight(nano(request), 'quadratic')).toBe(quadratic);
  },
);

it('limits memory to whole bytes', () => {
  expect(memoryMax(nano('128Mi'))).toBe('134217728');
  expect(memoryMax(nano('128m'))).toBe('0');
  expect(memoryMax(null)).toBe('max');
});
