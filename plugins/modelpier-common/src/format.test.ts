import {
  formatAge,
  formatAmount,
  formatBytes,
  formatCount,
  formatDuration,
  formatExactBytes,
  formatPercent,
  formatTimes,
  resourceName,
} from './format';

it.each([
  [null, 'not known'],
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1_000, '1 kB'],
  [1_234, '1.23 kB'],
  [9_994, '9.99 kB'],
  [9_996, '10 kB'],
  [99_949, '99.9 kB'],
  [99_960, '100 kB'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [2_100_000, '2.1 MB'],
  [212_345_678, '212 MB'],
  [1_000_000_000, '1 GB'],
  [1_270_000_000, '1.27 GB'],
  [16_400_000_000, '16.4 GB'],
  [Number.MAX_SAFE_INTEGER, '9.01 PB'],
  [-2_000, '-2 kB'],
])('writes %s bytes as %s', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

it('writes bytes exactly on demand', () => {
  expect(formatExactBytes(41_875_931_136)).toBe('41,875,931,136 bytes');
  expect(formatExactBytes(1)).toBe('1 byte');
  expect(formatExactBytes(null)).toBe('not known');
});

it.each([
  [null, 'not known'],
  [Number.NaN, 'not known'],
  [Number.POSITIVE_INFINITY, 'not known'],
  [0, '0 %'],
  [0.00001, '< 0.1 %'],
  [0.001, '0.1 %'],
  [0.3547, '35.5 %'],
  [0.5, '50 %'],
  [0.987, '98.7 %'],
  [0.9965, '99.7 %'],
  [0.9996, '99.9 %'],
  [0.999999999, '99.9 %'],
  [1, '100 %'],
  [1.000001, '100.1 %'],
  [1.531, '153.1 %'],
  [12, '1200 %'],
  [-0.25, '-25 %'],
  [-0.00001, '> -0.1 %'],
])('writes the ratio %s as %s', (ratio, expected) => {
  expect(formatPercent(ratio)).toBe(expected);
});

it.each([
  [null, 'not known'],
  [0, '0x'],
  [0.038, '0.04x'],
  [1.531, '1.53x'],
  [4, '4x'],
  [12.345, '12.3x'],
  [1234.5, '1235x'],
])('writes %s of a fair share as %s', (ratio, expected) => {
  expect(formatTimes(ratio)).toBe(expected);
});

it.each([
  [0, 'layer', undefined, '0 layers'],
  [1, 'layer', undefined, '1 layer'],
  [2, 'layer', undefined, '2 layers'],
  [1_234_567, 'layer', undefined, '1,234,567 layers'],
  [2, 'registry', 'registries', '2 registries'],
])('counts %i %s', (count, singular, plural, expected) => {
  expect(formatCount(count, singular, plural)).toBe(expected);
});

it.each([
  [null, 'not known'],
  [Number.NaN, 'not known'],
  [0, '0 ms'],
  [350, '350 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [4_200, '4.2 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [41_000, '41 s'],
  [59_499, '59 s'],
  [59_500, '1 min'],
  [125_000, '2 min 5 s'],
  [120_000, '2 min'],
  [3_599_499, '59 min 59 s'],
  [3_599_500, '1 h'],
  [3_780_000, '1 h 3 min'],
  [86_399_000, '1 d'],
  [187_200_000, '2 d 4 h'],
  [-41_000, '-41 s'],
])('writes %s milliseconds as %s', (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});

it.each([
  [null, 'not known'],
  ['yesterday', 'not known'],
  ['2026-08-04T12:00:00Z', 'just now'],
  ['2026-08-04T11:59:56Z', 'just now'],
  ['2026-08-04T12:00:04Z', 'just now'],
  ['2026-08-04T11:59:40Z', '20 s ago'],
  ['2026-08-04T11:59:01Z', '59 s ago'],
  ['2026-08-04T11:58:01Z', '1 min ago'],
  ['2026-08-04T09:00:00Z', '3 h ago'],
  ['2026-08-02T11:00:00+00:00', '2 d ago'],
  ['2026-08-04T12:05:00Z', 'in 5 min'],
  ['2026-07-05T12:00:01Z', '29 d ago'],
  ['2026-07-05T12:00:00Z', '2026-07-05'],
])('tells the age of %s as %s', (at, expected) => {
  expect(formatAge(at, new Date('2026-08-04T12:00:00Z'))).toBe(expected);
});

it.each([
  ['cpu', null, 'not known'],
  ['cpu', '980m', '0.98 CPU'],
  ['cpu', '11760m', '11.76 CPU'],
  ['cpu', '2', '2 CPU'],
  ['memory', '3489660928', '3.25 GiB'],
  ['memory', '128Mi', '128 MiB'],
  ['memory', '1536Mi', '1.5 GiB'],
  ['memory', '1023', '1,023 B'],
  ['memory', '1000Mi', '1000 MiB'],
  ['ephemeral-storage', '10Gi', '10 GiB'],
  ['nvidia.com/gpu', '0.25', '0.25 GPU (0 whole)'],
  ['nvidia.com/gpu', '3', '3 GPU'],
  ['nvidia.com/gpu', '2.5', '2.5 GPU (2 whole)'],
  ['google.com/tpu', '8', '8 google.com/tpu'],
])('writes %s %s as %s', (resource, quantity, expected) => {
  expect(formatAmount(resource, quantity)).toBe(expected);
});

it.each([
  ['cpu', 'CPU'],
  ['memory', 'memory'],
  ['amd.com/gpu', 'GPU'],
  ['nvidia.com/mig-1g.5gb', 'nvidia.com/mig-1g.5gb'],
])('names the resource %s', (resource, expected) => {
  expect(resourceName(resource)).toBe(expected);
});
