import {
  diagnose,
  type Evidence,
  parseReport,
  type Report,
} from '@modelpier/backstage-plugin-modelpier-common';
import { capturedPod, NODE } from '../../../plugins/modelpier-common/src/diagnosis/diagnosis.fixture';
import { diagnosisAnnotations } from '../github/annotations';
import { failureLog } from './evidence-log';
import { withCode } from './markdown';
import { renderSentence } from './sentence';
import { renderSummary } from './summary';

const FACTS = { isGenerated: true, modelBytes: 3_328_599_654 };

function failedWith(evidence: Evidence): Report {
  const [object] = evidence.objects;
  return parseReport({
    apiVersion: 'modelpier.io/v1',
    kind: 'RunReport',
    mode: 'release',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:41.000Z',
    run: {},
    model: { name: 'mnist-mlp', version: '1.4.0', format: 'torchscript' },
    deployment: {
      status: 'failed',
      namespace: 'models',
      environment: 'production',
      image: 'r.test/m@sha256:a',
      previousImage: 'r.test/m@sha256:old',
      objects: [{ ref: object?.ref, action: 'configured', status: object?.status }],
      timeline: [],
      diagnosis: diagnose(evidence, FACTS),
      evidence,
    },
    warnings: [],
    failure: { code: 'unhealthy', message: 'deploy to models: it failed', hint: 'mend it' },
  });
}

const traceback = failedWith(capturedPod('traceback'));

it('names the cause in the one sentence', () => {
  expect(renderSentence(failedWith(capturedPod('oom')))).toBe(
    'mnist-mlp 1.4.0 failed in production (out of memory), 41 s',
  );
});

it('tells in the summary why, what to do, what serves, and then the evidence', () => {
  const summary = renderSummary(failedWith(capturedPod('oom')));
  const [, why, reason, serves, evidence] = summary.split('\n\n');
  expect(why).toBe('### Why it failed');
  expect(reason).toMatch(
    /^- \*\*Container model of pod oom-\S+ was killed at its memory limit 64Mi .* 3\.1 GiB\*\*<br>\n {2}What to do: raise `spec\.resources\.memory` to 7Gi$/,
  );
  expect(serves).toBe('The pods of the release before go on serving `r.test/m@sha256:old`.');
  expect(evidence).toBe('<details><summary>Evidence: pods, logs, events</summary>');
  expect(summary).toContain(
    '| `model` | ended, 4 restarts, last run OOMKilled with exit code 137 within a second |',
  );
});

it('tells of the way back, and of its failure', () => {
  const failed = failedWith(capturedPod('oom'));
  const rollback = {
    to: { id: 'a', version: '1.3.0' },
    image: 'r.test/m@sha256:old',
    outcome: 'healthy',
    objects: [],
    timeline: [],
    left: [{ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'models', name: 'extra' }],
  } as const;
  const summaryWith = (changes: Partial<NonNullable<Report['deployment']>>): string =>
    renderSummary({
      ...failed,
      deployment: { ...(failed.deployment as NonNullable<Report['deployment']>), ...changes },
    });
  expect(summaryWith({ rollback, status: 'rolled-back' })).toContain(
    'Rolled back to 1.3.0, which is healthy and serves `r.test/m@sha256:old`. What only the failed release has stays in the cluster; delete it where it is not needed: `ConfigMap/models/extra`.',
  );
  expect(summaryWith({ rollback: { ...rollback, outcome: 'failed', reason: 'no weights' } })).toContain(
    '**The rollback to 1.3.0 failed too: no weights.** Look at the objects now',
  );
  expect(summaryWith({ notRolledBack: 'no release before', previousImage: undefined })).toContain(
    'Nothing to roll back to: no release before.\n\nNothing serves now; its objects stay as they are.',
  );
});

it('shows the last lines of each container and the events, whatever they hold', () => {
  const hostile = capturedPod('traceback');
  const [pod] = hostile.pods;
  const containers = pod?.containers.map(each => ({ ...each, log: ['```', '</details><img src=x>'] })) ?? [];
  const summary = renderSummary(
    failedWith({ ...hostile, pods: pod === undefined ? [] : [{ ...pod, containers }] }),
  );
  expect(summary).toContain('````text\n```\n</details><img src=x>\n````');
  expect(summary).toContain('| BackOff \\(9 times\\) | Back-off restarting failed container |');
});

it('tells of nodes and of what is missing', () => {
  const evidence = {
    ...capturedPod('too-much-cpu'),
    nodes: [{ ...NODE, requested: { cpu: '400m' } }],
    gaps: ['logs could not be read: why'],
  };
  const summary = renderSummary(failedWith(evidence));
  expect(summary).toContain('| `node1` | ready | 1.9 CPU, 19.3 GiB of memory | 0.4 CPU |');
  expect(summary).toContain('- logs could not be read: why');
});

it('folds the log into a group of why, and one for each pod', () => {
  const groups = failureLog(traceback.deployment as NonNullable<Report['deployment']>);
  const [pod] = capturedPod('traceback').pods;
  expect(groups.map(({ title }) => title)).toEqual([
    'Why it failed',
    `Evidence: Pod/models/${pod?.ref.name ?? ''}`,
  ]);
  expect(groups[0]?.lines).toEqual([
    expect.stringContaining('FileNotFoundError') as string,
    expect.stringMatching(/^ {2}to mend it: check the path/) as string,
  ]);
  expect(groups[1]?.lines).toEqual(
    expect.arrayContaining([
      'Running on node1',
      'container model: waiting (CrashLoopBackOff), 4 restarts, last run ended with exit code 1 within a second',
      '  log:',
      '  | Traceback (most recent call last):',
      'event BackOff (9 times): Back-off restarting failed container',
    ]),
  );
});

it('says nothing in the log of a release that did not fail', () => {
  const { deployment } = traceback;
  expect(
    failureLog({
      ...(deployment as NonNullable<Report['deployment']>),
      diagnosis: undefined,
      evidence: undefined,
    }),
  ).toEqual([]);
});

it('annotates what is wrong beside the first thing', () => {
  const [first] = diagnose(capturedPod('oom'), FACTS);
  const [second] = diagnose(capturedPod('traceback'), FACTS);
  const deployment = { ...traceback.deployment, diagnosis: [first, second] } as NonNullable<
    Report['deployment']
  >;
  expect(diagnosisAnnotations({ deployment })).toEqual([
    { title: 'Why it failed: crash', message: `${second?.explanation ?? ''}\n${second?.fix ?? ''}` },
  ]);
});

it('keeps names as code and all else as text', () => {
  expect(withCode('raise `a|b` to <7Gi> *now*')).toBe('raise `a\\|b` to &lt;7Gi&gt; \\*now\\*');
});
