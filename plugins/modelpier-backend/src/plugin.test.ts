import {
  allocationAnswer,
  type Descriptor,
  deploymentsAnswer,
  fleetAllocation,
  fleetReuse,
  IMAGE_METRICS,
  IMAGE_VERSION,
  LAYER_FILES,
  LAYER_KIND,
  modelAnswer,
  modelsPage,
  orphansPage,
  type Repository,
  reuseAnswer,
  routes,
  sourcesAnswer,
  versionDetail,
  versionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import Ajv from 'ajv/dist/2020';
import { modelEntity, type Portal, startPortal } from '../../../test/portal/portal';
import { layerBytes, pinned, pushIndex, pushSample, sampleDeployment } from '../../../test/portal/release';
import { startWorld, type World } from '../../../test/portal/world';
import { openApiDocument } from './schema/openapi';

const mnist = { kind: 'component', namespace: 'default', name: 'mnist' };
const base = { bytes: layerBytes('base', 4000) };
const layer = (kind: string, version: string, sizeBytes: number) => ({
  bytes: layerBytes(`${kind} ${version}`, sizeBytes),
  annotations: { [LAYER_KIND]: kind, [LAYER_FILES]: `["${kind}.bin"]` },
});
const release = (version: string, layers: readonly ReturnType<typeof layer>[]) => ({
  layers: [base, ...layers],
  annotations: { [IMAGE_VERSION]: version, [IMAGE_METRICS]: '{"accuracy":0.97,"note":"ignored"}' },
});

let world: World;
let portal: Portal;
let repository: Repository;
let second: Descriptor;

beforeAll(async () => {
  world = await startWorld({ usage: () => ({ usageNanoCores: 12_000_000, workingSetBytes: 67_108_864 }) });
  const { registry, client, cluster } = world;
  repository = { registry: registry.host, path: 'acme/mnist' };
  await pushSample(
    client,
    repository,
    release('1.0.0', [layer('weights', '1', 2000), layer('code', '1', 500)]),
    '1.0.0',
  );
  const next = release('1.1.0', [layer('weights', '1', 2000), layer('code', '2', 500)]);
  second = await pushSample(client, repository, next, '1.1.0');
  await pushSample(client, repository, next, 'latest');
  await pushSample(client, { ...repository, path: 'acme/other' }, { layers: [base] }, 'v1');
  cluster.create(
    sampleDeployment({
      name: 'mnist',
      model: 'mnist',
      image: pinned(repository, second.digest),
      replicas: 2,
      resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '1Gi' } },
      annotations: { 'modelpier.io/commit': 'abc1234', 'modelpier.io/run-url': 'javascript:alert(1)' },
    }),
  );
  await world.settled();
  portal = await startPortal({
    entities: [
      modelEntity('mnist', `${registry.host}/acme/mnist`),
      modelEntity('other', `${registry.host}/acme/other`),
    ],
    config: { registries: [{ host: registry.host }], clusters: [{ name: 'test', url: cluster.url }] },
  });
});

afterAll(async () => {
  await portal.stop();
  await world.close();
});

it('lists versions newest first, each with its new bytes against the one before', async () => {
  const { items, total, nextCursor } = await portal.read(routes.versions(mnist), versionsPage);
  expect({ total, nextCursor }).toEqual({ total: 2, nextCursor: null });
  expect(
    items.map(({ version, tags, sizeBytes, newBytes }) => ({ version, tags, sizeBytes, newBytes })),
  ).toEqual([
    { version: '1.1.0', tags: ['1.1.0', 'latest'], sizeBytes: 6500, newBytes: 500 },
    { version: '1.0.0', tags: ['1.0.0'], sizeBytes: 6500, newBytes: 6500 },
  ]);
  expect(items[0]?.reuseRatio).toBe(6000 / 6500);
  expect(items[0]?.platforms).toEqual(['linux/amd64']);
  expect(items[1]?.metrics).toEqual({ accuracy: 0.97 });
});

