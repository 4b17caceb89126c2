import {
  emptyLedger,
  historyAnswer,
  IMAGE_FACTS,
  IMAGE_METRICS,
  IMAGE_MODEL,
  IMAGE_VERSION,
  LAYER_FILES,
  LAYER_KIND,
  LEDGER_KEY,
  ledgerLabels,
  ledgerName,
  modelsPage,
  type ReleaseRecord,
  releasesPage,
  renderLedger,
  type Repository,
  routes,
  versionDetail,
  versionDiff,
  versionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import { modelEntity, type Portal, startPortal, STRANGER } from '../../../test/portal/portal';
import { layerBytes, pinned, pushSample, sampleDeployment } from '../../../test/portal/release';
import { startWorld, type World } from '../../../test/portal/world';

const mnist = { kind: 'component', namespace: 'default', name: 'mnist' };
const tensor = (name: string) => ({ name, datatype: 'FP32', shape: [-1, 784] });
const imageOf = (version: string, input: string) => ({
  layers: [
    { bytes: layerBytes('base', 1000) },
    {
      bytes: layerBytes(`weights ${version}`, 300),
      annotations: { [LAYER_KIND]: 'weights', [LAYER_FILES]: '["model.onnx"]' },
    },
  ],
  annotations: {
    [IMAGE_VERSION]: version,
    [IMAGE_MODEL]: 'mnist',
    [IMAGE_METRICS]: JSON.stringify({ loss: version === '1.0.0' ? 0.2 : 0.1 }),
    [IMAGE_FACTS]: JSON.stringify({
      format: 'onnx',
      sizeBytes: 300,
      inputs: [tensor(input)],
      outputs: [tensor('y')],
    }),
  },
});
const record = (day: number, changes: Partial<ReleaseRecord>): ReleaseRecord => ({
  id: `2026030${day}t120000-3fa9`,
  version: `1.${day}.0`,
  image: `ghcr.io/acme/mnist@sha256:${String(day).repeat(64)}`,
  startedAt: `2026-03-0${day}T12:00:00.000Z`,
  verdict: 'healthy',
  ...changes,
});
const GOLDEN = { verdict: 'passed', cases: 3, p95Ms: 4.1, coldStartMs: 3200 } as const;
const RELEASES = [
  record(3, {
    verdict: 'rolled-back',
    reason: '0 of 2 replicas are ready',
    diagnosis: 'out of memory: raise spec.resources.memory',
    rolledBackTo: { id: '20260301t120000-3fa9', version: '1.1.0' },
    runUrl: 'javascript:alert(1)',
  }),
  record(2, {
    golden: GOLDEN,
    verdict: 'unchanged',
    runUrl: 'https://github.com/acme/mnist/actions/runs/7',
    actor: 'ada',
  }),
];
const FIRST = record(1, {
  environment: 'production',
  golden: { ...GOLDEN, verdict: 'failed' },
  manifests: { secret: 'modelpier-release-mnist-1', digest: 'sha256:1' },
});

let world: World;
let portal: Portal;
let digests: readonly string[];

beforeAll(async () => {
  world = await startWorld();
  const { registry, client, cluster } = world;
  const repository: Repository = { registry: registry.host, path: 'acme/mnist' };
  const one = await pushSample(client, repository, imageOf('1.0.0', 'x'), '1.0.0');
  const two = await pushSample(client, repository, imageOf('1.1.0', 'image'), '1.1.0');
  digests = [one.digest, two.digest];
  cluster.create(
    sampleDeployment({ name: 'mnist', model: 'mnist', image: pinned(repository, two.digest), replicas: 2 }),
  );
  cluster.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: ledgerName('mnist'), namespace: 'apps', labels: { ...ledgerLabels('mnist') } },
    data: {
      [LEDGER_KEY]: renderLedger({
        ...emptyLedger('mnist'),
        releases: [...RELEASES, { ...FIRST, image: pinned(repository, two.digest) }],
      }),
    },
  });
  await world.settled();
  portal = await startPortal({
    entities: [modelEntity('mnist', `${registry.host}/acme/mnist`), modelEntity('other')],
    config: { registries: [{ host: registry.host }], clusters: [{ name: 'test', url: cluster.url }] },
  });
});
afterAll(async () => {
  await portal.stop();
  await world.close();
});

it('tells releases newest first, with verdict, reason and the way back', async () => {
  const { items, total } = await portal.read(routes.releases(mnist), releasesPage);
  expect(total).toBe(3);
  expect(items).toMatchObject([
    {
      cluster: 'test',
      namespace: 'apps',
      version: '1.3.0',
      digest: `sha256:${'3'.repeat(64)}`,
      verdict: 'rolled-back',
      reason: '0 of 2 replicas are ready',
      diagnosis: 'out of memory: raise spec.resources.memory',
      rolledBackTo: { version: '1.1.0' },
      canReturn: false,
    },
    { version: '1.2.0', actor: 'ada', canReturn: false, golden: GOLDEN },
    { version: '1.1.0', canReturn: true },
  ]);
});

it('links to a run only by a web address, whatever the ledger says', async () => {
  const { items } = await portal.read(routes.releases(mnist), releasesPage);
  expect(items.map(({ runUrl }) => runUrl)).toEqual([
    null,
    'https://github.com/acme/mnist/actions/runs/7',
    null,
  ]);
});

it('tells of a version what its newest release found against the golden file', async () => {
  const [before, released] = await Promise.all(
    digests.map(digest => portal.read(routes.version(mnist, digest), versionDetail)),
  );
  expect(released?.golden).toEqual({
    note: { ...GOLDEN, verdict: 'failed' },
    environment: 'production',
    at: FIRST.startedAt,
  });
  expect(before?.golden).toBeUndefined();
});

