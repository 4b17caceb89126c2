import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { type FileHandle, open, stat, truncate, utimes } from 'node:fs/promises';
import type { Fault } from '../servers/registry/faults';
import { blobOf } from '../servers/registry/samples';
import { isWhole, login, sampleBuild } from '../servers/registry/sample-build';
import { type RegistryServerOptions, startRegistry } from '../servers/registry/server';

/** Each waits for tries of its own, and a busy machine takes its time. */
jest.setTimeout(30_000);

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  for (const end of ends.splice(0).reverse()) await end();
});

const WEIGHTS = randomBytes(200_000);
const USERS = { ada: { password: 'hunter2' } };

async function stage(options: RegistryServerOptions = {}, weights: Uint8Array = WEIGHTS) {
  const server = await startRegistry(options);
  ends.push(() => server.close());
  const repository = { registry: server.host, path: 'acme/digits' };
  const base = { registry: server.host, path: 'acme/torch' };
  const credentials = options.auth === undefined ? anonymous : login('ada', 'hunter2');
  const sample = await sampleBuild({ repository, base, credentials, weights });
  ends.push(() => sample.close());
  server.requests.length = 0;
  const weightsFile = sample.request.files[0]!.absolutePath;
  return { ...sample, server, repository, weightsFile };
}
type Stage = Awaited<ReturnType<typeof stage>>;

/** No tag may name an image that cannot be run. */
async function assertNoHalfImage({ registry, repository, request }: Stage): Promise<number> {
  let tagged = 0;
  for (const tag of request.tags) {
    if ((await registry.headManifest(repository, tag)) === undefined) continue;
    expect(await isWhole(registry, repository, tag)).toBe(true);
    tagged++;
  }
  return tagged;
}

/** What a broken run left undone, and no byte more. */
async function assertNextRunFinishes(staged: Stage): Promise<void> {
  const { build, registry, repository, request, server } = staged;
  server.faults.clear();
  const had = new Set<string>();
  const whole = await build({ dryRun: true });
  for (const { digest, fate } of whole.image.layers) if (fate === 'present') had.add(digest);
  server.requests.length = 0;
  const { image } = await build();
  for (const { digest, fate } of image.layers) expect(fate === 'present').toBe(had.has(digest));
  const sent = server.requests
    .filter(({ method, path }) => method === 'PATCH' && path.includes('/blobs/uploads/'))
    .reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
  const config = server.requests.some(({ method }) => method === 'PATCH') ? 10_000 : 0;
  expect(sent).toBeLessThanOrEqual(image.bytesPushed + config);
  expect(await assertNoHalfImage(staged)).toBe(request.tags.length);
  const { digest } = await registry.getManifest(repository, 'latest');
  expect(digest).toBe(image.digest);
}

/**
 * A push to one repository after another, each with the fault at another of its requests: at every one
 * with `step` 1, else at as many as a quick test allows.
 */
async function atRequests(
  { step, ...options }: RegistryServerOptions & { readonly step: number },
  check: (staged: Stage, after: number) => Promise<void>,
): Promise<void> {
  const staged = await stage(options);
  const count = await requestsOf(staged);
  for (let after = 0; after < count; after += step) {
    const repository = { ...staged.repository, path: `acme/digits-${after}` };
    const build: Stage['build'] = change => staged.build({ repositories: [repository], ...change });
    staged.server.faults.clear();
    staged.server.requests.length = 0;
    await check({ ...staged, repository, build }, after);
  }
}

async function requestsOf({ build, server }: Stage): Promise<number> {
  await build();
  return server.requests.length;
}

describe('a connection cut while the weights are sent', () => {
  const offsets = [0, 1, 2, 511, 512, 65_536, 199_999, 201_216, 202_239];
  const anywhere = Array.from({ length: 6 }, () => Math.floor(Math.random() * 202_240));

  it.each([...offsets, ...anywhere])('after %d bytes costs only what was on its way', async afterBytes => {
    const staged = await stage();
    const { build, server, request } = staged;
    const { image } = await build({ dryRun: true });
    const size = image.layers.find(({ kind }) => kind === 'weights')!.sizeBytes;
    server.requests.length = 0;
    server.faults.inject({ method: 'PATCH', kind: 'cut-request', afterBytes });
    await build();
    const sent = server.requests.filter(
      ({ method, headers }) => method === 'PATCH' && Number(headers['content-length']) > 10_000,
    );
    const receivedBytes = sent.reduce((sum, patch) => sum + patch.receivedBytes, 0);
    // A registry says the same of one byte as of none.
    expect(receivedBytes).toBeLessThanOrEqual(size + 1);
    expect(await assertNoHalfImage(staged)).toBe(request.tags.length);
  });
});