it('pages through versions with a cursor', async () => {
  const one = await portal.read(`${routes.versions(mnist)}?limit=1`, versionsPage);
  const two = await portal.read(
    `${routes.versions(mnist)}?limit=1&cursor=${one.nextCursor ?? ''}`,
    versionsPage,
  );
  expect([...one.items, ...two.items].map(({ version }) => version)).toEqual(['1.1.0', '1.0.0']);
  expect(two.nextCursor).toBeNull();
});

it('shows the layers of a version, and which other versions and models share them', async () => {
  const detail = await portal.read(routes.version(mnist, second.digest), versionDetail);
  const shown = detail.layers.map(each => [
    each.kind,
    each.sizeBytes,
    each.inPrevious,
    each.sharedWithVersions,
  ]);
  expect(shown).toEqual([
    ['base', 4000, true, 2],
    ['weights', 2000, true, 1],
    ['code', 500, false, 0],
  ]);
  expect(detail.layers.map(({ whyNew, sharedVersions }) => [whyNew, sharedVersions])).toEqual([
    [undefined, ['1.0.0']],
    [undefined, ['1.0.0']],
    ['content-changed', []],
  ]);
  expect(detail.layers[0]?.sharedWithModels).toEqual(['component:default/other']);
  expect(detail.layers[1]?.files).toEqual(['weights.bin']);
});

it('joins deployments with the version by the digest that runs', async () => {
  const { items } = await portal.read(routes.deployments(mnist), deploymentsAnswer);
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({
    cluster: 'test',
    namespace: 'apps',
    version: '1.1.0',
    versionDigest: second.digest,
    runningDigests: [second.digest],
    drift: false,
    replicas: { desired: 2, ready: 2 },
    status: { state: 'Current' },
    commit: 'abc1234',
    runUrl: null,
  });
  expect(items[0]?.pods.map(({ ready, digest }) => ({ ready, digest }))).toEqual([
    { ready: true, digest: second.digest },
    { ready: true, digest: second.digest },
  ]);
  const { items: versions } = await portal.read(routes.versions(mnist), versionsPage);
  expect(versions.map(({ deployedIn }) => deployedIn.length)).toEqual([1, 0]);
});

it('answers R = T / N with the numbers of the cluster', async () => {
  const { scopes } = await portal.read(routes.allocation(mnist), allocationAnswer);
  expect(scopes).toHaveLength(1);
  const [cpu, memory] = scopes[0]?.resources ?? [];
  // Two nodes of 3920m and 14790208Ki; two containers, each with 500m and 1Gi, using 12m and 64Mi.
  expect(cpu).toMatchObject({
    total: '7840m',
    containers: 2,
    fairShare: '3920m',
    requested: '1000m',
    used: '24m',
  });
  expect(cpu?.share).toBeCloseTo(1000 / 7840, 12);
  expect(memory).toMatchObject({
    total: String(2 * 14790208 * 1024),
    fairShare: String(14790208 * 1024),
    requested: String(2 ** 31),
    used: String(2 ** 27),
  });
});

it('answers R = 1 - (S1 + ... + SN) / S0 of the newest release and of all versions', async () => {
  const { releases, fleet } = await portal.read(routes.reuse(mnist), reuseAnswer);
  expect(releases.map(({ reuse }) => reuse)).toMatchObject([
    { totalBytes: 6500, newBytes: 500, newLayers: 1, reusedBaseBytes: 4000, reusedOwnBytes: 2000 },
  ]);
  expect(fleet).toMatchObject({ totalBytes: 13000, newBytes: 7000, newLayers: 4, ratio: 6000 / 13000 });
});

it('sums the fleet as the formula does', async () => {
  const fleet = await portal.read(routes.fleetReuse, fleetReuse);
  expect(fleet).toMatchObject({ models: 2, versions: 3 });
  expect(fleet.reuse).toMatchObject({
    totalBytes: 17000,
    newBytes: 7000,
    newLayers: 4,
    ratio: 10000 / 17000,
  });
  const { scopes } = await portal.read(routes.fleetAllocation, fleetAllocation);
  expect(scopes.map(({ pool, models, nodes }) => ({ pool, models, nodes }))).toEqual([
    { pool: 'cpu', models: 1, nodes: 2 },
  ]);
});

