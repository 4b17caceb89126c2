import type { Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { randomBytes } from 'node:crypto';
import { pushBase, pushIndex } from '../../../../test/servers/registry/base-images';
import { patientClock, pushImage } from '../../../../test/servers/registry/samples';
import { type RegistryServer, startRegistry } from '../../../../test/servers/registry/server';
import { copyImage } from './copy-image';
import { copyTag } from './copy-tag';
import { anonymous } from './credential';
import { createRegistry } from './registry';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(): Promise<RegistryServer> {
  const server = await startRegistry();
  ends.push(() => server.close());
  return server;
}

function client() {
  const registry = createRegistry({ credentials: anonymous, clock: patientClock() });
  ends.push(() => registry.close());
  return registry;
}

const at = ({ host }: RegistryServer, path: string): Repository => ({ registry: host, path });
const sentBytes = ({ requests }: RegistryServer) =>
  requests
    .filter(({ method }) => method === 'PATCH')
    .reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);

describe('a tag', () => {
  it('is given to an image without moving a blob', async () => {
    const server = await start();
    const registry = client();
    const { digest } = await pushImage(registry, at(server, 'app'), '1.0.0');
    server.requests.length = 0;

    const copied = await copyTag(registry, at(server, 'app'), { from: '1.0.0', to: 'production' });

    expect(copied).toEqual({ digest, changed: true });
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v2/app/manifests/1.0.0',
      'HEAD /v2/app/manifests/production',
      'PUT /v2/app/manifests/production',
    ]);
    expect(await registry.headManifest(at(server, 'app'), 'production')).toMatchObject({ digest });
  });

  it('stays where it names the image already', async () => {
    const server = await start();
    const registry = client();
    const { digest } = await pushImage(registry, at(server, 'app'), '1.0.0');
    await copyTag(registry, at(server, 'app'), { from: digest, to: 'production' });
    server.requests.length = 0;
    const again = await copyTag(registry, at(server, 'app'), { from: '1.0.0', to: 'production' });
    expect(again).toEqual({ digest, changed: false });
    expect(server.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('of an image that is not there is an error', async () => {
    const server = await start();
    const copied = copyTag(client(), at(server, 'app'), { from: '1.0.0', to: 'production' });
    await expect(copied).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('an image', () => {
  it('goes to another repository by mounts alone', async () => {
    const server = await start();
    const registry = client();
    const { digest } = await pushBase(registry, at(server, 'team/app'), { layers: [randomBytes(5000)] });
    server.requests.length = 0;
    const copy = {
      from: at(server, 'team/app'),
      tagOrDigest: 'v1',
      to: at(server, 'prod/app'),
      tags: ['v1'],
    };
    const copied = await copyImage(registry, copy);
    expect(copied.digest).toBe(digest);
    expect(copied.blobs.map(({ fate }) => fate)).toEqual(['mounted', 'mounted']);
    expect(sentBytes(server)).toBe(0);
  });

  it('goes to another registry with every platform, and a second time not at all', async () => {
    const [from, to] = [await start(), await start()];
    const registry = client();
    const shared = randomBytes(50_000);
    const images = {
      amd64: await pushBase(registry, at(from, 'app'), { layers: [shared, randomBytes(100)] }),
      arm64: await pushBase(registry, at(from, 'app'), {
        architecture: 'arm64',
        layers: [shared, randomBytes(100)],
      }),
    };
    const digest = await pushIndex(registry, at(from, 'app'), { tag: 'v2', images });
    const copy = { from: at(from, 'app'), tagOrDigest: 'v2', to: at(to, 'copy'), tags: ['v2', 'latest'] };

    const copied = await copyImage(registry, copy);

    expect(copied.digest).toBe(digest);
    // Two configs, two layers, and the shared one once.
    expect(copied.blobs.map(({ fate }) => fate)).toEqual(Array.from({ length: 5 }, () => 'copied'));
    const { document } = await registry.getManifest(at(to, 'copy'), 'latest');
    expect(document).toMatchObject({ manifests: [{ platform: { architecture: 'amd64' } }, {}] });
    to.requests.length = 0;
    const again = await copyImage(registry, copy);
    expect(new Set(again.blobs.map(({ fate }) => fate))).toEqual(new Set(['present']));
    expect(sentBytes(to)).toBe(0);
  });

  it('gets no tag where a blob cannot be copied', async () => {
    const [from, to] = [await start(), await start()];
    const registry = client();
    await pushBase(registry, at(from, 'app'), { layers: [randomBytes(5000)] });
    to.faults.inject({ method: 'PATCH', kind: 'answer', status: 403, times: 99 });
    const copy = { from: at(from, 'app'), tagOrDigest: 'v1', to: at(to, 'copy'), tags: ['v1'] };
    await expect(copyImage(registry, copy)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await registry.headManifest(at(to, 'copy'), 'v1')).toBeUndefined();
  });

  it('stops when it is cancelled', async () => {
    const [from, to] = [await start(), await start()];
    const registry = client();
    await pushBase(registry, at(from, 'app'), { layers: [randomBytes(5000)] });
    const stop = new AbortController();
    to.faults.inject({ method: 'POST', kind: 'slow', delayMs: 60_000, times: 9 });
    const copy = { from: at(from, 'app'), tagOrDigest: 'v1', to: at(to, 'copy'), tags: ['v1'] };
    const copying = copyImage(registry, { ...copy, signal: stop.signal });
    setTimeout(() => {
      stop.abort();
    }, 20);
    await expect(copying).rejects.toMatchObject({ code: 'cancelled' });
  });
});
