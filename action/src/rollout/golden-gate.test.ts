import type { ReportedDeployment } from '@modelpier/backstage-plugin-modelpier-common';
import { answerWith, goldenOf } from '../../../plugins/modelpier-common/src/golden/golden.fixture';
import { deployerOf } from '../../../test/servers/kubernetes';
import type { Listen } from '../../../test/servers/kubernetes/api/subresource';
import { readLedger } from '../ledger/ledger-store';
import { deployObjects } from './deploy';
import { factsOf, fastClock, imageOf, objectsOf, onStage, type Stage } from './deploy.fixture';
import type { ReleaseOptions } from './deploy-options';
import { rolloutFailure } from './failure';

const deployer = deployerOf('apps');
const mayProxy = (...verbs: readonly ('get' | 'create')[]) => ({
  token: {
    ...deployer,
    rules: [...deployer.rules, { namespace: 'apps', resources: ['pods/proxy'], verbs }],
  },
});
const mayAsk = mayProxy('get', 'create');

const META: Readonly<Record<string, unknown>> = {
  '/v2/health/ready': { ready: true },
  '/v2/models/mnist/ready': { name: 'mnist', ready: true },
  '/v2/models/mnist': { name: 'mnist', versions: ['1.4.0'], platform: 'any', inputs: [], outputs: [] },
};

/** Serves the model; what it computes is the digit of its image's digest. */
function server(logitsOf: (digit: string) => readonly (number | null)[]) {
  const asked: unknown[] = [];
  const listen: Listen = (pod, { port, path, method, body }) => {
    if (port !== 8080) return undefined;
    if (method === 'GET') return path in META ? { status: 200, json: META[path] } : { status: 404, json: {} };
    if (path !== '/v2/models/mnist/infer') return { status: 404, json: { error: path } };
    asked.push(body);
    const digit = pod.spec.containers[0]?.image.at(-1) ?? '';
    return { status: 200, json: JSON.parse(answerWith(logitsOf(digit))) as unknown };
  };
  return { listen, asked };
}
const good = () => server(() => [-1, 4]);

const objects = (digit: string, spec: Record<string, unknown> = {}) =>
  objectsOf(digit, spec).map(object =>
    object.kind !== 'Deployment'
      ? object
      : (JSON.parse(
          JSON.stringify(object).replace(
            '"name":"model"',
            '"name":"model","ports":[{"name":"http","containerPort":8080}]',
          ),
        ) as typeof object),
  );

const release = ({ cluster }: Stage, over: Partial<ReleaseOptions> = {}, digit = 'a') =>
  deployObjects({
    cluster,
    objects: objects(digit),
    image: imageOf(digit),
    clock: fastClock,
    runFacts: factsOf('1.4.0'),
    golden: { path: 'golden.json', golden: goldenOf({ repetitions: 3 }), isRequired: false },
    ...over,
  });
const required = (document = {}) => ({
  golden: { path: 'golden.json', golden: goldenOf(document), isRequired: true },
});

const lastWord = ({ timeline }: ReportedDeployment): unknown =>
  timeline.filter(({ object }) => object.kind === 'Deployment').at(-1)?.status;

it('asks every new pod each case before the release is healthy', () => {
  const { listen, asked } = good();
  return onStage({ listen, access: mayAsk }, async stage => {
    const deployed = await release(stage, required({ repetitions: 3 }));
    expect(deployed.status).toBe('healthy');
    expect(lastWord(deployed)).toMatchObject({
      state: 'Current',
      reason: 'GoldenPassed',
      message: expect.stringMatching(/^the golden check passes: 1 case on 2 pods, p95 \d/) as string,
    });
    expect(asked).toHaveLength(8);
    expect(asked[0]).toMatchObject({ id: 'four', inputs: [{ name: 'image', data: [0.5, 1] }] });
    expect(deployed.golden).toMatchObject({
      verdict: 'passed',
      file: 'golden.json',
      cases: 1,
      runs: [{ verdict: 'passed', requests: 4 }, { subject: expect.stringMatching(/^pod mnist-/) as string }],
    });
  });
});