it('lists, filters and sorts models over all rows', async () => {
  const names = async (query: string) =>
    (await portal.read(`${routes.models}${query}`, modelsPage)).items.map(({ entity }) => entity.name);
  expect(await names('')).toEqual(['mnist', 'other']);
  expect(await names('?sort=-name')).toEqual(['other', 'mnist']);
  expect(await names('?filter=NIST')).toEqual(['mnist']);
  expect(await names('?filter=%25')).toEqual([]);
  const first = await portal.read(`${routes.models}?limit=1`, modelsPage);
  expect(first.total).toBe(2);
  expect(await names(`?limit=1&cursor=${first.nextCursor ?? ''}`)).toEqual(['other']);
});

it('summarises one model with its newest version and where it runs', async () => {
  const { model, sources } = await portal.read(routes.model(mnist), modelAnswer);
  expect(model).toMatchObject({ entity: mnist, owner: 'group:default/ml', versions: 2 });
  expect(model.newest?.version).toBe('1.1.0');
  expect(model.deployments).toMatchObject([{ version: '1.1.0', ready: 2, desired: 2, drift: false }]);
  expect(sources.map(({ kind, state }) => [kind, state])).toEqual([
    ['registry', 'ok'],
    ['cluster', 'ok'],
  ]);
});

it('asks no registry and no cluster when a page is read', async () => {
  const asked = () => world.registry.requests.length + world.cluster.faults.requests.length;
  const before = asked();
  for (const route of [
    routes.model(mnist),
    routes.versions(mnist),
    routes.allocation(mnist),
    routes.models,
  ]) {
    expect((await portal.send(route)).status).toBe(200);
  }
  expect(asked()).toBe(before);
});

it('fetches what is named by digest once', async () => {
  const before = world.registry.requests.length;
  await portal.collect();
  const asked = world.registry.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
  expect(
    asked.filter(each => each.includes('/blobs/') || each.startsWith('GET /v2/acme/mnist/manifests')),
  ).toEqual([]);
  // Full semantic versions do not move by custom; `latest` and `v1` are looked at each time.
  expect(asked.filter(each => each.startsWith('HEAD')).toSorted()).toEqual([
    'HEAD /v2/acme/mnist/manifests/latest',
    'HEAD /v2/acme/other/manifests/v1',
  ]);
});

it('joins a pod that runs one image of an index with the version of the index', async () => {
  const { client } = world;
  const images = ['amd64', 'arm64'].map(async architecture => ({
    architecture,
    image: await pushSample(client, repository, {
      ...release('2.0.0', [layer('code', `2 ${architecture}`, 300)]),
      architecture,
    }),
  }));
  const attestation = {
    architecture: 'unknown',
    image: await pushSample(client, repository, { layers: [] }),
  };
  const built = await Promise.all(images);
  const index = await pushIndex(client, repository, [...built, attestation], '2.0.0');
  const amd64 = built[0]?.image.digest ?? index.digest;
  world.cluster.create(
    sampleDeployment({ name: 'canary', model: 'mnist', image: pinned(repository, amd64) }),
  );
  await world.settled();
  await portal.collect();

  const { items } = await portal.read(routes.versions(mnist), versionsPage);
  expect(items[0]).toMatchObject({
    version: '2.0.0',
    digest: index.digest,
    platforms: ['linux/amd64', 'linux/arm64'],
    sizeBytes: 4300,
  });
  const deployments = await portal.read(routes.deployments(mnist), deploymentsAnswer);
  const canary = deployments.items.find(({ workload }) => workload.name === 'canary');
  expect(canary).toMatchObject({ version: '2.0.0', versionDigest: index.digest, drift: false });
  const detail = await portal.read(routes.version(mnist, amd64), versionDetail);
  expect(detail.version.digest).toBe(index.digest);
  const { releases } = await portal.read(routes.reuse(mnist), reuseAnswer);
  expect(releases.map(({ platform, reuse }) => [platform, reuse.reason])).toEqual([
    ['linux/amd64', undefined],
    ['linux/arm64', 'first-release'],
  ]);
  const inPrevious = releases.map(async ({ image }) => {
    const { layers } = await portal.read(routes.version(mnist, image ?? ''), versionDetail);
    return layers.map(each => each.inPrevious);
  });
  // Nothing was there before for arm64, though the base layer was, for amd64.
  expect(await Promise.all(inPrevious)).toEqual([
    [true, false],
    [false, false],
  ]);
});

