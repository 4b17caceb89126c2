import { parseDeployment, type RolloutEvent } from '@modelpier/backstage-plugin-modelpier-common';
import type { RunContainer } from '../../../test/servers/kubernetes';
import { factsOf, onStage, release, type Stage } from './deploy.fixture';
import { rolloutFailure } from './failure';

const liveDeployment = ({ server }: Stage): ReturnType<typeof parseDeployment> =>
  parseDeployment(server.list('apps/v1', 'Deployment')[0]);
const replicaSets = ({ server }: Stage): number => server.list('apps/v1', 'ReplicaSet').length;
/** Of the release itself, without what is kept about it. */
const patches = ({ server }: Stage): readonly string[] =>
  server.faults.requests
    .filter(({ method, url }) => method === 'PATCH' && !/dryRun|\/modelpier-/.test(url))
    .map(({ url }) => url.split('?')[0] ?? '');

/** Images whose digest begins with `f` are not in the registry. */
const missing: RunContainer = ({ image }) =>
  Promise.resolve(
    image.includes('sha256:f')
      ? { kind: 'image-missing', message: `${image}: not found` }
      : { kind: 'running', imageId: image },
  );

it('applies a first release in waves, waits for its pods and reports what runs', () =>
  onStage({}, async stage => {
    const seen: RolloutEvent[] = [];
    const deployed = await release(stage, 'a', {
      environment: 'staging',
      onEvent: event => seen.push(event),
    });
    expect(deployed).toMatchObject({
      status: 'healthy',
      namespace: 'apps',
      environment: 'staging',
      image: `registry.test/acme/mnist@sha256:${'a'.repeat(64)}`,
      replicas: { ready: 2, desired: 2 },
      objects: [
        { ref: { kind: 'Service', namespace: 'apps' }, action: 'created', status: { state: 'Current' } },
        { ref: { kind: 'Deployment', namespace: 'apps' }, action: 'created', status: { state: 'Current' } },
      ],
    });
    expect(deployed.previousImage).toBeUndefined();
    expect(deployed.timeline).toEqual(seen);
    expect(seen.map(({ status }) => status.message)).toContain('2 pods ready');
    expect(patches(stage)).toEqual([
      '/api/v1/namespaces/apps/services/mnist',
      '/apis/apps/v1/namespaces/apps/deployments/mnist',
    ]);
  }));

it('stamps the facts of the run on the workload that runs the image, never on its pods', () =>
  onStage({}, async stage => {
    await release(stage, 'a');
    const { metadata, spec } = liveDeployment(stage);
    expect(metadata.annotations).toMatchObject({
      'modelpier.io/version': 'a',
      'modelpier.io/commit': 'c0ffee',
      'modelpier.io/deployed-at': '2026-03-01T12:00:00Z',
    });
    expect(metadata.labels).toMatchObject({
      'app.kubernetes.io/managed-by': 'modelpier',
      'modelpier.io/model': 'mnist',
    });
    expect(spec.template.metadata).toEqual({ labels: { app: 'mnist' } });
    expect(stage.server.list('v1', 'Service')[0]?.metadata.annotations).toBeUndefined();
  }));

it('leaves the cluster alone where a later run brings nothing new', () =>
  onStage({}, async stage => {
    await release(stage, 'a');
    const before = patches(stage).length;
    const again = await release(stage, 'a', { runFacts: factsOf('a', '2027-01-01T00:00:00Z') });
    expect(again).toMatchObject({
      status: 'unchanged',
      previousImage: `registry.test/acme/mnist@sha256:${'a'.repeat(64)}`,
      objects: [{ action: 'unchanged' }, { action: 'unchanged' }],
    });
    expect(patches(stage)).toHaveLength(before);
    expect(liveDeployment(stage).metadata.annotations?.['modelpier.io/deployed-at']).toBe(
      '2026-03-01T12:00:00Z',
    );
  }));

it('writes a new version of the same image on the workload, and rolls nothing', () =>
  onStage({}, async stage => {
    await release(stage, 'a');
    const promoted = await release(stage, 'a', { runFacts: factsOf('1.4.0') });
    expect(promoted.status).toBe('unchanged');
    expect(liveDeployment(stage).metadata.annotations?.['modelpier.io/version']).toBe('1.4.0');
    expect(replicaSets(stage)).toBe(1);
  }));

