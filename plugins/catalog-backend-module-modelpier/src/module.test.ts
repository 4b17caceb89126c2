import { coreServices, createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import {
  catalogProcessingExtensionPoint,
  type EntityProvider,
  type EntityProviderMutation,
} from '@backstage/plugin-catalog-node';
import { sampleDeployment } from '../../../test/portal/release';
import { type KubernetesServer, startKubernetes } from '../../../test/servers/kubernetes';
import catalogModule from '.';

const DIGEST = `sha256:${'a'.repeat(64)}`;

let one: KubernetesServer;
let two: KubernetesServer;
let mutations: EntityProviderMutation[];

beforeEach(async () => {
  mutations = [];
  one = await startKubernetes();
  two = await startKubernetes();
});
afterEach(async () => {
  await one.close();
  await two.close();
});

const start = async (data: object) => {
  const scheduler = mockServices.scheduler();
  const providers: EntityProvider[] = [];
  const backend = await startTestBackend({
    extensionPoints: [
      [
        catalogProcessingExtensionPoint,
        { addEntityProvider: (...added: EntityProvider[]) => providers.push(...added) },
      ],
    ],
    features: [
      catalogModule,
      createServiceFactory({ service: coreServices.scheduler, deps: {}, factory: () => scheduler }),
      mockServices.rootConfig.factory({ data }),
    ],
  });
  for (const provider of providers) {
    await provider.connect({
      applyMutation: mutation => Promise.resolve(void mutations.push(mutation)),
      refresh: () => Promise.resolve(),
    });
  }
  for (const { id } of await scheduler.getScheduledTasks()) await scheduler.triggerTask(id);
  await backend.stop();
  return providers;
};
const configOf = (provider?: object) => ({
  modelpier: {
    clusters: [
      { name: 'one', url: one.url },
      { name: 'two', url: two.url },
    ],
  },
  ...(provider !== undefined && { catalog: { providers: { modelpier: provider } } }),
});
const entitiesOf = (mutation: EntityProviderMutation | undefined): readonly Entity[] => {
  if (mutation === undefined) return [];
  return (mutation.type === 'full' ? mutation.entities : mutation.added).map(added =>
    'entity' in added ? added.entity : (undefined as never),
  );
};

it('makes one component of a model that two clusters serve', async () => {
  one.create(sampleDeployment({ name: 'blue', model: 'mnist', image: `ghcr.io/acme/mnist@${DIGEST}` }));
  two.create(
    sampleDeployment({
      name: 'green',
      model: 'mnist',
      image: 'docker.io/library/proxy:1',
      annotations: { 'modelpier.io/image': `ghcr.io/acme/mnist-gpu@${DIGEST}` },
    }),
  );
  await start(configOf({ owner: 'group:default/ml', removeAfter: { seconds: 0 } }));
  expect(mutations.map(({ type }) => type)).toEqual(['full']);
  expect(entitiesOf(mutations[0])).toEqual([
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'mnist',
        namespace: 'default',
        description: 'Serves in one, two',
        annotations: {
          'backstage.io/managed-by-location': 'modelpier:one,two',
          'backstage.io/managed-by-origin-location': 'modelpier:one,two',
          'modelpier.io/image': 'ghcr.io/acme/mnist,ghcr.io/acme/mnist-gpu',
        },
      },
      spec: { type: 'ml-model', lifecycle: 'production', owner: 'group:default/ml' },
    },
  ]);
});

it('takes nothing out of the catalog while a cluster is silent', async () => {
  one.create(sampleDeployment({ name: 'blue', model: 'mnist', image: 'ghcr.io/acme/mnist:1' }));
  two.faults.plant({ status: 403, message: 'no' });
  await start(configOf({}));
  expect(mutations.map(({ type }) => type)).toEqual(['delta']);
  expect(entitiesOf(mutations[0]).map(({ metadata }) => metadata.name)).toEqual(['mnist']);
});

it('makes no component of a label that is no name in a catalog', async () => {
  const image = 'ghcr.io/acme/mnist:1';
  one.create(sampleDeployment({ name: 'a', model: '..', image }));
  one.create(sampleDeployment({ name: 'b', model: '', image }));
  await start(configOf({}));
  expect(entitiesOf(mutations[0])).toEqual([]);
});

it('does nothing where it is not configured', async () => {
  expect(await start(configOf())).toEqual([]);
  expect(one.faults.requests).toEqual([]);
});

it('refuses a configuration with a field that it does not know', async () => {
  await expect(start(configOf({ ownr: 'group:default/ml' }))).rejects.toThrow(/ownr: unknown field/);
});