it('describes itself in an OpenAPI 3.1 document', async () => {
  const { body } = await portal.send('/openapi.json');
  expect(body).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/api/modelpier' }] });
  expect(Object.keys((body as { paths: object }).paths)).toHaveLength(17);
});

it('answers every route as the document says, with no field that it does not name', async () => {
  const ajv = new Ajv({ strict: false });
  ajv.addSchema({ ...(closed(openApiDocument) as object), $id: 'portal' });
  const answers: Readonly<Record<string, string>> = {
    [routes.models]: 'ModelsPage',
    [routes.model(mnist)]: 'ModelAnswer',
    [routes.versions(mnist)]: 'VersionsPage',
    [routes.version(mnist, second.digest)]: 'VersionDetail',
    [routes.diff(mnist, second.digest, second.digest)]: 'VersionDiff',
    [routes.releases(mnist)]: 'ReleasesPage',
    [routes.history(mnist)]: 'HistoryAnswer',
    [`${routes.models}?totals=true&choices=true`]: 'ModelsPage',
    [routes.deployments(mnist)]: 'DeploymentsAnswer',
    [routes.allocation(mnist)]: 'AllocationAnswer',
    [routes.reuse(mnist)]: 'ReuseAnswer',
    [routes.fleetAllocation]: 'FleetAllocation',
    [routes.fleetReuse]: 'FleetReuse',
    [routes.orphans]: 'OrphansPage',
    [routes.sources]: 'SourcesAnswer',
    [routes.model({ ...mnist, name: 'nothing' })]: 'Problem',
  };
  for (const [route, schema] of Object.entries(answers)) {
    const { body } = await portal.send(route);
    ajv.validate({ $ref: `portal#/components/schemas/${schema}` }, body);
    expect({ route, errors: ajv.errors ?? [] }).toEqual({ route, errors: [] });
  }
});

/** A schema whose objects have the named fields only. */
function closed(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in inner ? { additionalProperties: false, ...inner } : inner;
}

it('refuses a request that does not fit the document, as problem details', async () => {
  const { status, type, body } = await portal.send(`${routes.models}?limit=1000`);
  expect({ status, type }).toEqual({ status: 400, type: 'application/problem+json' });
  expect(body).toMatchObject({ status: 400, title: 'Bad request' });
  expect((await portal.send(`${routes.versions(mnist)}?cursor=nonsense`)).status).toBe(400);
});

it('pages through workloads of models that the catalog does not have', async () => {
  for (const name of ['stray', 'lost']) {
    world.cluster.create(sampleDeployment({ name, model: `${name}-model`, image: 'ghcr.io/acme/lost:1' }));
  }
  await world.settled();
  await portal.collect();
  const first = await portal.read(`${routes.orphans}?limit=1`, orphansPage);
  expect(first).toMatchObject({ total: 2, items: [{ model: 'lost-model', replicas: { ready: 1 } }] });
  const second = await portal.read(`${routes.orphans}?limit=1&cursor=${first.nextCursor ?? ''}`, orphansPage);
  expect(second).toMatchObject({ nextCursor: null, items: [{ model: 'stray-model' }] });
  expect(first.sources.map(({ kind }) => kind)).toEqual(['cluster']);
  for (const name of ['stray', 'lost']) {
    await fetch(`${world.cluster.url}/apis/apps/v1/namespaces/apps/deployments/${name}`, {
      method: 'DELETE',
    });
  }
});

it('tells each source once', async () => {
  const { items } = await portal.read(routes.sources, sourcesAnswer);
  expect(items.map(({ id, state }) => [id, state])).toEqual([
    ['cluster:test', 'ok'],
    [`registry:${world.registry.host}`, 'ok'],
  ]);
});
