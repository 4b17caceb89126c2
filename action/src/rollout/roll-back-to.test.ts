import { formatDeployed, parseLedger } from '@modelpier/backstage-plugin-modelpier-common';
import type { RunContainer } from '../../../test/servers/kubernetes';
import { deployObjects } from './deploy';
import { factsOf, fastClock, imageOf, objectsOf, onStage, type Stage } from './deploy.fixture';
import { planRollback, type RollbackOptions, rollBackTo } from './roll-back-to';

/** Several releases each, and a busy machine takes its time. */
jest.setTimeout(30_000);

const release = ({ cluster }: Stage, digit: string): ReturnType<typeof deployObjects> =>
  deployObjects({
    cluster,
    objects: objectsOf(digit),
    image: imageOf(digit),
    clock: fastClock,
    environment: 'staging',
    runFacts: { ...factsOf(digit), environment: 'staging', image: formatDeployed(imageOf(digit)) },
  });

function optionsOf({ cluster }: Stage, wanted: RollbackOptions['wanted'] = {}) {
  const targets: string[] = [];
  const onTarget = ({ version }: { readonly version: string }): Promise<void> => {
    targets.push(version);
    return Promise.resolve();
  };
  const runFacts = { model: 'mnist', actor: 'grace', runUrl: 'https://github.test/runs/9' };
  return { options: { cluster, clock: fastClock, runFacts, wanted, onTarget }, targets };
}

const told = ({ server }: Stage): readonly string[] =>
  parseLedger(server.list('v1', 'ConfigMap')[0]).releases.map(
    ({ version, verdict }) => `${version} ${verdict}`,
  );

/** Images whose digest begins with `f` cannot be pulled. */
const missing: RunContainer = ({ image }) =>
  Promise.resolve(
    image.includes('sha256:f')
      ? { kind: 'image-missing', message: `${image}: not found` }
      : { kind: 'running', imageId: image },
  );

it('goes back to the release before, by what is kept in the cluster alone', () =>
  onStage({}, async stage => {
    await release(stage, 'a');
    await release(stage, 'b');
    const { options, targets } = optionsOf(stage);
    const back = await rollBackTo(options);
    expect(targets).toEqual(['a']);
    expect(back).toMatchObject({
      status: 'healthy',
      environment: 'staging',
      image: `registry.test/acme/mnist@sha256:${'a'.repeat(64)}`,
      previousImage: `registry.test/acme/mnist@sha256:${'b'.repeat(64)}`,
      rolledBackTo: { version: 'a' },
    });
    const [deployment] = stage.server.list('apps/v1', 'Deployment');
    expect(deployment?.metadata.annotations).toMatchObject({
      'modelpier.io/version': 'a',
      'modelpier.io/commit': 'c0ffee',
      'modelpier.io/actor': 'grace',
      'modelpier.io/run-url': 'https://github.test/runs/9',
    });
    const [record, before, first] = parseLedger(stage.server.list('v1', 'ConfigMap')[0]).releases;
    expect(record).toMatchObject({
      verdict: 'healthy',
      actor: 'grace',
      rolledBackTo: { id: first?.id },
      rolledBackFrom: { id: before?.id, version: 'b' },
      manifests: first?.manifests,
    });
  }));

it('goes back further each time, and to a version where one is named', () =>
  onStage({}, async stage => {
    for (const digit of ['a', 'b', 'c']) await release(stage, digit);
    await rollBackTo(optionsOf(stage).options);
    await rollBackTo(optionsOf(stage).options);
    await rollBackTo(optionsOf(stage, { version: 'c' }).options);
    expect(told(stage).slice(0, 3)).toEqual(['c healthy', 'a healthy', 'b healthy']);
  }));

it('lists what there is where the wanted one is unknown, and changes nothing', () =>
  onStage({}, async stage => {
    await release(stage, 'a');
    const before = stage.server.faults.requests.length;
    await expect(rollBackTo(optionsOf(stage, { version: '9.9.9' }).options)).rejects.toMatchObject({
      code: 'not-found',
      message: 'roll back mnist: there is no release 9.9.9',
      hint: expect.stringMatching(/^go back to one of a of .* by ada \(healthy\)$/) as string,
    });
    const written = stage.server.faults.requests.slice(before).filter(({ method }) => method === 'PATCH');
    expect(written.every(({ url }) => url.includes('/leases/'))).toBe(true);
  }));

it('is not rolled back itself where it fails', () =>
  onStage({ runContainer: missing }, async stage => {
    await release(stage, 'a');
    await release(stage, 'b');
    const [, first] = parseLedger(stage.server.list('v1', 'ConfigMap')[0]).releases;
    stage.server.faults.plant({
      method: 'GET',
      url: new RegExp(first?.manifests?.secret ?? 'none'),
      status: 404,
    });
    await expect(rollBackTo(optionsOf(stage).options)).rejects.toThrow('there is no such Secret');
    expect(told(stage)).toEqual(['b healthy', 'a healthy']);
  }));

it('says by a dry run what it would do', () =>
  onStage({}, async stage => {
    await release(stage, 'a');
    await release(stage, 'b');
    const planned = await planRollback(optionsOf(stage).options);
    expect(planned).toMatchObject({ status: 'planned', rolledBackTo: { version: 'a' } });
    expect(told(stage)).toEqual(['b healthy', 'a healthy']);
  }));
