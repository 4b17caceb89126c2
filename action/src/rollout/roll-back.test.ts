import { type Ledger, parseLedger } from '@modelpier/backstage-plugin-modelpier-common';
import type { RunContainer } from '../../../test/servers/kubernetes';
import { objectsOf, onStage, release as releaseOnce, type Stage } from './deploy.fixture';
import type { ReleaseOptions } from './deploy-options';
import { rolloutFailure } from './failure';

/** Several releases each, and a busy machine takes its time. */
jest.setTimeout(30_000);

const release: typeof releaseOnce = (stage, digit, over) =>
  releaseOnce(stage, digit, { rollback: 'on-failure', ...over });

const ledgerOf = ({ server }: Stage): Ledger => parseLedger(server.list('v1', 'ConfigMap')[0]);
const told = (stage: Stage): readonly string[] =>
  ledgerOf(stage).releases.map(({ version, verdict }) => `${version} ${verdict}`);
const running = ({ server }: Stage): string | undefined => {
  const [deployment] = server.list('apps/v1', 'Deployment');
  return deployment?.metadata.annotations?.['modelpier.io/version'];
};

/** Images whose digest begins with `f`, `e` or `d` are not in the registry. */
const missing: RunContainer = ({ image }) =>
  Promise.resolve(
    /sha256:[def]/.test(image)
      ? { kind: 'image-missing', message: `${image}: not found` }
      : { kind: 'running', imageId: image },
  );

it('tells the ledger of each release, with the facts of its run and its verdict', () =>
  onStage({}, async stage => {
    await release(stage, 'a', { environment: 'staging' });
    await release(stage, 'a');
    await release(stage, 'b', { wait: false });
    expect(told(stage)).toEqual(['b applied', 'a unchanged', 'a healthy']);
    expect(ledgerOf(stage).releases[2]).toMatchObject({
      image: `registry.test/acme/mnist@sha256:${'a'.repeat(64)}`,
      environment: 'staging',
      commit: 'c0ffee',
      actor: 'ada',
      manifests: { secret: 'modelpier-release-mnist-0' },
    });
    expect(stage.server.list('v1', 'ConfigMap')[0]?.metadata).toMatchObject({
      name: 'modelpier-ledger-mnist',
      labels: {
        'app.kubernetes.io/managed-by': 'modelpier',
        'modelpier.io/model': 'mnist',
        'modelpier.io/ledger': 'v1',
      },
    });
    // What changed nothing shares its manifests.
    expect(stage.server.list('v1', 'Secret').map(({ metadata }) => metadata.name)).toEqual([
      'modelpier-release-mnist-0',
      'modelpier-release-mnist-1',
    ]);
  }));

it('rolls a failed release back to the last healthy one, not to the one before', () =>
  onStage({ runContainer: missing }, async stage => {
    await release(stage, 'a');
    await release(stage, 'd', { rollback: 'never' });
    const failed = await release(stage, 'f');
    expect(failed).toMatchObject({
      status: 'rolled-back',
      image: `registry.test/acme/mnist@sha256:${'f'.repeat(64)}`,
      objects: [{ ref: { kind: 'Service' } }, { status: { state: 'Failed', reason: 'ErrImagePull' } }],
      rollback: {
        to: { version: 'a' },
        outcome: 'healthy',
        objects: [{ ref: { kind: 'Service' } }, { status: { state: 'Current', message: '2 pods ready' } }],
        left: [],
      },
    });
    expect(running(stage)).toBe('a');
    expect(told(stage)).toEqual(['f rolled-back', 'd failed', 'a healthy']);
    const [record] = ledgerOf(stage).releases;
    expect(record?.rolledBackTo?.version).toBe('a');
    expect(record?.reason).toMatch(
      /^deploy to apps: .*the registry does not have it; rolled back to a, which is healthy$/,
    );
    expect(record?.diagnosis).toMatch(/ has no image: .*; check the name and the tag in /);
    expect(rolloutFailure(failed).hint).toMatch(/^check the name .*; then release again$/);
  }));

