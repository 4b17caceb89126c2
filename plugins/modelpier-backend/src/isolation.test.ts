import {
  allocationAnswer,
  deploymentsAnswer,
  IMAGE_VERSION,
  OCI_CONFIG,
  type Repository,
  routes,
  type Source,
  sourcesAnswer,
  versionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import { modelEntity, type Portal, startPortal } from '../../../test/portal/portal';
import { layerBytes, pinned, pushSample, sampleDeployment } from '../../../test/portal/release';
import { blobOf, jsonBytes, manifestOf } from '../../../test/servers/registry/samples';
import { startWorld, type World } from '../../../test/portal/world';

const mnist = { kind: 'component', namespace: 'default', name: 'mnist' };
/** Nothing listens there. */
const DEAD = '127.0.0.1:9';

let world: World;
let portal: Portal;
let repository: Repository;

beforeAll(async () => {
  world = await startWorld();
  const { registry, cluster, client } = world;
  repository = { registry: registry.host, path: 'acme/mnist' };
  const image = await pushSample(
    client,
    repository,
    { layers: [{ bytes: layerBytes('base', 1000) }], annotations: { [IMAGE_VERSION]: '1.0.0' } },
    'v1',
  );
  cluster.create(
    sampleDeployment({ name: 'mnist', model: 'mnist', image: pinned(repository, image.digest) }),
  );
  await world.settled();
  portal = await startPortal({
    entities: [modelEntity('mnist', `${registry.host}/acme/mnist`)],
    config: { registries: [{ host: registry.host }], clusters: [{ name: 'alive', url: cluster.url }] },
  });
});
afterAll(async () => {
  await portal.stop();
  await world.close();
});

const stateOf = (sources: readonly Source[]) =>
  Object.fromEntries(sources.map(({ id, state }) => [id, state]));

it('serves what it has of the living sources, and names the dead ones', async () => {
  const { registry, cluster } = world;
  const written = ['acme/mnist', 'acme/absent'].map(path => `${registry.host}/${path}`);
  const half = await startPortal({
    entities: [modelEntity('mnist', [...written, `${DEAD}/acme/mnist`].join(', '))],
    config: {
      registries: [{ host: registry.host }, { host: DEAD }],
      clusters: [
        { name: 'alive', url: cluster.url },
        { name: 'dead', url: `http://${DEAD}` },
      ],
    },
  });
  const { items, sources } = await half.read(routes.deployments(mnist), deploymentsAnswer);
  const versions = await half.read(routes.versions(mnist), versionsPage);
  const all = await half.read(routes.sources, sourcesAnswer);
  await half.stop();

  expect(items).toMatchObject([{ cluster: 'alive', version: '1.0.0' }]);
  expect(stateOf(sources)).toMatchObject({
    'cluster:alive': 'ok',
    'cluster:dead': 'unreachable',
    [`registry:${DEAD}`]: 'unreachable',
  });
  const dead = sources.find(({ id }) => id === 'cluster:dead');
  expect(dead).toMatchObject({ observedAt: null });
  expect(dead?.message).toContain(DEAD);

  // One repository that is not there is told to its model, not to everybody else of the registry.
  expect(versions.items).toMatchObject([{ version: '1.0.0' }]);
  const own = versions.sources.find(({ name }) => name === registry.host);
  expect(own?.state).toBe('error');
  expect(own?.message).toContain('acme/absent');
  const shared = all.items.find(({ name }) => name === registry.host);
  expect(shared).toMatchObject({ state: 'ok', message: '1 of 2 repositories could not be read' });
  // Nor where none of it answers.
  const silent = all.items.find(({ id }) => id === `registry:${DEAD}`);
  expect(silent?.message).toContain(`1 of 1 repositories could not be read: GET ${DEAD}/`);
  expect(JSON.stringify([shared, silent])).not.toContain('acme');
}, 30_000);

it('keeps the last good picture of a cluster that fails, and says since when', async () => {
  const before = await portal.read(routes.deployments(mnist), deploymentsAnswer);
  world.cluster.faults.plant({ url: /\/api\/v1\/pods/, status: 403, message: 'pods is forbidden' });
  await portal.collect();
  const after = await portal.read(routes.deployments(mnist), deploymentsAnswer);
  world.cluster.faults.clear();
  expect(after.items).toEqual(before.items);
  const alive = after.sources.find(({ id }) => id === 'cluster:alive');
  expect(alive).toMatchObject({
    state: 'forbidden',
    observedAt: before.sources.find(({ id }) => id === 'cluster:alive')?.observedAt,
  });
});

it('says that nodes are forbidden instead of computing with none', async () => {
  world.cluster.faults.plant({ url: /\/api\/v1\/nodes/, status: 403, message: 'nodes is forbidden' });
  await portal.collect();
  world.cluster.faults.clear();
  const { scopes, sources } = await portal.read(routes.allocation(mnist), allocationAnswer);
  expect(stateOf(sources)['cluster:alive']).toBe('ok');
  expect(scopes[0]).toMatchObject({ nodes: null });
  expect(scopes[0]?.resources[0]).toMatchObject({
    total: null,
    fairShare: null,
    reason: 'forbidden',
    used: null,
  });
}, 30_000);

it('skips a version it cannot read, and says which', async () => {
  const config = blobOf(jsonBytes({ os: 'linux' }), OCI_CONFIG);
  await world.client.uploadBlob(repository, config);
  await world.client.putManifest(repository, 'broken', manifestOf(config.descriptor, []));
  await portal.collect();
  const { items, sources } = await portal.read(routes.versions(mnist), versionsPage);
  expect(items.map(({ tags }) => tags)).toEqual([['v1']]);
  expect(sources[0]).toMatchObject({ state: 'ok' });
  expect(sources[0]?.message).toMatch(/^1 version could not be read, such as config of .*rootfs/);
});

it('drops a tag and its version once the registry has neither', async () => {
  const { digest } = await pushSample(
    world.client,
    repository,
    { layers: [{ bytes: layerBytes('short-lived', 10) }] },
    'v2',
  );
  await portal.collect();
  expect((await portal.read(routes.versions(mnist), versionsPage)).total).toBe(2);
  await fetch(`${world.registry.url}/v2/acme/mnist/manifests/${digest}`, { method: 'DELETE' });
  // The first collection misses the tag, the next one looks for the version that lost it.
  await portal.collect();
  await portal.collect();
  expect((await portal.read(routes.versions(mnist), versionsPage)).items.map(({ tags }) => tags)).toEqual([
    ['v1'],
  ]);
});