it('takes a release back whose answers are wrong, with the evidence, and tells the ledger', () => {
  const { listen } = server(digit => (digit === 'b' ? [-1, 4.5] : [-1, 4]));
  return onStage({ listen, access: mayAsk }, async stage => {
    await release(stage);
    const failed = await release(stage, { rollback: 'on-failure', runFacts: factsOf('1.5.0') }, 'b');
    expect(failed.status).toBe('rolled-back');
    expect(failed.golden).toMatchObject({
      verdict: 'failed',
      runs: [
        { mismatch: { case: 'four', output: 'logits', index: [0, 1], got: '4.5', expected: '4' } },
        { verdict: 'failed' },
      ],
    });
    expect(failed.diagnosis).toMatchObject([{ cause: 'golden-answer' }]);
    const { message, hint } = rolloutFailure(failed);
    expect(message).toMatch(
      /Deployment\/apps\/mnist is Failed \(GoldenFailed\): pod mnist-\S+: case "four": logits\[0, 1\] is 4.5, expected 4 .*\(2 pods fail\); rolled back to 1.4.0/,
    );
    expect(hint).toContain('make the file anew');
    const { releases } = await readLedger({ cluster: stage.cluster, namespace: 'apps', model: 'mnist' });
    expect(releases.map(({ version, verdict, golden }) => [version, verdict, golden?.verdict])).toEqual([
      ['1.5.0', 'rolled-back', 'failed'],
      ['1.4.0', 'healthy', 'passed'],
    ]);
  });
});

it('fails a release that answers too late', () =>
  onStage({ listen: good().listen, access: mayAsk }, async stage => {
    const deployed = await release(stage, required({ latency: { p95Ms: 1e-6 }, repetitions: 2 }));
    expect(lastWord(deployed)).toMatchObject({ state: 'Failed', reason: 'GoldenTooSlow' });
    expect(deployed.diagnosis).toMatchObject([{ cause: 'golden-slow' }]);
  }));

it('ends with the time of the release', () =>
  onStage({ listen: good().listen, access: mayAsk }, async stage => {
    stage.server.faults.plant({ method: 'POST', url: /mnist\/infer/, delayMs: 100 });
    const deployed = await release(stage, { ...required({ repetitions: 200 }), timeoutMs: 60_000 });
    expect(lastWord(deployed)).toMatchObject({
      state: 'Failed',
      message: expect.stringMatching(/it answered \d+ of 201 requests before `timeout` was over/) as string,
    });
  }));

it('fails a release whose pods do not answer a request, though they say that they are ready', () => {
  const { listen } = good();
  const dies: Listen = (pod, request) => (request.method === 'POST' ? undefined : listen(pod, request));
  return onStage({ listen: dies, access: mayAsk }, async stage => {
    const deployed = await release(stage);
    expect(lastWord(deployed)).toMatchObject({
      state: 'Failed',
      reason: 'GoldenFailed',
      message: expect.stringContaining('connection refused') as string,
    });
  });
});

it('asks again where the API server has too much to do', () =>
  onStage({ listen: good().listen, access: mayAsk }, async stage => {
    stage.server.faults.plant({
      method: 'POST',
      url: /proxy\/v2\/models\/mnist\/infer/,
      times: 3,
      status: 429,
    });
    expect(await release(stage, required())).toMatchObject({
      status: 'healthy',
      golden: { verdict: 'passed' },
    });
  }));

it('asks every pod for predictions where one did not say its model', () =>
  onStage({ listen: good().listen, access: mayAsk }, async stage => {
    stage.server.faults.plant({ url: /proxy\/v2\/health\/ready/, times: 1, status: 504 });
    expect(await release(stage, required())).toMatchObject({
      status: 'healthy',
      golden: { verdict: 'passed', runs: [{ verdict: 'passed' }, { verdict: 'passed' }] },
    });
  }));

it('holds nothing against pods that are not reached at all', () =>
  onStage({ access: mayAsk }, async stage => {
    expect(await release(stage)).toMatchObject({ status: 'healthy', golden: { verdict: 'not-run' } });
    expect((await release(stage, required())).status).toBe('failed');
  }));

const INFER = { method: 'POST', url: /proxy\/v2\/models\/mnist\/infer/ };
const noPods = {
  url: /\/pods\?.*fieldSelector=metadata\.name(?:=|%3D)mnist/,
  status: 200,
  raw: {
    headers: { 'content-type': 'application/json' },
    body: '{"apiVersion":"v1","kind":"PodList","metadata":{},"items":[]}',
  },
};