it('leaves a failed release as it is where no rollback is wanted', () =>
  onStage({ runContainer: missing }, async stage => {
    await release(stage, 'a');
    const failed = await release(stage, 'f', { rollback: 'never' });
    expect(failed.status).toBe('failed');
    expect(failed.rollback).toBeUndefined();
    expect(running(stage)).toBe('f');
    expect(told(stage)).toEqual(['f failed', 'a healthy']);
  }));

it('says that there is nothing to go back to on a first release', () =>
  onStage({ runContainer: missing }, async stage => {
    const failed = await release(stage, 'f');
    expect(failed).toMatchObject({ status: 'failed', notRolledBack: 'no release before it was healthy' });
    expect(rolloutFailure(failed).message).toMatch(
      /; nothing to roll back to: no release before it was healthy$/,
    );
    expect(running(stage)).toBe('f');
  }));

it('rolls back once, and tells plainly where that fails too', () =>
  onStage({ runContainer: missing }, async stage => {
    await release(stage, 'a');
    stage.server.faults.plant({
      method: 'GET',
      url: /secrets\/modelpier-release-mnist-0/,
      times: 1,
      status: 404,
    });
    const failed = await release(stage, 'f');
    expect(failed).toMatchObject({
      status: 'failed',
      rollback: {
        to: { version: 'a' },
        outcome: 'failed',
        reason: expect.stringContaining('no such Secret') as string,
      },
    });
    const error = rolloutFailure(failed);
    expect(error.message).toMatch(/; THE ROLLBACK to a FAILED TOO: read the manifests in Secret/);
    expect(error.hint).toMatch(/neither release is proven to serve/);
    expect(told(stage)).toEqual(['f rollback-failed', 'a healthy']);
  }));

it('names what the failed release brought and the one before does not have', () =>
  onStage({ runContainer: missing }, async stage => {
    await release(stage, 'a');
    const extra = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'new-settings' }, data: {} };
    const failed = await release(stage, 'f', { objects: [extra, ...objectsOf('f')] });
    expect(failed.rollback?.left).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps', name: 'new-settings' },
    ]);
    expect(rolloutFailure(failed).hint).toMatch(
      /delete it where it is not needed: ConfigMap\/apps\/new-settings$/,
    );
  }));

it('rolls back what an apply that ended in the middle had begun', () =>
  onStage({}, async stage => {
    await release(stage, 'a');
    stage.server.faults.plant({
      method: 'PATCH',
      url: /deployments\/mnist\?(?!.*dryRun)/,
      times: 1,
      status: 403,
      message: 'denied by a webhook',
    });
    await expect(release(stage, 'b')).rejects.toMatchObject({
      message: expect.stringMatching(/denied by a webhook.*; rolled back to a, which is healthy$/) as string,
      deployment: {
        status: 'rolled-back',
        image: `registry.test/acme/mnist@sha256:${'b'.repeat(64)}`,
        objects: [{ ref: { kind: 'Service' }, action: 'unchanged', status: { state: 'Unknown' } }],
        rollback: { to: { version: 'a' }, outcome: 'healthy' },
      },
    });
    expect(told(stage)).toEqual(['b rolled-back', 'a healthy']);
    expect(running(stage)).toBe('a');
  }));

it('reports everything as applied where the watch ends in an error, and the way back', () =>
  onStage({}, async stage => {
    await release(stage, 'a');
    const broken = new Error('the watch broke');
    let isBroken = false;
    const cluster: ReleaseOptions['cluster'] = {
      ...stage.cluster,
      watchObjects(...given) {
        if (isBroken) return stage.cluster.watchObjects(...given);
        isBroken = true;
        throw broken;
      },
    };
    const failed = release(stage, 'b', { cluster });
    await expect(failed).rejects.toMatchObject({
      cause: broken,
      deployment: {
        status: 'rolled-back',
        objects: [{ ref: { kind: 'Service' } }, { ref: { kind: 'Deployment' }, action: 'configured' }],
        rollback: { to: { version: 'a' }, outcome: 'healthy' },
      },
    });
  }));

