import { parseReport, type Report } from '@modelpier/backstage-plugin-modelpier-common';
import { renderPlanComment } from './plan-comment';
import { renderSummary } from './summary';

const MARKER = '<!-- modelpier:plan -->';
const planned = (name: string, diff: string): object => ({
  ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps', name },
  action: 'configured',
  status: { state: 'Unknown', reason: 'Planned', message: 'would be changed' },
  diff,
});
const reportOf = (fields: object): Report =>
  parseReport({
    apiVersion: 'modelpier.io/v1',
    kind: 'RunReport',
    mode: 'plan',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:04.000Z',
    run: { commit: 'c0ffee', url: 'https://github.test/acme/mnist/actions/runs/7' },
    model: { name: 'mnist', version: '1.4.0', format: 'onnx' },
    warnings: [],
    ...fields,
  });
const planOf = (objects: readonly object[]): object => ({
  deployment: { status: 'planned', namespace: 'apps', image: 'acme/mnist', objects, timeline: [] },
});

it('begins with its marker, and tells the plan and the run', () => {
  const text = renderPlanComment(reportOf(planOf([planned('a', '-a: 1\n+a: 2')])), MARKER);
  expect(text.startsWith(`${MARKER}\n\n### mnist 1.4.0 is planned in apps`)).toBe(true);
  expect(text).toContain('```diff\n-a: 1\n+a: 2\n```');
  expect(text).toMatch(/\[The run\]\(https:\/\/github\.test\/.*\) of c0ffee$/);
});

it('stays within what GitHub takes, whatever is planned', () => {
  const objects = Array.from({ length: 40 }, (_, at) => planned(`object-${at}`, `+${'x'.repeat(10_000)}`));
  const warnings = ['w'.repeat(60_000)];
  const text = renderPlanComment(reportOf({ ...planOf(objects), warnings }), MARKER);
  expect(text.length).toBeLessThan(65_536);
  expect(text).toContain('too long for a comment');
  expect(text).toContain('too long to show');
});

it('says that nothing was compared where there was no cluster, in the summary too', () => {
  expect(renderPlanComment(reportOf({}), MARKER)).toContain('nothing was compared');
  expect(renderSummary(reportOf({}))).toContain('nothing was compared');
});

it('tells why a plan failed, in place of what it could not compare', () => {
  const failure = { code: 'invalid-document', message: 'spec.a is no field', hint: 'check the spelling' };
  const text = renderPlanComment(reportOf({ failure }), MARKER);
  expect(text).toContain('### mnist 1.4.0 cannot be released');
  expect(text).toContain('**spec.a is no field**\n\nWhat to do: check the spelling');
  expect(text).not.toContain('nothing was compared');
});
