import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import type { EntityProviderMutation } from '@backstage/plugin-catalog-node';
import { IMAGE_MODEL, OCI_LAYER_TAR, OCI_MANIFEST } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { layerBytes, pushIndex, pushSample } from '../../../test/portal/release';
import { blobOf, jsonBytes } from '../../../test/servers/registry/samples';
import { type RegistryServer, startRegistry } from '../../../test/servers/registry/server';
import { ModelProvider } from './model-provider';
import { parseProviderConfig } from './provider-config';

const START = Date.parse('2026-09-01T10:00:00Z');
const HOUR_MS = 60 * 60 * 1000;
const HOURLY = { frequency: { hours: 1 }, timeout: { minutes: 2 } };
const LAYERS = [{ bytes: layerBytes('layer', 100) }];

let registry: RegistryServer;
let client: ReturnType<typeof createRegistry>;
let mutations: EntityProviderMutation[];
let now: number;

beforeEach(async () => {
  mutations = [];
  now = START;
  registry = await startRegistry({ tagsPerPage: 2 });
  client = createRegistry({ credentials: anonymous });
  await push('acme/annotated', { annotations: { [IMAGE_MODEL]: 'mnist' } });
  await push('acme/labelled', { labels: { [IMAGE_MODEL]: 'fraud' } });
  await push('acme/base', {});
  await push('other/annotated', { annotations: { [IMAGE_MODEL]: 'other' } });
});
afterEach(async () => {
  await client.close();
  await registry.close();
});

const repositoryOf = (path: string) => ({ registry: registry.host, path });
const push = (path: string, of: object, tag = 'v1') =>
  pushSample(client, repositoryOf(path), { layers: LAYERS, ...of }, tag);

function configOf(repositories: readonly string[], more: object = {}) {
  const registries = [{ host: registry.host, repositories: [...repositories] }];
  const config = parseProviderConfig(
    mockServices.rootConfig({
      data: {
        modelpier: { registries: [{ host: registry.host }] },
        catalog: { providers: { modelpier: { registries, ...more } } },
      },
    }),
  );
  if (config === undefined) throw new Error('the provider is not configured');
  return config;
}

async function provide(repositories: readonly string[], more?: object) {
  const logger = mockServices.logger.mock();
  const provider = new ModelProvider(configOf(repositories, more), { logger, now: () => now });
  await provider.connect({
    applyMutation: mutation => Promise.resolve(void mutations.push(mutation)),
    refresh: () => Promise.resolve(),
  });
  return { refresh: () => provider.refresh(), logger };
}

const last = (): readonly Entity[] => {
  const mutation = mutations.at(-1);
  if (mutation === undefined) return [];
  const entities = mutation.type === 'full' ? mutation.entities : mutation.added;
  return entities.map(added => ('entity' in added ? added.entity : (undefined as never)));
};
const names = () => last().map(({ metadata }) => metadata.name);

it('finds images that say which model they hold, in all that the registry lists', async () => {
  const { refresh } = await provide(['acme/*']);
  await refresh();
  expect(names().toSorted()).toEqual(['fraud', 'mnist']);
  const mnist = last().find(({ metadata }) => metadata.name === 'mnist');
  expect(mnist?.metadata).toMatchObject({
    description: `Kept in ${registry.host}`,
    annotations: { 'modelpier.io/image': `${registry.host}/acme/annotated` },
  });
  // Four repositories, two to a page.
  expect(registry.requests.filter(({ path }) => path === '/v2/_catalog')).toHaveLength(2);
});

it('finds a model in an index, and one that a packer of models has packed', async () => {
  const image = await pushSample(client, repositoryOf('acme/index'), {
    layers: LAYERS,
    annotations: { [IMAGE_MODEL]: 'indexed' },
  });
  await pushIndex(client, repositoryOf('acme/index'), [{ image, architecture: 'amd64' }], 'v1');
  const config = blobOf(jsonBytes({}), 'application/vnd.cncf.model.config.v1+json');
  const layer = blobOf(layerBytes('weights', 10), OCI_LAYER_TAR);
  for (const blob of [config, layer]) await client.uploadBlob(repositoryOf('acme/packed'), blob);
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: config.descriptor,
    layers: [layer.descriptor],
  };
  await client.putManifest(repositoryOf('acme/packed'), 'v1', {
    mediaType: OCI_MANIFEST,
    bytes: jsonBytes(manifest),
  });
  const { refresh } = await provide(['acme/*']);
  await refresh();
  expect(names().toSorted()).toEqual(['fraud', 'indexed', 'mnist', 'packed']);
});