describe('a fault at a request of a push', () => {
  const ridden: readonly (readonly [string, Fault, step: number])[] = [
    ['a lost answer', { kind: 'lose-answer' }, 1],
    ['a 500', { kind: 'answer', status: 500, body: 'oops' }, 3],
    ['a burst of 502', { kind: 'answer', status: 502, body: '<html>proxy</html>', times: 4 }, 3],
    ['a 429', { kind: 'answer', status: 429, headers: { 'retry-after': '3' } }, 3],
    ['a broken connection', { kind: 'cut-request', afterBytes: 0 }, 1],
  ];

  it.each(ridden)('%s is ridden out', async (_, fault, step) => {
    await atRequests({ step }, async (staged, after) => {
      staged.server.faults.inject({ ...fault, after });
      await staged.build();
      expect(await assertNoHalfImage(staged)).toBe(2);
    });
  });

  it('a 401 to a password is not answered with the same again', async () => {
    const headers = { 'www-authenticate': 'Basic realm="x"' };
    await atRequests({ step: 1, auth: { kind: 'basic', users: USERS } }, async (staged, after) => {
      staged.server.faults.inject({ kind: 'answer', status: 401, headers, after });
      await staged.build().catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'unauthorized' });
      });
      staged.server.faults.clear();
      await assertNoHalfImage(staged);
    });
  });

  it.each([
    ['a refusal', { kind: 'answer', status: 403, times: 99 }],
    ['an outage', { kind: 'answer', status: 503, times: 99 }],
    ['a lying digest', { kind: 'lying-digest', times: 99 }],
  ] satisfies [string, Fault][])(
    '%s that stays leaves no half image, and a second run finishes',
    async (_, fault) => {
      await atRequests({ step: 2 }, async (staged, after) => {
        staged.server.faults.inject({ ...fault, after });
        await staged.build().catch((error: unknown) => {
          expect(error).toBeInstanceOf(ModelpierError);
        });
        staged.server.faults.clear();
        await assertNoHalfImage(staged);
        await assertNextRunFinishes(staged);
      });
    },
  );
});

it.each(['HEAD', 'POST', 'PATCH', 'PUT'])('goes on with a new token when %s gets a 401', async method => {
  const staged = await stage({ auth: { kind: 'bearer', users: USERS } });
  const log = staged.server.requests;
  const push = log.push.bind(log);
  let isRevoked = false;
  log.push = (...items) => {
    if (!isRevoked && items[0]?.method === method && items[0].path.includes('acme/digits/blobs')) {
      isRevoked = true;
      staged.server.revokeTokens();
    }
    return push(...items);
  };
  await staged.build();
  expect(isRevoked).toBe(true);
  expect(await assertNoHalfImage(staged)).toBe(2);
});

