import { OCI_CONFIG, OCI_LAYER_TAR, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createCluster, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import type { Knex } from 'knex';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../../../test/portal/database';
import { modelEntity } from '../../../../test/portal/portal';
import { layerBytes, pinned, pushIndex, pushSample, sampleDeployment } from '../../../../test/portal/release';
import { startWorld, type World } from '../../../../test/portal/world';
import { blobOf, jsonBytes, manifestOf } from '../../../../test/servers/registry/samples';
import { migrate } from '../database/migrate';
import { readModelEntity } from '../domain/model-entity';
import { writeModels } from '../store/model-store';
import { readSources, reconcileSources } from '../store/source-store';
import { collectCluster } from './collect-cluster';
import { collectRegistry } from './collect-registry';
import { recordCollection } from './collection';

const START = Date.parse('2026-09-01T10:00:00Z');
const HOUR_MS = 60 * 60 * 1000;
/** As the collectors' own, but that nobody waits ten seconds here. */
const TIMEOUTS = { connectMs: 300, answerMs: 300, idleMs: 300 };

let world: World;
let knex: Knex;
let repository: Repository;
let digest: string;

beforeEach(async () => {
  world = await startWorld();
  repository = { registry: world.registry.host, path: 'acme/mnist' };
  const image = await pushSample(
    world.client,
    repository,
    { layers: [{ bytes: layerBytes('base', 50) }] },
    'v1',
  );
  digest = image.digest;
  world.cluster.create(
    sampleDeployment({ name: 'mnist', model: 'mnist', image: pinned(repository, image.digest) }),
  );
  await world.settled();
  knex = await openDatabase();
  await migrate(knex);
  await prepare([world.registry.host]);
});
afterEach(async () => {
  await knex.destroy();
  await world.close();
});

const prepare = async (hosts: readonly string[], paths: readonly string[] = ['acme/mnist']) => {
  await reconcileSources(knex, [
    ...hosts.map(name => ({ kind: 'registry', name }) as const),
    { kind: 'cluster', name: 'test' },
  ]);
  const written = hosts.flatMap(host => paths.map(path => `${host}/${path}`)).join(',');
  await writeModels(knex, [readModelEntity(modelEntity('mnist', written), new Set(hosts))], START);
};

async function collectFromRegistry(now = START, host = world.registry.host) {
  const reader = createRegistry({ credentials: anonymous, timeouts: TIMEOUTS });
  const signal = AbortSignal.timeout(20_000);
  try {
    return await recordCollection(
      knex,
      { kind: 'registry', name: host },
      { now: () => now, collect: turn => collectRegistry({ knex, reader, host, turn, now, signal }) },
    );
  } finally {
    await reader.close();
  }
}

async function collectFromCluster(now = START, url = world.cluster.url) {
  const reader = createCluster({
    server: url,
    timeouts: { connectMs: 300, requestMs: 300 },
    attempts: 1,
  });
  try {
    return await recordCollection(
      knex,
      { kind: 'cluster', name: 'test' },
      {
        now: () => now,
        collect: turn => collectCluster({ knex, reader, name: 'test', namespaces: [], turn, now }),
      },
    );
  } finally {
    reader.close();
  }
}

const shown = async () => ({
  tags: (await knex('tags').orderBy('name').select<{ name: string }[]>('name')).map(({ name }) => name),
  workloads: (await knex('workloads').select<{ name: string }[]>('name')).map(({ name }) => name),
});
const sourceOf = async (kind: string) => (await readSources(knex)).find(source => source.kind === kind);

/** A server that answers as it likes, for as long as a test lasts. */
async function serve<T>(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  act: (host: string) => Promise<T>,
): Promise<T> {
  const server: Server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  try {
    return await act(`127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('a registry', () => {
  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [429, 'error'],
    [500, 'error'],
  ])(
    'that answers %s is told as %s, and what it had stays',
    async (status, state) => {
      await collectFromRegistry();
      const before = await shown();
      world.registry.faults.inject({ kind: 'answer', status, times: 100 });
      const failed = await collectFromRegistry(START + HOUR_MS);
      expect(failed.state).toBe(state);
      expect(await shown()).toEqual(before);
      expect(await sourceOf('registry')).toMatchObject({ state, observed_at: new Date(START).toISOString() });
    },
    30_000,
  );

  it('that wants fewer requests gets them, and is read all the same', async () => {
    const headers = { 'retry-after': '0' };
    world.registry.faults.inject({ kind: 'answer', status: 429, headers, times: 2 });
    expect(await collectFromRegistry()).toMatchObject({ state: 'ok', message: null });
    expect((await shown()).tags).toEqual(['v1']);
  }, 30_000);

  it('that takes its time is read, and one that hangs is given up', async () => {
    world.registry.faults.inject({ kind: 'slow', delayMs: 100 });
    expect((await collectFromRegistry()).state).toBe('ok');
    const state = await serve(
      () => undefined,
      async host => {
        await prepare([host]);
        return (await collectFromRegistry(START, host)).state;
      },
    );
    expect(['timeout', 'unreachable']).toContain(state);
  }, 30_000);

  it('that is silent tells no model of the repository of another', async () => {
    const paths = ['acme/one', 'acme/two', 'acme/three', 'acme/four', 'acme/five', 'acme/six'];
    const host = '127.0.0.1:9';
    await prepare([host], paths);
    const { message } = await collectFromRegistry(START, host);
    expect(message).toMatch(/^6 of 6 repositories could not be read: GET 127\.0\.0\.1:9/);
    const told = await knex('repositories')
      .where({ registry: host })
      .select<{ path: string; message: string | null }[]>('path', 'message');
    expect(told).toHaveLength(6);
    for (const path of paths) {
      expect(message).not.toContain(path);
      const others = told.filter(each => each.path !== path);
      expect(others.filter(each => each.message?.includes(path))).toEqual([]);
    }
  }, 30_000);

  it('that answers no JSON says so', async () => {
    world.registry.faults.inject({ kind: 'answer', status: 200, body: '<html>login</html>', times: 100 });
    const { state, example } = await collectFromRegistry();
    expect(state).toBe('error');
    expect(example).toContain('is not JSON');
  }, 30_000);

  it('that never comes to an end of its tags is given up', async () => {
    let pages = 0;
    const { state, example } = await serve(
      (_, response) => {
        pages += 1;
        const tags = Array.from({ length: 1000 }, (__, at) => `t${pages}-${at}`);
        response.writeHead(200, {
          'content-type': 'application/json',
          link: `</v2/acme/mnist/tags/list?n=1000&last=${pages}>; rel="next"`,
        });
        response.end(JSON.stringify({ name: 'acme/mnist', tags }));
      },
      async host => {
        await prepare([host]);
        return collectFromRegistry(START, host);
      },
    );
    expect(state).toBe('error');
    expect(example).toContain('has more than 50000 tags');
    expect(pages).toBe(51);
  }, 30_000);

  it('that never comes to an end of one answer is given up', async () => {
    let sentBytes = 0;
    const piece = Buffer.alloc(1024 * 1024, '"tag",');
    const { state, example } = await serve(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"tags":[');
        const send = () => {
          while (!response.destroyed && sentBytes < 5e9) {
            sentBytes += piece.length;
            if (!response.write(piece)) return void response.once('drain', send);
          }
        };
        send();
      },
      async host => {
        await prepare([host]);
        return collectFromRegistry(START, host);
      },
    );
    expect(state).toBe('error');
    expect(example).toContain('larger');
    expect(sentBytes).toBeLessThan(64e6);
  }, 30_000);

  it('that has a manifest of five gigabytes is not read to its end', async () => {
    let sentBytes = 0;
    const piece = Buffer.alloc(1024 * 1024, '[');
    const { state, message } = await serve(
      (request, response) => {
        const type = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
        if (request.url?.includes('tags/list') === true) {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ name: 'acme/mnist', tags: ['huge'] }));
        } else if (request.method === 'HEAD') {
          response.writeHead(200, { ...type, 'docker-content-digest': `sha256:${'0'.repeat(64)}` }).end();
        } else {
          response.writeHead(200, type);
          const send = () => {
            while (!response.destroyed && sentBytes < 5e9) {
              sentBytes += piece.length;
              if (!response.write(piece)) return void response.once('drain', send);
            }
          };
          send();
        }
      },
      async host => {
        await prepare([host]);
        return collectFromRegistry(START, host);
      },
    );
    expect({ state, message }).toEqual({ state: 'ok', message: null });
    expect(await knex('repositories').whereNotNull('message').pluck('message')).toEqual([
      expect.stringMatching(/^1 version could not be read, such as .*larger/),
    ]);
    expect(sentBytes).toBeLessThan(64e6);
  }, 30_000);

  it('that has a manifest of a hundred thousand layers keeps none of them', async () => {
    const config = blobOf(
      jsonBytes({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } }),
      OCI_CONFIG,
    );
    await world.client.uploadBlob(repository, config);
    const layer = (at: number) => ({
      mediaType: OCI_LAYER_TAR,
      digest: `sha256:${at.toString(16).padStart(64, '0')}` as never,
      size: 1,
    });
    for (const [tag, count] of [
      ['bomb', 100_000],
      ['spark', 5_000],
    ] as const) {
      const { bytes, mediaType } = manifestOf(
        config.descriptor,
        Array.from({ length: count }, (_, at) => layer(at)),
      );
      const url = `${world.registry.url}/v2/acme/mnist/manifests/${tag}`;
      await fetch(url, { method: 'PUT', headers: { 'content-type': mediaType }, body: bytes });
    }
    const { state } = await collectFromRegistry();
    expect(state).toBe('ok');
    expect((await shown()).tags).toEqual(['v1']);
    expect(await knex('layers').select('id')).toHaveLength(1);
  }, 60_000);

  it('that lacks one image of an index shows the others', async () => {
    const { client, registry } = world;
    const push = (architecture: string) =>
      pushSample(client, repository, { layers: [{ bytes: layerBytes(architecture, 10) }], architecture });
    const [amd64, arm64] = [await push('amd64'), await push('arm64')];
    const images = [
      { image: amd64, architecture: 'amd64' },
      { image: arm64, architecture: 'arm64' },
    ];
    await pushIndex(client, repository, images, '2.0.0');
    await fetch(`${registry.url}/v2/acme/mnist/manifests/${arm64.digest}`, { method: 'DELETE' });
    expect(await collectFromRegistry()).toMatchObject({ state: 'ok', message: null });
    expect((await shown()).tags).toEqual(['2.0.0', 'v1']);
    expect(await knex('version_images').orderBy('version_id').pluck('platform')).toEqual([
      'linux/amd64',
      'linux/amd64',
    ]);
  }, 30_000);

  it('that vanishes for an hour is as it was when it comes back', async () => {
    await collectFromRegistry();
    const before = await shown();
    world.registry.faults.inject({ kind: 'cut-answer', afterBytes: 0, times: 200 });
    await collectFromRegistry(START + HOUR_MS / 2);
    expect(await shown()).toEqual(before);
    world.registry.faults.clear();
    await pushSample(world.client, repository, { layers: [{ bytes: layerBytes('new', 50) }] }, 'v2');
    expect((await collectFromRegistry(START + HOUR_MS)).state).toBe('ok');
    expect((await shown()).tags).toEqual(['v1', 'v2']);
  }, 60_000);
});

describe('a cluster', () => {
  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [429, 'error'],
    [500, 'error'],
  ])(
    'that answers %s is told as %s, and what it showed stays',
    async (status, state) => {
      await collectFromCluster();
      const before = await shown();
      expect(before.workloads).toEqual(['mnist']);
      world.cluster.faults.plant({ url: /\/deployments/, status });
      expect((await collectFromCluster(START + HOUR_MS)).state).toBe(state);
      expect(await shown()).toEqual(before);
      world.cluster.faults.clear();
      expect((await collectFromCluster(START + 2 * HOUR_MS)).state).toBe('ok');
    },
    30_000,
  );

  it('that hangs is given up, and one that is slow is read', async () => {
    world.cluster.faults.plant({ url: /\/pods/, delayMs: 100 });
    expect((await collectFromCluster()).state).toBe('ok');
    world.cluster.faults.clear();
    world.cluster.faults.plant({ url: /\/pods/, delayMs: 1000 });
    expect((await collectFromCluster()).state).toBe('timeout');
    await sleep(1000);
  }, 30_000);

  it('that hangs up, or answers a page of a proxy, is told', async () => {
    world.cluster.faults.plant({ url: /\/pods/, hangUp: true });
    expect((await collectFromCluster()).state).toBe('unreachable');
    world.cluster.faults.clear();
    const page = { headers: { 'content-type': 'text/html' }, body: '<html>sign in</html>' };
    world.cluster.faults.plant({ url: /\/pods/, raw: page, status: 200 });
    expect((await collectFromCluster()).state).toBe('error');
  }, 30_000);
});

it('takes what a clock set forward had noted for long ago', async () => {
  await pushSample(world.client, repository, { layers: [{ bytes: layerBytes('fixed', 50) }] }, '1.0.0');
  await collectFromRegistry(START + 1000 * HOUR_MS);
  const before = world.registry.requests.length;
  const { state } = await collectFromRegistry(START);
  expect(state).toBe('ok');
  const asked = world.registry.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
  expect(asked).toContain('HEAD /v2/acme/mnist/manifests/1.0.0');
  expect((await sourceOf('registry'))?.observed_at).toBe(new Date(START).toISOString());
  expect((await shown()).tags).toEqual(['1.0.0', 'v1']);
  expect(digest).toMatch(/^sha256:/);
}, 30_000);