it('pages and filters releases', async () => {
  const one = await portal.read(`${routes.releases(mnist)}?limit=2`, releasesPage);
  const two = await portal.read(
    `${routes.releases(mnist)}?limit=2&cursor=${one.nextCursor ?? ''}`,
    releasesPage,
  );
  expect([...one.items, ...two.items].map(({ version }) => version)).toEqual(['1.3.0', '1.2.0', '1.1.0']);
  expect(two.nextCursor).toBeNull();
  const failed = await portal.read(`${routes.releases(mnist)}?verdict=rolled-back`, releasesPage);
  expect(failed).toMatchObject({ total: 1, items: [{ version: '1.3.0' }] });
  expect((await portal.read(`${routes.releases(mnist)}?cluster=elsewhere`, releasesPage)).total).toBe(0);
});

it.each([
  '?verdict=great',
  '?cursor=nonsense',
  '?limit=0',
  `?cursor=${Buffer.from('["a","b","c","d"]').toString('base64url')}`,
])('refuses releases%s as problem details', async query => {
  const { status, type } = await portal.send(`${routes.releases(mnist)}${query}`);
  expect({ status, type }).toEqual({ status: 400, type: 'application/problem+json' });
});

it('answers how the model stood over time, in points that the range bounds', async () => {
  const week = await portal.read(routes.history(mnist), historyAnswer);
  expect(week).toMatchObject({ range: 'week', span: 'hour' });
  expect(week.points.length).toBeLessThanOrEqual(7 * 24);
  expect(week.points.at(-1)).toMatchObject({ clusters: 1, desired: 2, ready: 2, leastReady: 2 });
  expect(week.points.at(-1)?.resources.map(({ resource }) => resource)).toEqual(['cpu', 'memory']);
  expect(week.versions.map(({ version }) => version)).toEqual(['1.0.0', '1.1.0']);
  const year = await portal.read(`${routes.history(mnist)}?range=year`, historyAnswer);
  expect(year.span).toBe('day');
  const elsewhere = await portal.read(`${routes.history(mnist)}?cluster=elsewhere`, historyAnswer);
  expect(elsewhere.points).toEqual([]);
  expect((await portal.send(`${routes.history(mnist)}?range=century`)).status).toBe(400);
});

it('tells what is another between two versions', async () => {
  const [one = '', two = ''] = digests;
  const diff = await portal.read(routes.diff(mnist, one, two), versionDiff);
  expect(diff).toMatchObject({
    platform: 'linux/amd64',
    before: { version: '1.0.0' },
    after: { version: '1.1.0' },
    bytes: { same: 1000, added: 300, removed: 300 },
    files: [{ path: 'model.onnx', change: 'changed' }],
    areFilesComplete: true,
    settings: [],
    metrics: [{ name: 'loss', before: 0.2, after: 0.1 }],
  });
  expect(diff.layers.map(({ change, kind }) => `${change} ${kind}`)).toEqual([
    'same base',
    'added weights',
    'removed weights',
  ]);
  expect(diff.facts?.filter(({ isBreaking }) => isBreaking).map(({ text }) => text)).toEqual([
    'input x is gone',
    'input image is new',
  ]);
});

it('finds no difference to a version that the model does not have', async () => {
  const [one = ''] = digests;
  const missing = `sha256:${'0'.repeat(64)}`;
  expect((await portal.send(routes.diff(mnist, one, missing))).status).toBe(404);
  expect((await portal.send(routes.diff(mnist, missing, one))).status).toBe(404);
  expect((await portal.send(routes.diff(mnist, one, 'latest'))).status).toBe(400);
  expect((await portal.send(routes.diff({ ...mnist, name: 'other' }, one, one))).status).toBe(404);
});

it('tells how to call a version, and what was found about it', async () => {
  const detail = await portal.read(routes.version(mnist, digests[1] ?? ''), versionDetail);
  expect(detail.call).toEqual({ model: 'mnist', inputs: [tensor('image')], outputs: [tensor('y')] });
  expect(detail.facts?.format).toBe('onnx');
  const { items } = await portal.read(routes.versions(mnist), versionsPage);
  expect(items.map(({ referrers }) => referrers)).toEqual([[], []]);
});

it('sums all models that fit where that is asked for', async () => {
  const { totals } = await portal.read(`${routes.models}?limit=1&totals=true`, modelsPage);
  expect(totals).toMatchObject({
    models: 2,
    versions: 2,
    health: [{ state: 'Current', models: 1 }],
    drifting: 0,
    ready: 2,
    desired: 2,
    imageBytes: 1300,
  });
  const none = await portal.read(`${routes.models}?filter=nothing&totals=true`, modelsPage);
  expect(none.totals).toMatchObject({ models: 0, health: [], imageBytes: 0 });
  expect(await portal.read(routes.models, modelsPage)).not.toHaveProperty('totals');
});

it('tells what models can be filtered by, whatever is filtered by now', async () => {
  const { choices } = await portal.read(`${routes.models}?filter=nothing&choices=true`, modelsPage);
  expect(choices).toEqual({ owners: ['group:default/ml'], environments: [] });
  expect(await portal.read(routes.models, modelsPage)).not.toHaveProperty('choices');
});

it('sums nothing that the caller may not see, and offers nothing of it to filter by', async () => {
  const { body } = await portal.send(`${routes.models}?totals=true&choices=true`, 'get', STRANGER);
  expect(body).toMatchObject({
    total: 0,
    totals: { models: 0, versions: 0 },
    choices: { owners: [], environments: [] },
  });
});
