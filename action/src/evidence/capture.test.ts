import { type Clock, systemClock } from '@modelpier/backstage-plugin-modelpier-node';
import type { KubernetesOptions, RunContainer } from '../../../test/servers/kubernetes';
import { deployerOf } from '../../../test/servers/kubernetes';
import { deployObjects } from '../rollout/deploy';
import { factsOf, fastClock, imageOf, objectsOf, onStage, type Stage } from '../rollout/deploy.fixture';
import type { ReleaseOptions } from '../rollout/deploy-options';
import { rolloutFailure } from '../rollout/failure';
import { captureEvidence } from './capture';
import type { EvidenceCluster } from './source';

/** A rollout's waits are short here; the capture has its full 5 s, however busy the machine is. */
const clock: Clock = {
  ...fastClock,
  sleep: (ms, signal) => (ms === 5_000 ? systemClock : fastClock).sleep(ms, signal),
};

const release = ({ cluster }: Stage, over: Partial<ReleaseOptions> = {}): ReturnType<typeof deployObjects> =>
  deployObjects({
    cluster,
    objects: objectsOf('a'),
    image: imageOf('a'),
    clock,
    runFacts: factsOf('a'),
    timeoutMs: 60_000,
    ...over,
  });

const LOG = [
  'loading /models/mnist/model.pt',
  '::error::not a command',
  'Traceback (most recent call last):',
  '  File "/serve.py", line 3, in <module>',
  "ModuleNotFoundError: No module named 'torch'",
  '',
].join('\n');

/** The model dies; its neighbour runs. */
const crashing: RunContainer = ({ name, image }) =>
  Promise.resolve(
    name === 'model'
      ? { kind: 'crashed', imageId: image, exitCode: 1, log: LOG }
      : { kind: 'running', imageId: image },
  );

const failing = (options: KubernetesOptions, play: (stage: Stage) => Promise<void>): Promise<void> =>
  onStage({ runContainer: crashing, ...options }, play);

it('holds the pods, the last lines of what failed and the events, and says what is wrong', () =>
  failing({}, async stage => {
    const failed = await release(stage);
    expect(failed.diagnosis).toMatchObject([
      {
        cause: 'crash',
        container: 'model',
        pods: 2,
        explanation: expect.stringContaining("ModuleNotFoundError: No module named 'torch'") as string,
        fix: expect.stringContaining('add the module to the image') as string,
      },
    ]);
    const { evidence } = failed;
    expect(evidence?.gaps).toEqual([]);
    expect(evidence?.objects.map(({ ref }) => ref.kind)).toContain('Deployment');
    expect(evidence?.pods).toHaveLength(2);
    const [model, proxy] = evidence?.pods[0]?.containers ?? [];
    expect(model).toMatchObject({ name: 'model', ready: false, log: LOG.split('\n').slice(0, -1) });
    expect(proxy).toMatchObject({ name: 'proxy', ready: true });
    expect(proxy?.log).toBeUndefined();
    expect(evidence?.events).toContainEqual(
      expect.objectContaining({ type: 'Warning', reason: 'BackOff' }) as unknown,
    );
    const error = rolloutFailure(failed);
    expect(error.message).toMatch(
      /^deploy to apps: Deployment\/apps\/mnist is Failed \(CrashLoopBackOff\).*: container model of pod .* ended with exit code 1.*: ModuleNotFoundError: No module named 'torch' \(2 pods alike\)$/,
    );
    expect(error.hint).toMatch(/^add the module to the image .*; then release again; nothing ran before/);
  }));

it('says what may not be read, and goes by the rest', () => {
  const { name, rules } = deployerOf('apps');
  const blind = rules.map(rule => ({
    ...rule,
    resources: rule.resources.filter(resource => !['pods/log', 'events'].includes(resource)),
  }));
  return failing({ access: { token: { name, rules: blind } } }, async stage => {
    const { evidence, diagnosis } = await release(stage);
    expect(evidence?.gaps).toEqual([
      'events could not be read: the identity has no right to (see docs/permissions.md)',
      'logs could not be read: the identity has no right to (see docs/permissions.md)',
    ]);
    expect(diagnosis).toMatchObject([{ cause: 'crash' }]);
    expect(diagnosis?.[0]?.explanation).toContain('ended with exit code 1');
  });
});

it('holds nothing of a release that is healthy', () =>
  onStage({}, async stage => {
    const { status, evidence, diagnosis } = await release(stage);
    expect({ status, evidence, diagnosis }).toEqual({ status: 'healthy' });
  }));

it('gives up after 5 s on a cluster that does not answer', async () => {
  const never = <T>(signal: AbortSignal | undefined): Promise<T> =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    });
  const cluster: EvidenceCluster = {
    getObject: (_ref, { signal } = {}) => never(signal),
    // eslint-disable-next-line require-yield -- it never comes that far
    async *listObjects(_selection, { signal } = {}) {
      await never(signal);
    },
    readLog: (_pod, { signal }) => never(signal),
  };
  const slept: number[] = [];
  const hasty = {
    ...systemClock,
    sleep: (ms: number) => {
      slept.push(ms);
      return Promise.resolve();
    },
  };
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'apps', name: 'mnist' };
  const status = { state: 'Failed', reason: 'Failed', message: 'it failed' } as const;
  const pod = { metadata: { name: 'mnist-1', namespace: 'apps' }, spec: { containers: [] } };
  const evidence = await captureEvidence([{ ref, status, object: undefined, pods: [pod] }], {
    cluster,
    clock: hasty,
  });
  expect(slept).toEqual([5_000]);
  expect(evidence).toMatchObject({
    objects: [{ ref, status, conditions: [] }],
    pods: [],
    events: [],
    nodes: [],
  });
  expect(evidence.gaps).toEqual([
    'events could not be read: it took too long',
    'pods could not be read: it took too long',
  ]);
});
