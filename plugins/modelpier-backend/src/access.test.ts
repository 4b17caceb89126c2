import {
  type Descriptor,
  IMAGE_VERSION,
  modelAnswer,
  modelsPage,
  parseWith,
  problem,
  refreshAnswer,
  type Repository,
  reuseAnswer,
  routes,
  versionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import {
  type Answer,
  modelEntity,
  type Portal,
  type PortalOptions,
  startPortal,
  STRANGER,
} from '../../../test/portal/portal';
import { layerBytes, pinned, pushSample, sampleDeployment } from '../../../test/portal/release';
import { startWorld, type World } from '../../../test/portal/world';
import { openDatabase } from '../../../test/portal/database';
import { writeModels } from './store/model-store';

const mnist = { kind: 'component', namespace: 'default', name: 'mnist' };
const everyModelRoute = [
  routes.model(mnist),
  routes.versions(mnist),
  routes.version(mnist, `sha256:${'0'.repeat(64)}`),
  routes.diff(mnist, `sha256:${'0'.repeat(64)}`, `sha256:${'1'.repeat(64)}`),
  routes.releases(mnist),
  routes.history(mnist),
  routes.deployments(mnist),
  routes.allocation(mnist),
  routes.reuse(mnist),
];
const everyFleetRoute = [
  routes.models,
  routes.fleetAllocation,
  routes.fleetReuse,
  routes.orphans,
  routes.sources,
];

let world: World;
let repository: Repository;
let image: Descriptor;
let portal: Portal | undefined;
let knex: Knex | undefined;

beforeAll(async () => {
  world = await startWorld();
  repository = { registry: world.registry.host, path: 'acme/mnist' };
  const layers = [{ bytes: layerBytes('base', 1000) }];
  image = await pushSample(
    world.client,
    repository,
    { layers, annotations: { [IMAGE_VERSION]: '1.0.0' } },
    'v1',
  );
  world.cluster.create(
    sampleDeployment({ name: 'mnist', model: 'mnist', image: pinned(repository, image.digest) }),
  );
  await world.settled();
});
afterEach(async () => {
  await portal?.stop();
  portal = undefined;
  await knex?.destroy();
  knex = undefined;
});
afterAll(() => world.close());

const optionsOf = (written = `${repository.registry}/${repository.path}`): PortalOptions => ({
  entities: [modelEntity('mnist', written)],
  config: {
    registries: [{ host: world.registry.host }],
    clusters: [{ name: 'test', url: world.cluster.url }],
  },
});
const start = async (denied: readonly string[] = [], written?: string) => {
  portal = await startPortal({ ...optionsOf(written), denied });
  return portal;
};
const asked = () => world.registry.requests.length + world.cluster.faults.requests.length;

it('answers 403 where the permission is denied, and asks nothing upstream', async () => {
  const { send } = await start([
    'modelpier.version.read',
    'modelpier.deployment.read',
    'modelpier.allocation.read',
    'modelpier.fleet.read',
    'modelpier.refresh',
  ]);
  const before = asked();
  for (const route of [...everyModelRoute, ...everyFleetRoute]) {
    const { status, type, body } = await send(route);
    expect({ route, status, type }).toEqual({ route, status: 403, type: 'application/problem+json' });
    expect(parseWith(problem, body, 'problem').detail).toMatch(/^modelpier\.[a-z.]+ is denied/);
  }
  expect((await send(routes.refresh(mnist), 'post')).status).toBe(403);
  expect(asked()).toBe(before);
});

it('answers 404 for a model that the caller does not see in the catalog, and leaves it out of lists', async () => {
  const { send } = await start();
  for (const route of everyModelRoute) expect((await send(route, 'get', STRANGER)).status).toBe(404);
  expect((await send(routes.refresh(mnist), 'post', STRANGER)).status).toBe(404);
  const { body } = await send(routes.models, 'get', STRANGER);
  expect(parseWith(modelsPage, body, 'models')).toMatchObject({ items: [], total: 0 });
});

it('answers the same for a hidden model and for one that does not exist', async () => {
  const { send } = await start();
  const hidden = parseWith(problem, (await send(routes.model(mnist), 'get', STRANGER)).body, 'problem');
  const missing = await send(routes.model({ ...mnist, name: 'nothing' }));
  expect(missing.status).toBe(404);
  expect(parseWith(problem, missing.body, 'problem').title).toBe(hidden.title);
  expect(hidden.hint).toContain('spec.type is ml-model');
});

it('tells where a version runs only to those who may see deployments', async () => {
  const { read } = await start(['modelpier.deployment.read']);
  const { items } = await read(routes.versions(mnist), versionsPage);
  expect(items.map(({ deployedIn }) => deployedIn)).toEqual([[]]);
  const { model } = await read(routes.model(mnist), modelAnswer);
  expect(model.newest?.version).toBe('1.0.0');
  expect(model.deployments).toEqual([]);
});

it.each(['modelpier.deployment.read', 'modelpier.deployment.read component:default/other'])(
  'lists workloads that no model claims to nobody who lacks %s',
  async denied => {
    const { send } = await start([denied]);
    const { status, body } = await send(routes.orphans);
    expect(status).toBe(403);
    expect(parseWith(problem, body, 'problem').detail).toContain('modelpier.deployment.read is denied');
    expect((await send(routes.sources)).status).toBe(200);
  },
);

it('lists a model without its versions to those who may not see them', async () => {
  const { read } = await start(['modelpier.version.read']);
  const { items } = await read(routes.models, modelsPage);
  expect(items).toMatchObject([
    { entity: mnist, versions: 0, newest: null, deployments: [{ version: '1.0.0' }] },
  ]);
});

it('never asks a registry that the configuration does not name, and says so', async () => {
  const { read } = await start(
    [],
    `${world.cluster.url.replace('http://', '')}/acme/mnist, ghcr.io/Bad Name`,
  );
  const before = world.registry.requests.length;
  const toCluster = world.cluster.faults.requests.filter(({ url }) => url.startsWith('/v2'));
  expect(toCluster).toEqual([]);
  expect(world.registry.requests.length).toBe(before);
  const { model } = await read(routes.model(mnist), modelAnswer);
  expect(model.repositories).toEqual([]);
  expect(model.problems).toHaveLength(2);
  expect(model.problems?.[0]).toContain('the portal does not know the registry 127.0.0.1:');
  expect(model.problems?.[1]).toContain('is not a repository path');
});

it('starts a refresh once, however many ask for it', async () => {
  portal = await startPortal({ ...optionsOf(), isCollected: false });
  const { collect, send } = portal;
  await collect();
  const before = asked();
  const answers = await Promise.all([1, 2, 3].map(() => send(routes.refresh(mnist), 'post')));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  const [{ body }] = answers as [Answer];
  // All was read a moment ago.
  expect(parseWith(refreshAnswer, body, 'refresh')).toMatchObject({ started: [], sources: [{}, {}] });
  expect(asked()).toBe(before);
});

it('takes in a model that was registered since the last collection when its refresh is asked for', async () => {
  portal = await startPortal({ ...optionsOf(), isCollected: false });
  expect((await portal.send(routes.model(mnist))).status).toBe(404);
  const { status, body } = await portal.send(routes.refresh(mnist), 'post');
  expect(status).toBe(202);
  expect(parseWith(refreshAnswer, body, 'refresh').started).toHaveLength(2);
  const { items } = await portal.read(routes.versions(mnist), versionsPage);
  expect(items.map(({ version }) => version)).toEqual(['1.0.0']);
});

it('does not know a model that was missing from the catalog, until its refresh is asked for', async () => {
  knex = await openDatabase();
  portal = await startPortal({ ...optionsOf(), knex });
  await writeModels(knex, [], Date.now());
  const missing = await portal.send(routes.model(mnist));
  expect(missing.status).toBe(404);
  expect(parseWith(problem, missing.body, 'problem').hint).toContain('after the next collection');
  expect((await portal.send(routes.refresh(mnist), 'post')).status).toBe(202);
  const { model } = await portal.read(routes.model(mnist), modelAnswer);
  expect(model.newest?.version).toBe('1.0.0');
});

it('takes in no entity that is not a model', async () => {
  const service = modelEntity('service', `${repository.registry}/${repository.path}`);
  const entities = [{ ...service, spec: { ...service.spec, type: 'service' } }];
  portal = await startPortal({ ...optionsOf(), entities });
  const refresh = routes.refresh({ ...mnist, name: 'service' });
  expect((await portal.send(refresh, 'post')).status).toBe(404);
});

it.each(['%2e', '%2e%2e'])('refuses the path segment %s, which names no entity', async segment => {
  const { send } = await start();
  const { status, type } = await send(`/v1/models/default/component/${segment}/refresh`, 'post');
  expect({ status, type }).toEqual({ status: 400, type: 'application/problem+json' });
});

it('knows no reuse of a model of which nothing was read', async () => {
  const { read } = await start([], `${repository.registry}/acme/absent`);
  const { releases, fleet } = await read(routes.reuse(mnist), reuseAnswer);
  expect(releases).toEqual([]);
  expect(fleet).toMatchObject({ totalBytes: 0, ratio: null, reason: 'unknown' });
});

it('asks for a sign-in', async () => {
  const { anonymous } = await start();
  expect((await anonymous(routes.models)).status).toBe(401);
});