it('begins nothing over a ledger that cannot be read', () =>
  onStage({}, async stage => {
    stage.server.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'modelpier-ledger-mnist', namespace: 'apps' },
      data: { 'releases.json': '{' },
    });
    await expect(release(stage, 'a')).rejects.toMatchObject({
      message: expect.stringContaining('releases.json is not JSON') as string,
      hint: expect.stringContaining(
        'kubectl delete configmap modelpier-ledger-mnist --namespace apps',
      ) as string,
    });
    expect(stage.server.list('apps/v1', 'Deployment')).toEqual([]);
  }));

it('tells a cancelled release as cancelled, and gives the lease back', () =>
  onStage(
    {
      runContainer: ({ image }) => Promise.resolve({ kind: 'running', imageId: image, readyAfterMs: false }),
    },
    async stage => {
      const abort = new AbortController();
      const onEvent = (): void => abort.abort(new Error('cancelled by SIGTERM'));
      await expect(release(stage, 'a', { signal: abort.signal, onEvent })).rejects.toMatchObject({
        code: 'cancelled',
      });
      expect(ledgerOf(stage).releases).toMatchObject([
        { verdict: 'cancelled', reason: 'cancelled by SIGTERM' },
      ]);
      const [lease] = stage.server.list('coordination.k8s.io/v1', 'Lease');
      expect(lease?.spec).toMatchObject({ holderIdentity: '' });
    },
  ));

it('warns where the end cannot be told, and calls the release interrupted when the next one begins', () =>
  onStage({}, async stage => {
    const warnings: string[] = [];
    const onWarning = (warning: string): void => void warnings.push(warning);
    const { faults } = stage.server;
    await release(stage, 'a');
    const untold = await release(stage, 'b', {
      onWarning,
      // By the first event the release is recorded.
      onEvent: () => faults.plant({ method: 'PATCH', url: /configmaps/, status: 403 }),
    });
    expect(untold.status).toBe('healthy');
    expect(warnings).toEqual([expect.stringContaining('could not be told that the release is healthy')]);
    faults.clear();
    await release(stage, 'c', { onWarning });
    expect(told(stage)).toEqual(['c healthy', 'b interrupted', 'a healthy']);
    expect(warnings[1]).toMatch(/^the run of b of .* by ada \(in progress\) ended without a verdict$/);
  }));

/** Requests of a second release: the lease, the preview, the ledger, the manifests, the apply and the wait. */
const MOMENTS = Array.from({ length: 12 }, (_, index) => index * 3 + 1);

it.each(MOMENTS)('leaves a ledger that the next run reads, where it is cancelled at request %i', moment =>
  onStage({ runContainer: missing }, async stage => {
    await release(stage, 'a');
    const { requests } = stage.server.faults;
    const stop = new AbortController();
    const push = requests.push.bind(requests);
    let left = moment;
    requests.push = (...made) => {
      left -= 1;
      if (left === 0) stop.abort(new Error('cancelled by SIGTERM'));
      return push(...made);
    };
    const outcome = await release(stage, 'f', { signal: stop.signal }).then(
      ({ status }) => status,
      () => 'cancelled',
    );
    const { releases } = ledgerOf(stage);
    expect(releases.filter(({ verdict }) => verdict === 'in-progress')).toEqual([]);
    expect(['cancelled', 'rolled-back']).toContain(outcome);
    const next = await release(stage, 'b', { timeoutMs: 60_000 });
    expect(next.status).toBe('healthy');
    expect(told(stage)[0]).toBe('b healthy');
    expect(told(stage).at(-1)).toBe('a healthy');
  }),
);
