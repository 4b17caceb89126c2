import { createServiceFactory } from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef, metricsServiceRef } from '@backstage/backend-plugin-api/alpha';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock, type MockActionsRegistry } from '@backstage/backend-test-utils/alpha';
import type { JsonObject } from '@backstage/types';
import { IMAGE_VERSION } from '@modelpier/backstage-plugin-modelpier-common';
import { modelEntity, type Portal, startPortal, STRANGER } from '../../../test/portal/portal';
import { layerBytes, pinned, pushSample, sampleDeployment } from '../../../test/portal/release';
import { startWorld, type World } from '../../../test/portal/world';

const MODEL = 'component:default/mnist';

let world: World;
let portal: Portal;
let actions: MockActionsRegistry;
let metrics: ReturnType<typeof recordMetrics>;

/** Keeps what is measured, by the name of the measure. */
function recordMetrics() {
  const measured: Record<string, unknown[]> = {};
  const observers: Record<string, (result: object) => Promise<void>> = {};
  const note = (name: string) => (value: number, attributes: object) =>
    void (measured[name] ??= []).push({ value, ...attributes });
  const refuse = () => {
    throw new Error('not used');
  };
  return {
    measured,
    observe: async (name: string) => {
      const seen: object[] = [];
      await observers[name]?.({
        observe: (value: number, attributes: object) => seen.push({ value, ...attributes }),
      });
      return seen;
    },
    service: {
      createCounter: (name: string) => ({ add: note(name) }),
      createHistogram: (name: string) => ({ record: note(name) }),
      createObservableGauge: (name: string) => ({
        addCallback: (callback: (result: object) => Promise<void>) => void (observers[name] = callback),
        removeCallback: refuse,
      }),
      createGauge: refuse,
      createUpDownCounter: refuse,
      createObservableCounter: refuse,
      createObservableUpDownCounter: refuse,
    },
  };
}

const start = async (denied: readonly string[] = []) => {
  const registry = actionsRegistryServiceMock({ logger: mockServices.logger.mock() });
  actions = registry;
  metrics = recordMetrics();
  portal = await startPortal({
    entities: [modelEntity('mnist', `${world.registry.host}/acme/mnist`)],
    config: {
      registries: [{ host: world.registry.host }],
      clusters: [
        { name: 'test', url: world.cluster.url },
        { name: 'dead', url: 'http://127.0.0.1:9' },
      ],
    },
    services: [
      createServiceFactory({ service: actionsRegistryServiceRef, deps: {}, factory: () => registry }),
      createServiceFactory({ service: metricsServiceRef, deps: {}, factory: () => metrics.service as never }),
    ],
    denied,
  });
};
const invoke = async (name: string, input: JsonObject = {}, user = 'user:default/mock') => {
  const { output } = await actions.invoke({
    id: `test:${name}`,
    input,
    credentials: mockCredentials.user(user),
  });
  return output as Record<string, unknown>;
};

beforeAll(async () => {
  world = await startWorld();
  const repository = { registry: world.registry.host, path: 'acme/mnist' };
  const image = await pushSample(
    world.client,
    repository,
    { layers: [{ bytes: layerBytes('base', 100) }], annotations: { [IMAGE_VERSION]: '1.0.0' } },
    '1.0.0',
  );
  world.cluster.create(
    sampleDeployment({ name: 'mnist', model: 'mnist', image: pinned(repository, image.digest) }),
  );
  await world.settled();
});
afterEach(() => portal.stop());
afterAll(() => world.close());

it('answers assistants what the pages show', async () => {
  await start();
  expect(await invoke('list-models', { text: 'mni' })).toMatchObject({
    total: 1,
    models: [{ model: MODEL, newestVersion: '1.0.0', health: 'Current', places: ['test/apps'], ready: 1 }],
  });
  expect(await invoke('list-model-versions', { model: 'mnist' })).toMatchObject({
    versions: [{ version: '1.0.0', tags: ['1.0.0'], sizeBytes: 100, runsIn: ['test/apps'] }],
  });
  expect(await invoke('list-model-deployments', { model: MODEL })).toMatchObject({
    deployments: [{ cluster: 'test', version: '1.0.0', workload: 'Deployment/mnist', health: 'Current' }],
  });
  const { scopes } = (await invoke('explain-model-allocation', { model: MODEL })) as { scopes: object[] };
  expect(scopes).toMatchObject([{ place: 'test, pool cpu' }]);
  expect(JSON.stringify(scopes)).toContain('cpu: R = T / N = 7840m / 1 = 7840m');
  const { newest } = (await invoke('explain-model-reuse', { model: MODEL })) as { newest: string[] };
  expect(newest[0]).toMatch(/^1\.0\.0 \(linux\/amd64\): /);
});

it('registers actions that only read, hidden from those who may not see the fleet', async () => {
  await start();
  const registered = [...actions.actions.values()];
  expect(registered.map(({ name }) => name).toSorted()).toEqual([
    'explain-model-allocation',
    'explain-model-reuse',
    'list-model-deployments',
    'list-model-versions',
    'list-models',
  ]);
  for (const { attributes, visibilityPermission } of registered) {
    expect(attributes).toMatchObject({ readOnly: true, destructive: false });
    expect(visibilityPermission?.name).toBe('modelpier.fleet.read');
  }
});

it.each([
  ['list-models', 'modelpier.fleet.read', {}],
  ['list-model-versions', 'modelpier.version.read', { model: MODEL }],
  ['list-model-deployments', 'modelpier.deployment.read', { model: MODEL }],
  ['explain-model-allocation', 'modelpier.allocation.read', { model: MODEL }],
  ['explain-model-reuse', 'modelpier.version.read', { model: MODEL }],
])('answers %s to nobody without %s', async (name, permission, input) => {
  await start([permission]);
  await expect(invoke(name, input)).rejects.toThrow(`${permission} is denied`);
});

it('shows assistants no model that their user does not see', async () => {
  await start();
  expect(await invoke('list-models', {}, STRANGER)).toMatchObject({ models: [], total: 0 });
  await expect(invoke('list-model-versions', { model: MODEL }, STRANGER)).rejects.toThrow('is not a model');
  await expect(invoke('list-model-versions', { model: '' })).rejects.toThrow('not an entity reference');
  await expect(invoke('list-models', { cursor: 'nonsense' })).rejects.toThrow('the cursor is not one');
});

it('measures collections, errors, the age of what is known and how much it is', async () => {
  await start();
  const of = (name: string) => metrics.measured[`modelpier.collection.${name}`];
  expect(of('duration')).toEqual(
    expect.arrayContaining([
      { value: expect.any(Number) as number, kind: 'cluster', name: 'test', state: 'ok' },
      { value: expect.any(Number) as number, kind: 'cluster', name: 'dead', state: 'unreachable' },
    ]),
  );
  expect(of('errors')).toEqual([{ value: 1, kind: 'cluster', name: 'dead', state: 'unreachable' }]);
  expect(await metrics.observe('modelpier.source.age')).toMatchObject([
    { name: 'test' },
    { kind: 'registry' },
  ]);
  expect(await metrics.observe('modelpier.rows')).toEqual(
    expect.arrayContaining([
      { table: 'versions', value: 1 },
      { table: 'workloads', value: 1 },
    ]),
  );
}, 20_000);