it('fails at once for an image that is not there, with evidence, while the old pods serve', () =>
  onStage({ runContainer: missing }, async stage => {
    await release(stage, 'a');
    const failed = await release(stage, 'f');
    expect(failed).toMatchObject({
      status: 'failed',
      previousImage: `registry.test/acme/mnist@sha256:${'a'.repeat(64)}`,
      replicas: { ready: 2, desired: 2 },
    });
    const evidence = failed.timeline.filter(({ object }) => object.kind === 'Pod');
    expect(evidence[0]?.status).toMatchObject({ state: 'Failed', reason: 'ErrImagePull' });
    expect(evidence[0]?.status.message).toMatch(/not found; .*; event Failed: /);
    const error = rolloutFailure(failed);
    expect(error.code).toBe('unhealthy');
    expect(error.message).toMatch(
      /^deploy to apps: Deployment\/apps\/mnist is Failed \(ErrImagePull\): container model of pod/,
    );
    expect(error.hint).toMatch(/the pods of registry\.test\/acme\/mnist@sha256:a+ go on serving/);
  }));

it('names what still serves as the previous image, not the failed release before', () =>
  onStage({ runContainer: missing }, async stage => {
    await release(stage, 'a');
    await release(stage, 'f');
    const mended = await release(stage, 'b');
    expect(mended).toMatchObject({
      status: 'healthy',
      previousImage: `registry.test/acme/mnist@sha256:${'a'.repeat(64)}`,
    });
  }));

it('fails a crash loop with the last words of the server', () =>
  onStage(
    {
      runContainer: ({ image }) =>
        Promise.resolve({ kind: 'crashed', imageId: image, exitCode: 1, message: 'no weights' }),
    },
    async stage => {
      const failed = await release(stage, 'a', { timeoutMs: 120_000 });
      expect(failed.objects.at(-1)?.status).toMatchObject({ state: 'Failed', reason: 'CrashLoopBackOff' });
      expect(failed.objects.at(-1)?.status.message).toMatch(/exit code 1: no weights/);
      expect(rolloutFailure(failed).hint).toMatch(/nothing ran before/);
    },
  ));

it('ends at the timeout with the last status of every object', () =>
  onStage(
    {
      runContainer: ({ image }) => Promise.resolve({ kind: 'running', imageId: image, readyAfterMs: false }),
    },
    async stage => {
      const late = await release(stage, 'a', { timeoutMs: 20_000 });
      expect(late.status).toBe('failed');
      const error = rolloutFailure(late);
      expect(error.code).toBe('timeout');
      expect(error.message).toMatch(
        /not healthy in time: Deployment\/apps\/mnist is InProgress .*not ready$/,
      );
    },
  ));

it('is not satisfied by ready pods of another digest', () =>
  onStage(
    {
      runContainer: ({ image }) =>
        Promise.resolve({ kind: 'running', imageId: image.replace(/a{64}$/, 'b'.repeat(64)) }),
    },
    async stage => {
      const late = await release(stage, 'a', { timeoutMs: 30_000 });
      expect(late).toMatchObject({ status: 'failed', replicas: { ready: 2, desired: 2 } });
      expect(late.objects.at(-1)?.status.reason).toBe('WrongImage');
    },
  ));

it('goes on where watches are cut and their history is gone', () =>
  onStage({ timings: { readyMs: 400 } }, async stage => {
    const deployed = release(stage, 'a');
    const cuts = setInterval(() => {
      stage.server.faults.cutWatches();
      stage.server.faults.expireHistory();
    }, 100);
    setTimeout(() => clearInterval(cuts), 500);
    expect((await deployed).status).toBe('healthy');
  }));

it('ends every watch when it is done', () =>
  onStage({}, async stage => {
    await release(stage, 'a');
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(stage.server.faults.openWatches).toBe(0);
  }));

it('applies and ends where nobody waits, without a verdict', () =>
  onStage({ runContainer: missing }, async stage => {
    const applied = await release(stage, 'f', { wait: false });
    expect(applied).toMatchObject({
      status: 'applied',
      timeline: [],
      objects: [
        { ref: { kind: 'Service' }, action: 'created', status: { state: 'Unknown', reason: 'NotAwaited' } },
        { ref: { kind: 'Deployment' }, action: 'created' },
      ],
    });
    expect(applied.replicas).toBeUndefined();
    expect(liveDeployment(stage).metadata.name).toBe('mnist');
  }));

it('stops when cancelled and says how far it came', () =>
  onStage(
    {
      runContainer: ({ image }) => Promise.resolve({ kind: 'running', imageId: image, readyAfterMs: false }),
    },
    async stage => {
      const abort = new AbortController();
      const onEvent = ({ object }: RolloutEvent): void => {
        if (object.kind === 'Deployment') abort.abort();
      };
      await expect(release(stage, 'a', { signal: abort.signal, onEvent })).rejects.toMatchObject({
        code: 'cancelled',
        message: expect.stringMatching(
          /^wait for the rollout: cancelled; Deployment\/apps\/mnist: /,
        ) as string,
      });
    },
  ));
