import { parseDigest, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { blobOf, patientClock, pushImage } from '../../../../test/servers/registry/samples';
import {
  type RegistryServer,
  type RegistryServerOptions,
  startRegistry,
} from '../../../../test/servers/registry/server';
import { anonymous } from './credential';
import { createRegistry, type RegistryOptions } from './registry';

const MEBIBYTE = 1024 * 1024;
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(server: RegistryServerOptions = {}): Promise<RegistryServer> {
  const started = await startRegistry(server);
  ends.push(() => started.close());
  return started;
}

function client(options: Partial<RegistryOptions> = {}) {
  const clock = patientClock();
  const registry = createRegistry({ credentials: anonymous, clock, random: () => 1, ...options });
  ends.push(() => registry.close());
  return Object.assign(registry, { clock });
}

const repositoryOf = ({ host }: RegistryServer, path = 'acme/app'): Repository => ({ registry: host, path });
const served = ({ requests }: RegistryServer) =>
  requests.map(({ method, path, status }) => `${method} ${path.replace(/[0-9a-f-]{36}/, '<id>')} ${status}`);

async function readAll(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

describe('an upload', () => {
  it('is one stream: POST, PATCH, PUT', async () => {
    const server = await start();
    await client().uploadBlob(repositoryOf(server), blobOf(randomBytes(MEBIBYTE)));
    expect(served(server)).toEqual([
      'POST /v2/acme/app/blobs/uploads/ 202',
      'PATCH /v2/acme/app/blobs/uploads/<id> 202',
      'PUT /v2/acme/app/blobs/uploads/<id> 201',
    ]);
    expect(server.requests[1]?.headers).not.toHaveProperty('content-range');
    expect(server.requests[1]?.headers['content-length']).toBe(String(MEBIBYTE));
  });

  it('goes on where the connection broke', async () => {
    const server = await start();
    server.faults.inject({ method: 'PATCH', kind: 'cut-request', afterBytes: MEBIBYTE, times: 2 });
    const blob = blobOf(randomBytes(4 * MEBIBYTE));
    const { clock, ...registry } = client();

    await registry.uploadBlob(repositoryOf(server), blob);

    const sent = server.requests.filter(({ method }) => method === 'PATCH');
    expect(sent.map(({ receivedBytes }) => receivedBytes / MEBIBYTE)).toEqual([1, 1, 2]);
    expect(sent.map(({ headers }) => headers['content-range'])).toEqual([
      undefined,
      `${MEBIBYTE}-${4 * MEBIBYTE - 1}`,
      `${2 * MEBIBYTE}-${4 * MEBIBYTE - 1}`,
    ]);
    expect(clock.sleptMs).toEqual([500, 500]);
    expect(await registry.hasBlob(repositoryOf(server), blob.descriptor.digest)).toBe(true);
  });

  it('survives more broken connections than tries, as long as it gets on', async () => {
    const server = await start();
    server.faults.inject({ method: 'PATCH', kind: 'cut-request', afterBytes: 100_000, times: 9 });
    await client().uploadBlob(repositoryOf(server), blobOf(randomBytes(MEBIBYTE)));
    expect(served(server).at(-1)).toBe('PUT /v2/acme/app/blobs/uploads/<id> 201');
  });

  it('gives up where it does not get on', async () => {
    const server = await start();
    server.faults.inject({ method: 'PATCH', kind: 'cut-request', afterBytes: 0, times: 99 });
    const failure = client().uploadBlob(repositoryOf(server), blobOf(randomBytes(1000)));
    await expect(failure).rejects.toMatchObject({ code: 'unreachable' });
    expect(server.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(5);
  });

  it('begins anew where the registry has lost it', async () => {
    const server = await start();
    const gone = { status: 404, body: '{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]}' };
    server.faults.inject({ method: 'PATCH', kind: 'cut-request', afterBytes: 1000 });
    server.faults.inject({ method: 'GET', kind: 'answer', ...gone });
    await client().uploadBlob(repositoryOf(server), blobOf(randomBytes(100_000)));
    expect(served(server)).toEqual([
      'POST /v2/acme/app/blobs/uploads/ 202',
      'PATCH /v2/acme/app/blobs/uploads/<id> 0',
      'GET /v2/acme/app/blobs/uploads/<id> 404',
      expect.stringMatching(/^HEAD .* 404$/) as string,
      'POST /v2/acme/app/blobs/uploads/ 202',
      'PATCH /v2/acme/app/blobs/uploads/<id> 202',
      'PUT /v2/acme/app/blobs/uploads/<id> 201',
    ]);
  });

  it('is not repeated where only its last answer was lost', async () => {
    const server = await start();
    server.faults.inject({ method: 'PUT', kind: 'lose-answer' });
    await client().uploadBlob(repositoryOf(server), blobOf(randomBytes(1000)));
    expect(server.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
    expect(served(server).at(-1)).toMatch(/^HEAD .* 200$/);
  });

  it('is refused where the registry stored something else', async () => {
    const server = await start();
    server.faults.inject({ method: 'PUT', kind: 'lying-digest' });
    const failure = client().uploadBlob(repositoryOf(server), blobOf(randomBytes(1000)));
    await expect(failure).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  it('stops when it is cancelled', async () => {
    const server = await start();
    server.faults.inject({ method: 'PATCH', kind: 'slow', delayMs: 60_000 });
    const cancel = new AbortController();
    const failure = client().uploadBlob(repositoryOf(server), blobOf(randomBytes(1000)), {
      signal: cancel.signal,
    });
    while (server.requests.length < 2) await sleep(5);
    cancel.abort();
    await expect(failure).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.requests).toHaveLength(2);
  });
});

describe('a download', () => {
  async function withBlob(sizeBytes: number) {
    const server = await start();
    const registry = client();
    const blob = blobOf(randomBytes(sizeBytes));
    const repository = repositoryOf(server);
    await registry.uploadBlob(repository, blob);
    const read = async () => readAll(await registry.openBlob(repository, blob.descriptor));
    return { server, registry, repository, blob, read, bytes: await readAll(blob.open(0)) };
  }

  it('asks for the rest after a broken connection', async () => {
    const { server, read, bytes } = await withBlob(3 * MEBIBYTE);
    server.faults.inject({ method: 'GET', kind: 'cut-answer', afterBytes: MEBIBYTE });
    expect((await read()).equals(bytes)).toBe(true);
    expect(served(server).filter(line => line.startsWith('GET'))).toEqual([
      expect.stringMatching(/200$/) as string,
      expect.stringMatching(/206$/) as string,
    ]);
  });

  it('fails on wrong bytes', async () => {
    const { server, read } = await withBlob(1000);
    server.faults.inject({ method: 'GET', kind: 'wrong-bytes' });
    await expect(read()).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  it('asks for the rest of what ended too soon', async () => {
    const { server, read, bytes } = await withBlob(1000);
    server.faults.inject({ method: 'GET', kind: 'short-answer', bytes: 500 });
    expect((await read()).equals(bytes)).toBe(true);
  });

  it('fails on what always ends too soon', async () => {
    const { server, read } = await withBlob(1000);
    server.faults.inject({ method: 'GET', kind: 'short-answer', bytes: 0, times: 99 });
    await expect(read()).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  it('cuts off what is longer than announced', async () => {
    const { registry, repository, blob } = await withBlob(MEBIBYTE);
    const descriptor = { ...blob.descriptor, size: 1000 };
    await expect(readAll(await registry.openBlob(repository, descriptor))).rejects.toThrow(
      'more than the announced 1000 bytes',
    );
  });

  it('does not read into memory what is larger than it may be', async () => {
    const { server, registry, repository, blob } = await withBlob(1000);
    const failure = registry.readBlob(repository, blob.descriptor, { maxBytes: 999 });
    await expect(failure).rejects.toMatchObject({ code: 'too-large' });
    expect(server.requests.filter(({ method }) => method === 'GET')).toEqual([]);
  });

  it('leaves the connection when nobody reads on', async () => {
    const { registry, repository, blob } = await withBlob(3 * MEBIBYTE);
    const stream = await registry.openBlob(repository, blob.descriptor);
    stream.destroy();
    expect(await registry.hasBlob(repository, blob.descriptor.digest)).toBe(true);
  });
});

describe('a redirect', () => {
  it('is followed to another host without the Authorization', async () => {
    const store = await start();
    const users = { user: { password: 'hunter2' } };
    const server = await start({ auth: { kind: 'basic', users } });
    const registry = client({
      credentials: () => Promise.resolve({ kind: 'basic', username: 'user', password: 'hunter2' }),
    });
    const blob = blobOf(randomBytes(1000));
    await client().uploadBlob(repositoryOf(store, 'store'), blob);
    await registry.uploadBlob(repositoryOf(server), blob);
    const location = `${store.url}/v2/store/blobs/${blob.descriptor.digest}?signature=secret`;
    server.faults.inject({ method: 'GET', kind: 'answer', status: 307, headers: { location } });

    const bytes = await registry.readBlob(repositoryOf(server), blob.descriptor);

    expect(bytes).toHaveLength(1000);
    expect(server.requests.at(-1)?.headers.authorization).toMatch(/^Basic /);
    expect(store.requests.at(-1)?.headers).not.toHaveProperty('authorization');
  });

  it.each(['http://169.254.169.254/latest/', 'http://internal.example/', 'ftp://127.0.0.1/'])(
    'to %s is refused',
    async location => {
      const server = await start();
      server.faults.inject({ kind: 'answer', status: 302, headers: { location } });
      const failure = client().getManifest(repositoryOf(server), 'v1');
      await expect(failure).rejects.toMatchObject({ code: 'forbidden' });
    },
  );

  it('in a circle ends', async () => {
    const server = await start();
    const headers = { location: '/v2/acme/app/manifests/v1' };
    server.faults.inject({ kind: 'answer', status: 302, headers, times: 99 });
    await expect(client().getManifest(repositoryOf(server), 'v1')).rejects.toThrow('too many redirects');
    expect(server.requests).toHaveLength(6);
  });
});

describe('the list of tags', () => {
  it('is read page by page', async () => {
    const server = await start({ tagsPerPage: 2 });
    const registry = client();
    await pushImage(registry, repositoryOf(server), 'v1');
    const manifest = await registry.getManifest(repositoryOf(server), 'v1');
    for (const tag of ['v2', 'v3', 'v4', 'v5']) {
      await registry.putManifest(repositoryOf(server), tag, manifest);
    }
    const tags: string[] = [];
    for await (const tag of registry.listTags(repositoryOf(server))) tags.push(tag);
    expect(tags).toEqual(['v1', 'v2', 'v3', 'v4', 'v5']);
    const pages = server.requests.filter(({ path }) => path.endsWith('/tags/list'));
    expect(pages.map(({ query }) => query)).toEqual(['?n=1000', '?n=2&last=v2', '?n=2&last=v4']);
  });

  it.each([
    ['<https://evil.example/v2/acme/app/tags/list?last=a>; rel="next"', 'another host'],
    ['</v2/acme/app/tags/list?n=1000>; rel="next"', 'in a circle'],
  ])('does not follow %s', async (link, reason) => {
    const server = await start();
    const body = '{"name":"acme/app","tags":["a"]}';
    server.faults.inject({ kind: 'answer', status: 200, headers: { link }, body, times: 9 });
    const list = async () => {
      for await (const tag of client().listTags(repositoryOf(server))) expect(tag).toBe('a');
    };
    await expect(list()).rejects.toThrow(reason);
    expect(server.requests).toHaveLength(1);
  });
});

describe('a failure', () => {
  it.each([
    [403, 'forbidden', 'DENIED: requested access is denied'],
    [404, 'not-found', 'NAME_UNKNOWN: no such name'],
    [413, 'too-large', 'SIZE_INVALID: too big'],
    [400, 'upstream', 'MANIFEST_INVALID: bad'],
  ])('with %d is not repeated and names act, thing and reason', async (status, code, reason) => {
    const server = await start();
    const [errorCode, message] = reason.split(': ');
    const body = JSON.stringify({ errors: [{ code: errorCode, message }] });
    server.faults.inject({ kind: 'answer', status, body, times: 9 });
    const failure = client().getManifest(repositoryOf(server), 'v1');
    await expect(failure).rejects.toMatchObject({
      code,
      message: `GET ${server.host}/acme/app/manifests/v1: ${reason}`,
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each([500, 502, 503, 408, 425])('with %d is ridden out', async status => {
    const server = await start();
    const registry = client();
    const { digest } = await pushImage(registry, repositoryOf(server), 'v1');
    server.faults.inject({ kind: 'answer', status, body: '<html>proxy</html>', times: 4 });
    expect(await registry.getManifest(repositoryOf(server), 'v1')).toMatchObject({ digest });
    expect(registry.clock.sleptMs).toEqual([500, 1000, 2000, 4000]);
  });

  it('with 429 waits as long as the registry asks', async () => {
    const server = await start();
    server.faults.inject({ kind: 'answer', status: 429, headers: { 'retry-after': '30' } });
    const registry = client();
    const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
    expect(await registry.hasBlob(repositoryOf(server), digest)).toBe(false);
    expect(registry.clock.sleptMs).toEqual([30_000]);
  });

  it('to connect says so', async () => {
    const gone = createServer();
    await new Promise<void>(resolve => gone.listen(0, '127.0.0.1', resolve));
    const address = gone.address();
    const registry = `127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
    await new Promise(resolve => gone.close(resolve));
    await expect(client().getManifest({ registry, path: 'app' }, 'v1')).rejects.toMatchObject({
      code: 'unreachable',
      message: `GET ${registry}/app/manifests/v1: the connection failed (ECONNREFUSED)`,
    });
  });

  it('to answer in time is ridden out', async () => {
    const server = await start();
    server.faults.inject({ kind: 'slow', delayMs: 60_000 });
    const registry = client({ timeouts: { answerMs: 20 } });
    expect(await registry.headManifest(repositoryOf(server), 'v1')).toBeUndefined();
    expect(registry.clock.sleptMs).toEqual([500]);
  });

  it.each(['lying-digest', 'wrong-bytes'] as const)('by %s of a manifest is found', async kind => {
    const server = await start();
    const registry = client();
    await pushImage(registry, repositoryOf(server), 'v1');
    server.faults.inject({ method: 'GET', kind });
    const failure = registry.getManifest(repositoryOf(server), 'v1');
    await expect(failure).rejects.toMatchObject({ code: 'digest-mismatch' });
  });
});

it('keeps what a folder holds over a restart of the registry', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'modelpier-registry-'));
  ends.push(() => rm(dataDir, { recursive: true }));
  const first = await startRegistry({ dataDir });
  const { digest, layer } = await pushImage(client(), repositoryOf(first), 'v1');
  await first.close();
  const second = await start({ dataDir });
  const repository = repositoryOf(second);
  expect(await client().headManifest(repository, 'v1')).toMatchObject({ digest });
  expect(await client().readBlob(repository, layer.descriptor)).toHaveLength(1000);
});
