import { type Descriptor, OCI_MANIFEST, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import type { Knex } from 'knex';
import { openDatabase } from '../../../../test/portal/database';
import { modelEntity } from '../../../../test/portal/portal';
import { layerBytes, pushSample } from '../../../../test/portal/release';
import { type RegistryServer, startRegistry } from '../../../../test/servers/registry/server';
import { blobOf, jsonBytes } from '../../../../test/servers/registry/samples';
import { migrate } from '../database/migrate';
import { readModelEntity } from '../domain/model-entity';
import { readReuseTotals } from '../store/totals-store';
import { writeModels } from '../store/model-store';
import { reconcileSources } from '../store/source-store';
import { collectRegistry } from './collect-registry';
import { recordCollection } from './collection';
import { forgetOld } from './retain';
import { createModelSync } from './sync-models';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';

const START = Date.parse('2026-09-01T10:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let server: RegistryServer;
let client: ReturnType<typeof createRegistry>;
let knex: Knex;
let repository: Repository;
let image: Descriptor;

beforeEach(async () => {
  server = await startRegistry();
  client = createRegistry({ credentials: anonymous });
  repository = { registry: server.host, path: 'acme/mnist' };
  image = await push('1.0.0', 'one');
  knex = await openDatabase();
  await migrate(knex);
  await reconcileSources(knex, [{ kind: 'registry', name: server.host }]);
  await writeModels(
    knex,
    [readModelEntity(modelEntity('mnist', `${server.host}/acme/mnist`), new Set([server.host]))],
    START,
  );
});
afterEach(async () => {
  await knex.destroy();
  await client.close();
  await server.close();
});

const push = (tag: string, own: string) =>
  pushSample(
    client,
    repository,
    { layers: [{ bytes: layerBytes('base', 100) }, { bytes: layerBytes(own, 10) }] },
    tag,
  );

async function collect(now = START): Promise<readonly string[]> {
  const before = server.requests.length;
  const { state, message } = await recordCollection(
    knex,
    { kind: 'registry', name: server.host },
    {
      now: () => now,
      collect: turn => collectRegistry({ knex, reader: client, host: server.host, turn, now }),
    },
  );
  expect({ state, message }).toEqual({ state: 'ok', message: null });
  return server.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
}

const sign = async (subject: Descriptor) => {
  const config = blobOf(jsonBytes({}), 'application/vnd.oci.empty.v1+json');
  await client.uploadBlob(repository, config);
  const document = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: 'application/vnd.cncf.notary.signature',
    config: config.descriptor,
    layers: [config.descriptor],
    subject,
  };
  return client.putReferrer(repository, { mediaType: OCI_MANIFEST, bytes: jsonBytes(document) });
};

it('finds what refers to a version, under the subject and under the tags of older tools', async () => {
  const signature = await sign(image);
  const tag = `${image.digest.replace(':', '-')}.sbom`;
  await push(tag, 'an SBOM');
  await collect();
  expect(await knex('referrers').orderBy('kind').select('name', 'kind')).toEqual([
    { name: tag, kind: 'sbom' },
    { name: signature, kind: 'signature' },
  ]);
  expect(await knex('tags').pluck('name')).toEqual(['1.0.0']);
});

it('looks for a late signature again, less often the longer a version is known', async () => {
  const lists = (asked: readonly string[]) => asked.filter(each => each.includes('/referrers/')).length;
  expect(lists(await collect())).toBe(1);
  expect(lists(await collect(START + MINUTE_MS))).toBe(0);
  await sign(image);
  expect(lists(await collect(START + 10 * MINUTE_MS))).toBe(1);
  expect(await knex('referrers').pluck('kind')).toEqual(['signature']);
  expect(lists(await collect(START + 15 * MINUTE_MS))).toBe(0);
  expect(lists(await collect(START + 20 * MINUTE_MS))).toBe(1);
  expect(lists(await collect(START + 39 * MINUTE_MS))).toBe(0);
});

it('asks once for each repository and once for each moving tag where nothing is new', async () => {
  await push('latest', 'one');
  await collect();
  const asked = await collect(START + MINUTE_MS);
  expect(asked).toEqual(['GET /v2/acme/mnist/tags/list', 'HEAD /v2/acme/mnist/manifests/latest']);
});

it('keeps a manifest that nothing stands for a week, and fetches none again that came back before', async () => {
  await collect();
  await fetch(`${server.url}/v2/acme/mnist/manifests/${image.digest}`, { method: 'DELETE' });
  const second = await push('2.0.0', 'two');
  await collect(START + MINUTE_MS);
  await collect(START + 2 * MINUTE_MS);
  expect(await knex('versions').pluck('id')).toHaveLength(1);
  const digests = () => knex('manifests').orderBy('id').pluck('digest');

  await forgetOld(knex, START + DAY_MS);
  expect(await digests()).toEqual([image.digest, second.digest]);
  await push('1.0.0', 'one');
  const asked = await collect(START + 2 * DAY_MS);
  expect(asked).not.toContain(`GET /v2/acme/mnist/manifests/${image.digest}`);
  await forgetOld(knex, START + 10 * DAY_MS);
  expect(await digests()).toEqual([image.digest, second.digest]);

  await fetch(`${server.url}/v2/acme/mnist/manifests/${image.digest}`, { method: 'DELETE' });
  await collect(START + 11 * DAY_MS);
  await collect(START + 11 * DAY_MS + MINUTE_MS);
  await forgetOld(knex, START + 12 * DAY_MS);
  expect(await forgetOld(knex, START + 20 * DAY_MS)).toBe(1);
  expect(await digests()).toEqual([second.digest]);
  expect(await knex('layers').pluck('occurrences')).toEqual([1, 1]);
  expect(await knex('configs').pluck('id')).toHaveLength(1);
});

it('counts a repository while some model names it, and forgets it a week later', async () => {
  await collect();
  const totals = async () => (await readReuseTotals(knex)).versions;
  expect(await totals()).toBe(1);
  const sync = (written?: string) =>
    createModelSync({
      knex,
      catalog: catalogServiceMock({ entities: [modelEntity('mnist', written)] }),
      auth: mockServices.auth(),
      entityTypes: ['ml-model'],
      registries: new Set([server.host]),
      now: () => START,
    }).sync();
  await sync();
  expect(await totals()).toBe(0);
  expect(await knex('layers').where('occurrences', '>', 0)).toEqual([]);
  await sync(`${server.host}/acme/mnist`);
  expect(await totals()).toBe(1);
  expect(await knex('layers').where('occurrences', '>', 0)).toHaveLength(2);

  await sync();
  await forgetOld(knex, START + 6 * DAY_MS);
  expect(await knex('repositories').pluck('path')).toEqual(['acme/mnist']);
  await forgetOld(knex, START + 8 * DAY_MS);
  expect(await knex('repositories').pluck('path')).toEqual([]);
  expect(await knex('repository_layers')).toEqual([]);
});