it('takes a repository that is named for a model, whatever its image says, and lists nothing', async () => {
  const { refresh } = await provide(['acme/base', 'acme/absent']);
  await refresh();
  expect(names()).toEqual(['base']);
  expect(registry.requests.filter(({ path }) => path === '/v2/_catalog')).toEqual([]);
});

it('looks at a repository once an hour', async () => {
  const { refresh } = await provide(['*']);
  await refresh();
  const before = registry.requests.length;
  now += HOUR_MS / 2;
  await refresh();
  expect(registry.requests.slice(before).map(({ path }) => path)).toEqual(['/v2/_catalog', '/v2/_catalog']);
  await push('acme/base', { annotations: { [IMAGE_MODEL]: 'late' } }, 'v2');
  now += HOUR_MS / 2;
  await refresh();
  expect(names()).toContain('late');
});

it.each([
  ['fails', { status: 500 }],
  ['denies everything', { status: 403 }],
  ['answers empty', { status: 200, body: '{"repositories":[]}' }],
])(
  'takes no model out of the catalog while the registry %s, within the while',
  async (_, answer) => {
    const { refresh } = await provide(['acme/*'], { removeAfter: { hours: 2 }, schedule: HOURLY });
    await refresh();
    registry.faults.inject({ kind: 'answer', times: 1000, ...answer });
    now += HOUR_MS;
    await refresh();
    expect(names().toSorted()).toEqual(['fraud', 'mnist']);
    expect(mutations.map(({ type }) => type)).toEqual(['delta', 'delta']);
  },
  30_000,
);

it('takes a model out that has stayed away for the while', async () => {
  const { refresh } = await provide(['acme/*'], { removeAfter: { hours: 2 }, schedule: HOURLY });
  await refresh();
  registry.faults.inject({
    kind: 'answer',
    status: 200,
    body: '{"repositories":["acme/labelled"]}',
    times: 1000,
    path: /_catalog/,
  });
  for (let hours = 0; hours < 3; hours += 1) {
    now += HOUR_MS;
    await refresh();
  }
  expect(mutations.at(-1)?.type).toBe('full');
  expect(names()).toEqual(['fraud']);
});

it('reads the others where one repository is denied, and says so', async () => {
  registry.faults.inject({ kind: 'answer', status: 403, times: 1000, path: /acme\/labelled/ });
  const { refresh, logger } = await provide(['acme/*']);
  await refresh();
  expect(names()).toEqual(['mnist']);
  expect(logger.warn).toHaveBeenCalledWith(
    expect.stringMatching(/1 of 3 repositories could not be read, such as .*acme\/labelled/),
  );
});

it('gives a list of repositories up that goes in a circle', async () => {
  registry.faults.inject({
    kind: 'answer',
    status: 200,
    body: '{"repositories":["acme/annotated"]}',
    headers: { link: '</v2/_catalog?n=100&last=a>; rel="next"' },
    path: /_catalog/,
    times: 1000,
  });
  const { refresh, logger } = await provide(['*']);
  await refresh();
  expect(names()).toEqual([]);
  expect(logger.warn).toHaveBeenCalledWith(expect.stringContaining('the pages go in a circle'));
});

it('asks no registry that the backend is not configured with', () => {
  const data = {
    modelpier: { registries: [{ host: 'ghcr.io' }] },
    catalog: { providers: { modelpier: { registries: [{ host: '169.254.169.254', repositories: ['*'] }] } } },
  };
  expect(() => parseProviderConfig(mockServices.rootConfig({ data }))).toThrow(
    'registries[0].host: "169.254.169.254" is not among modelpier.registries',
  );
});