it('tells of a pod that is gone meanwhile, and fails where it must ask', () =>
  onStage({ listen: good().listen, access: mayAsk }, async stage => {
    stage.server.faults.plant(noPods);
    stage.server.faults.plant({ ...INFER, times: 1, status: 404 });
    const deployed = await release(stage);
    expect(deployed).toMatchObject({ status: 'healthy', golden: { verdict: 'passed' } });
    expect(deployed.golden?.runs.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['it is gone', undefined]),
    );
    stage.server.faults.plant({ ...INFER, times: 1, status: 404 });
    const refused = await release(stage, required());
    expect(lastWord(refused)).toMatchObject({
      state: 'Failed',
      reason: 'GoldenNotRun',
      message: expect.stringMatching(/pod mnist-\S+: it is gone$/) as string,
    });
  }));

it.each([403, 404])(
  'fails a pod that answers %d as if it were the API server, after a good answer',
  status => {
    const { listen, asked } = good();
    const turns: Listen = (pod, request) => {
      const answer = listen(pod, request);
      return asked.length < 3
        ? answer
        : { status, json: { kind: 'Status', status: 'Failure', code: status } };
    };
    return onStage({ listen: turns, access: mayAsk }, async stage => {
      const one = { objects: objects('a', { replicas: 1 }) };
      expect(await release(stage, one)).toMatchObject({
        status: 'failed',
        golden: { verdict: 'failed', runs: [{ verdict: 'failed', requests: 2 }] },
      });
    });
  },
);

it.each<[string, Parameters<typeof onStage>[0], RegExp]>([
  [
    'it has no right to',
    { listen: good().listen, access: mayProxy('get') },
    /grant .* "create" on pods\/proxy in a Role of namespace "apps"/,
  ],
  [
    'it may not even ask for the model',
    { listen: good().listen },
    /grant .* "create" on pods\/proxy in a Role of namespace "apps"/,
  ],
  [
    'the server speaks another protocol',
    { listen: () => ({ status: 404, json: {} }), access: mayAsk },
    /does not know the model by this name, or speaks another protocol/,
  ],
])('says why it did not ask where %s, and fails where it must', (_name, options, why) =>
  onStage(options, async stage => {
    const deployed = await release(stage);
    expect(deployed).toMatchObject({ status: 'healthy', golden: { verdict: 'not-run' } });
    const message = expect.stringMatching(why) as string;
    expect(lastWord(deployed)).toMatchObject({ state: 'Current', reason: 'GoldenNotRun', message });
    const refused = await release(stage, required());
    expect(refused.status).toBe('failed');
    expect(lastWord(refused)).toMatchObject({ state: 'Failed', reason: 'GoldenNotRun', message });
    expect(refused.diagnosis).toMatchObject([{ cause: 'golden-not-run' }]);
  }),
);

it('tells that no pod runs, and fails where it must ask', () =>
  onStage({ listen: good().listen, access: mayAsk }, async stage => {
    const none = { objects: objects('a', { replicas: 0 }) };
    const deployed = await release(stage, none);
    expect(deployed).toMatchObject({ status: 'healthy', golden: { verdict: 'not-run' } });
    expect(lastWord(deployed)).toMatchObject({
      state: 'Current',
      reason: 'GoldenNotRun',
      message: expect.stringContaining('no pod runs the image') as string,
    });
    const refused = await release(stage, { ...none, ...required() });
    expect(rolloutFailure(refused).message).toContain('no pod runs the image');
  }));

it('must ask each workload that names the image, not only one of them', () =>
  onStage({ listen: good().listen, access: mayAsk }, async stage => {
    const [idle] = objects('a', { replicas: 0 });
    if (idle === undefined) throw new Error('there is no Deployment');
    const both = [...objects('a'), { ...idle, metadata: { name: 'idle' } }];
    const refused = await release(stage, { objects: both, ...required() });
    expect(refused.status).toBe('failed');
    expect(rolloutFailure(refused).message).toContain('Deployment/apps/idle: no pod runs the image');
  }));

it('says that nobody asked where nobody waits', () =>
  onStage({ listen: good().listen, access: mayAsk }, async stage => {
    expect(await release(stage, { wait: false })).toMatchObject({
      status: 'applied',
      golden: { verdict: 'not-run', runs: [{ reason: 'nobody waits for them (wait: false)' }] },
    });
  }));
