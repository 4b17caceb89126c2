import { createCluster } from '@modelpier/backstage-plugin-modelpier-node';
import { deployerOf } from '../../../test/servers/kubernetes';
import { fastClock, factsOf, imageOf, objectsOf, onStage } from './deploy.fixture';
import { deployObjects } from './deploy';
import { planObjects } from './plan';

it('shows the changed field of one object, and changes nothing', () =>
  onStage({}, async ({ server, cluster }) => {
    const options = { cluster, clock: fastClock, runFacts: factsOf('1.0.0') };
    await deployObjects({ ...options, image: imageOf('a'), objects: objectsOf('a') });
    const before = server.list('apps/v1', 'Deployment')[0]?.metadata;

    const { status, objects } = await planObjects({
      ...options,
      image: imageOf('b'),
      objects: objectsOf('b'),
      runFacts: factsOf('1.1.0', '2026-03-02T12:00:00Z'),
    });
    expect(status).toBe('planned');
    expect(objects).toMatchObject([
      { ref: { kind: 'Service' }, action: 'unchanged' },
      { ref: { kind: 'Deployment' }, action: 'configured' },
    ]);
    expect(objects[0]).not.toHaveProperty('diff');
    expect(objects[1]?.diff?.split('\n').filter(line => /^[-+]/.test(line))).toEqual([
      `-          image: registry.test/acme/mnist@sha256:${'a'.repeat(64)}`,
      `+          image: registry.test/acme/mnist@sha256:${'b'.repeat(64)}`,
    ]);
    expect(server.list('apps/v1', 'Deployment')[0]?.metadata).toEqual(before);
  }));

it('shows a first release as it was written', () =>
  onStage({}, async ({ server, cluster }) => {
    const plan = await planObjects({
      cluster,
      clock: fastClock,
      image: imageOf('a'),
      objects: objectsOf('a'),
    });
    expect(plan.objects.map(({ action }) => action)).toEqual(['created', 'created']);
    expect(plan.objects[1]?.diff).toContain('+  progressDeadlineSeconds: 30');
    expect(plan.objects[1]?.diff).not.toContain('revisionHistoryLimit');
    expect(server.list('apps/v1', 'Deployment')).toEqual([]);
  }));

it('needs no right but those of a dry run', () =>
  onStage(
    {
      access: {
        token: deployerOf('apps'),
        planner: {
          name: 'planner',
          rules: [
            {
              namespace: 'apps',
              resources: ['deployments.apps', 'services'],
              verbs: ['get', 'create', 'patch'],
            },
          ],
        },
      },
    },
    async ({ server, cluster }) => {
      const options = { clock: fastClock, runFacts: factsOf('1.0.0') };
      await deployObjects({ ...options, cluster, image: imageOf('a'), objects: objectsOf('a') });
      const planner = createCluster({ server: server.url, token: 'planner', namespace: 'apps' });
      const plan = await planObjects({
        ...options,
        cluster: planner,
        image: imageOf('b'),
        objects: objectsOf('b'),
      }).finally(() => planner.close());
      expect(plan.objects.map(({ action }) => action)).toEqual(['unchanged', 'configured']);
      expect(plan).not.toHaveProperty('previousImage');
    },
  ));