describe('a registry that', () => {
  it.each(['PATCH', 'PUT', 'GET'])('forgets an upload before %s gets it again', async method => {
    const staged = await stage();
    const { server, build } = staged;
    const body = '{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN","message":"blob upload unknown to registry"}]}';
    if (method === 'GET') server.faults.inject({ method: 'PATCH', kind: 'cut-request', afterBytes: 70_000 });
    server.faults.inject({ method, path: /uploads/, kind: 'answer', status: 404, body });
    await build();
    expect(await assertNoHalfImage(staged)).toBe(2);
  });

  it('forgets every upload is an error, and the second run finishes', async () => {
    const staged = await stage();
    const { server, build } = staged;
    server.faults.inject({ method: 'PUT', path: /uploads/, kind: 'answer', status: 404, times: 99 });
    await expect(build()).rejects.toMatchObject({ code: 'not-found' });
    expect(await assertNoHalfImage(staged)).toBe(0);
    await assertNextRunFinishes(staged);
  });

  it.each(['short-answer', 'wrong-bytes', 'cut-answer'] as const)(
    'answers %s to a base that is copied never spoils the image',
    async kind => {
      const from = await stage();
      const to = await stage();
      from.server.faults.inject({ path: /torch\/blobs/, kind, bytes: 20, afterBytes: 20, times: 2 });
      const built = to.build({ baseImage: from.request.baseImage });
      const failed = await built.then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failed !== undefined)
        expect(failed).toMatchObject({ code: expect.stringMatching(/digest-mismatch|invalid/) as unknown });
      await assertNoHalfImage(to);
      from.server.faults.clear();
      await to.build({ baseImage: from.request.baseImage });
      expect(await assertNoHalfImage(to)).toBe(2);
    },
  );

  it('stops reading is asked anew', async () => {
    const { server, clock, repository } = await stage();
    const registry = createRegistry({ credentials: anonymous, clock, timeouts: { commitMs: 50 } });
    ends.push(() => registry.close());
    server.faults.inject({ method: 'PATCH', kind: 'slow', delayMs: 60_000 });
    const blob = blobOf(Buffer.alloc(20_000_000));
    await registry.uploadBlob(repository, blob);
    expect(await registry.hasBlob(repository, blob.descriptor.digest)).toBe(true);
  });
});

describe('a file', () => {
  const damaged = {
    code: 'digest-mismatch',
    message: 'model.pt changed while the image was being built',
  };

  it.each([
    ['gets other bytes', (file: string) => writeFileSync(file, randomBytes(WEIGHTS.byteLength))],
    ['gets longer', (file: string) => writeFileSync(file, randomBytes(WEIGHTS.byteLength + 1))],
    ['gets shorter', (file: string) => writeFileSync(file, randomBytes(1000))],
  ])('that %s after it was hashed ends the run', async (_, change) => {
    const staged = await stage();
    const build = staged.build({
      onEvent: event => {
        if (event.type === 'packed' && event.layer.kind === 'weights') change(staged.weightsFile);
      },
    });
    await expect(build).rejects.toMatchObject(damaged);
    expect(await assertNoHalfImage(staged)).toBe(0);
  });

  it('that changes while it is sent ends the run', async () => {
    const staged = await stage({}, randomBytes(6_000_000));
    afterReads(8, () => {
      writeFileSync(staged.weightsFile, randomBytes(6_000_000));
    });
    await expect(staged.build()).rejects.toMatchObject(damaged);
    expect(await assertNoHalfImage(staged)).toBe(0);
  });

  it('that is cut off while it is sent ends the run', async () => {
    const staged = await stage({}, randomBytes(6_000_000));
    afterReads(8, () => truncate(staged.weightsFile, 1000));
    await expect(staged.build()).rejects.toMatchObject(damaged);
    expect(await assertNoHalfImage(staged)).toBe(0);
  });

  it('that changes without a trace is found by the registry', async () => {
    const staged = await stage();
    const { atime, mtime } = await stat(staged.weightsFile);
    await utimes(staged.weightsFile, atime, mtime);
    const handle = await open(staged.weightsFile, 'r+');
    ends.push(() => handle.close());
    const build = staged.build({
      onEvent: event => {
        if (event.type !== 'packed' || event.layer.kind !== 'weights') return;
        jest.spyOn(prototypeOf(handle), 'read').mockImplementation(async function (
          this: FileHandle,
          buffer: Buffer,
        ) {
          buffer.fill(7);
          return Promise.resolve({ bytesRead: buffer.byteLength, buffer });
        } as never);
      },
    });
    await expect(build).rejects.toMatchObject({
      message: expect.stringContaining('DIGEST_INVALID') as string,
      hint: expect.stringContaining('a file changed') as string,
    });
    jest.restoreAllMocks();
    expect(await assertNoHalfImage(staged)).toBe(0);
  });

  it.each([1, 2, 4, 7, 9])('that the disk fails to read at read %d ends the run', async nth => {
    const staged = await stage({}, randomBytes(6_000_000));
    afterReads(nth, () => {
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', errno: -5, syscall: 'read' });
    });
    await expect(staged.build()).rejects.toMatchObject({
      message: expect.stringMatching(/^(?:model\.pt|labels\.json) cannot be read \(EIO\)$/) as string,
    });
    jest.restoreAllMocks();
    expect(await assertNoHalfImage(staged)).toBe(0);
    await assertNextRunFinishes(staged);
  });
});

