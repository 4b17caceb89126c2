import type { Report, ReportedGolden } from '@modelpier/backstage-plugin-modelpier-common';
import { outputsOf } from '../github/outputs';
import { renderGolden } from './golden-summary';
import { renderSentence } from './sentence';

const run = {
  subject: 'pod mnist-1',
  verdict: 'passed',
  requests: 4,
  latency: { p50Ms: 3, p95Ms: 4.5, p99Ms: 5 },
  coldStartMs: 2_400,
} as const;
const golden = (over: Partial<ReportedGolden> = {}): ReportedGolden => ({
  verdict: 'passed',
  file: 'golden.json',
  cases: 3,
  runs: [run],
  ...over,
});
const reportWith = (over: Partial<Report>): Report => ({
  apiVersion: 'modelpier.io/v1',
  kind: 'RunReport',
  mode: 'release',
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:00:41.000Z',
  run: {},
  model: { name: 'mnist', version: '1.4.0', format: 'onnx' },
  warnings: [],
  ...over,
});
const deployed = (over: ReportedGolden): Report['deployment'] => ({
  status: 'failed',
  namespace: 'apps',
  image: 'registry.test/mnist',
  objects: [],
  timeline: [],
  golden: over,
});

it('tells of the image and of each pod how they answered', () => {
  const wrong = golden({
    verdict: 'failed',
    runs: [{ ...run, verdict: 'failed', reason: 'case "<four>": logits[0, 1] is 5, expected 4' }],
  });
  expect(renderGolden(reportWith({ golden: golden({ p95LimitMs: 50 }), deployment: deployed(wrong) }))).toBe(
    [
      '### Golden check',
      '3 cases of `golden.json`, p95 at most 50 ms',
      [
        '| when | who was asked | verdict | p50 | p95 | p99 | ready after | why |',
        '| --- | --- | --- | --: | --: | --: | --: | --- |',
        '| before the tags | pod mnist-1 | passed | 3 ms | 4.5 ms | 5 ms | 2.4 s |  |',
        '| new pods | pod mnist-1 | failed | 3 ms | 4.5 ms | 5 ms | 2.4 s | case "&lt;four&gt;": logits\\[0, 1\\] is 5, expected 4 |',
      ].join('\n'),
    ].join('\n\n'),
  );
});

it('says nothing of a release without a golden file, and that there was nobody to ask', () => {
  expect(renderGolden(reportWith({}))).toBeUndefined();
  expect(
    renderGolden(reportWith({ deployment: deployed(golden({ verdict: 'not-run', runs: [] })) })),
  ).toContain('No pod runs the image');
});

it('counts the pods of a large release', () => {
  const many = golden({ runs: Array.from({ length: 23 }, () => run) });
  expect(renderGolden(reportWith({ deployment: deployed(many) }))).toMatch(/\nand 3 pods more$/);
});

it.each<[string | undefined, Partial<Report>]>([
  ['passed', { golden: golden() }],
  ['passed', { golden: golden({ verdict: 'not-run' }), deployment: deployed(golden()) }],
  ['failed', { golden: golden(), deployment: deployed(golden({ verdict: 'failed' })) }],
  ['not-run', { deployment: deployed(golden({ verdict: 'not-run' })) }],
  [undefined, {}],
])('puts out %s for %j', (verdict, over) => {
  expect(outputsOf(reportWith(over))['golden-result']).toBe(verdict);
});

it.each([
  ['the model answers wrong', { mismatch: { case: 'four', got: '500', expected: 'status 200' } }],
  ['the model answers too slowly', { reason: 'its p95 is 60 ms' }],
])('says in the sentence of a build that %s', (words, over) => {
  const failure = { code: 'unhealthy', message: 'the image fails its golden check' };
  const failed = golden({ verdict: 'failed', runs: [{ ...run, verdict: 'failed', ...over }] });
  expect(renderSentence(reportWith({ mode: 'build', golden: failed, failure }))).toBe(
    `mnist 1.4.0 failed (${words}), 41 s`,
  );
});
