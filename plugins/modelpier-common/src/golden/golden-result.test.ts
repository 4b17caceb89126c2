import { countBeyondP95, goldenNoteOf, goldenVerdict, latencyOf } from './golden-result';

it.each([
  [[7], { p50Ms: 7, p95Ms: 7, p99Ms: 7 }],
  [[4, 1, 3, 2], { p50Ms: 2, p95Ms: 4, p99Ms: 4 }],
  [Array.from({ length: 100 }, (_, index) => 100 - index), { p50Ms: 50, p95Ms: 95, p99Ms: 99 }],
  [[], undefined],
])('takes percentiles of %j by the nearest rank', (times, latency) => {
  expect(latencyOf(times)).toEqual(latency);
});

it.each([1, 19, 20, 40, 99, 100])('knows how many of %d requests may be late', requests => {
  const p95With = (late: number): number | undefined =>
    latencyOf(Array.from({ length: requests }, (_, index) => (index < late ? 9 : 1)))?.p95Ms;
  const most = countBeyondP95(requests);
  expect([p95With(most), p95With(most + 1)]).toEqual([1, 9]);
});

it.each([
  [['passed', 'failed', 'not-run'], 'failed'],
  [['passed', 'not-run'], 'passed'],
  [['not-run'], 'not-run'],
  [[], 'not-run'],
] as const)('is of %j in all %s', (verdicts, verdict) => {
  expect(goldenVerdict(verdicts.map(each => ({ verdict: each })))).toBe(verdict);
});

it('notes the slowest', () => {
  const run = { subject: 'pod a', verdict: 'passed', requests: 3 } as const;
  const runs = [
    { ...run, latency: { p50Ms: 1, p95Ms: 2, p99Ms: 3 }, coldStartMs: 900 },
    { ...run, latency: { p50Ms: 1, p95Ms: 5, p99Ms: 6 } },
  ];
  const reported = { verdict: 'passed', file: 'golden.json', cases: 2, runs } as const;
  expect(goldenNoteOf(reported)).toEqual({ verdict: 'passed', cases: 2, p95Ms: 5, coldStartMs: 900 });
  expect(goldenNoteOf({ ...reported, runs: [run] })).toEqual({ verdict: 'passed', cases: 2 });
});