type Readable = { read: (...args: unknown[]) => Promise<unknown> };
const prototypeOf = (handle: FileHandle) => Object.getPrototypeOf(handle) as Readable;
let spied: FileHandle;
beforeAll(async () => {
  spied = await open(__filename);
});
afterAll(() => spied.close());

/** Before the n-th read from a file something happens to it. */
function afterReads(nth: number, happen: () => unknown): void {
  const prototype = prototypeOf(spied);
  const read = prototype.read;
  let reads = 0;
  jest.spyOn(prototype, 'read').mockImplementation(async function (this: FileHandle, ...args) {
    if (++reads === nth) await happen();
    return read.apply(this, args);
  });
}

describe('a run that is cancelled', () => {
  it.each(Array.from({ length: 12 }, (_, index) => index))('at step %d leaves no half image', async step => {
    const staged = await stage();
    const stop = new AbortController();
    let seen = 0;
    const log = staged.server.requests;
    const push = log.push.bind(log);
    log.push = (...items) => {
      if (seen++ === step) stop.abort(new ModelpierError('cancelled', 'cancelled by SIGTERM'));
      return push(...items);
    };
    await expect(staged.build({ signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
    log.push = push;
    await assertNoHalfImage(staged);
    await assertNextRunFinishes(staged);
  });
});

it('refuses a file that the registry would refuse, before it asks anyone', async () => {
  const { build, request, server } = await stage();
  const files = [{ ...request.files[0]!, sizeBytes: 11_000_000_000 }];
  const pushed = build({ files, repositories: [{ registry: 'ghcr.io', path: 'acme/digits' }] });
  await expect(pushed).rejects.toMatchObject({
    code: 'too-large',
    message: 'the layer of model.pt has 11 GB; ghcr.io takes 10 GB a layer',
  });
  expect(server.requests).toEqual([]);
});

describe('a layer that is sent while it is hashed', () => {
  const LARGE = Buffer.alloc(65 * 1024 * 1024, randomBytes(1021));

  it.each([
    ['is cut', { method: 'PATCH', kind: 'cut-request', afterBytes: 3_000_000 }],
    ['is refused as a part', { method: 'PATCH', kind: 'answer', status: 405 }],
    ['meets an outage', { method: 'PATCH', kind: 'answer', status: 503 }],
    ['is forgotten at its end', { method: 'PUT', path: /uploads/, kind: 'answer', status: 404 }],
    ['loses its last answer', { method: 'PUT', path: /uploads/, kind: 'lose-answer' }],
  ] satisfies [string, Fault][])('arrives whole although it %s', async (_, fault) => {
    const staged = await stage({}, LARGE);
    staged.server.faults.inject(fault);
    await staged.build();
    expect(await assertNoHalfImage(staged)).toBe(2);
  });

  it('ends the run where the file changes meanwhile', async () => {
    const staged = await stage({}, LARGE);
    afterReads(20, () => truncate(staged.weightsFile, 1000));
    await expect(staged.build()).rejects.toMatchObject({ code: 'digest-mismatch' });
    expect(await assertNoHalfImage(staged)).toBe(0);
  });

  it('ends the run where the disk fails', async () => {
    const staged = await stage({}, LARGE);
    afterReads(20, () => {
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    });
    await expect(staged.build()).rejects.toThrow('model.pt cannot be read (EIO)');
    jest.restoreAllMocks();
    expect(await assertNoHalfImage(staged)).toBe(0);
  });

  it('is given up once the registry turns out to have it', async () => {
    const staged = await stage({}, LARGE);
    const { build, server } = staged;
    server.faults.inject({ method: 'PUT', path: /manifests/, kind: 'answer', status: 403, times: 9 });
    await expect(build()).rejects.toMatchObject({ code: 'forbidden' });
    server.faults.clear();
    const { image } = await build();
    expect(image.layers.map(({ fate }) => fate)).toEqual(['present', 'present', 'present', 'present']);
  });
});
