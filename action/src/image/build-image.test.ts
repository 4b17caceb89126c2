import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import { pushBase } from '../../../test/servers/registry/base-images';
import { buildAndPush } from './build-image';
import {
  bytesSent,
  connect,
  endAll,
  fatesOf,
  lay,
  serve,
  stage,
  steps,
  WEIGHTS,
} from './build-image.fixture';
import type { BuildEvent } from './event';

afterEach(endAll);

it('mounts the base and sends only the model', async () => {
  const { server, build, pushed } = await stage();

  const { image } = await build();

  expect(fatesOf(image)).toEqual(['base mounted', 'base mounted', 'weights uploaded', 'assets uploaded']);
  expect(image.changed).toBe(true);
  expect(image.reference).toBe(`${server.host}/acme/digits@${image.digest}`);
  expect(image.bytesReused).toBe(pushed.layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0));
  expect(image.bytesPushed).toBe(image.bytesTotal - image.bytesReused);
  expect(image.reuse).toMatchObject({ ratio: 0, reason: 'first-release' });
  expect(
    server.requests.some(
      ({ method, path }) =>
        method === 'GET' &&
        path.includes('torch/blobs/sha256:') &&
        !path.endsWith(pushed.config.descriptor.digest),
    ),
  ).toBe(false);
});

it('puts an image into the registry that reads back whole', async () => {
  const { registry, repository, build } = await stage();
  const { image } = await build();

  const { document, digest } = await registry.getManifest(repository, 'latest');

  expect(digest).toBe(image.digest);
  if (!('layers' in document)) throw new Error('not an image');
  for (const layer of document.layers) {
    expect((await registry.readBlob(repository, layer)).length).toBe(layer.size);
  }
});

it('sends nothing and changes nothing the second time', async () => {
  const { server, build } = await stage();
  const first = await build();
  server.requests.length = 0;

  const second = await build();

  expect(second.image).toEqual({
    ...first.image,
    changed: false,
    bytesPushed: 0,
    bytesReused: first.image.bytesTotal,
    reuse: { ratio: 1, totalBytes: first.image.bytesTotal, newBytes: 0 },
    layers: first.image.layers.map(layer => ({ ...layer, fate: 'present' })),
  });
  expect(bytesSent(server)).toBe(0);
  expect(server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
});

it('gives the same digest from another folder', async () => {
  const { build } = await stage();
  const { image } = await build();

  const files = await lay({ 'labels.json': '["zero"]', 'model.pt': WEIGHTS });

  expect((await build({ files })).image).toMatchObject({ digest: image.digest, changed: false });
});

it('writes the manifest after every blob, and tags last', async () => {
  const { server, build } = await stage();
  await build();

  const writes = steps(server).filter(step => /^(?:PUT|PATCH|POST)/.test(step));
  const manifest = writes.indexOf('PUT /v2/acme/digits/manifests/*');

  expect(writes.slice(manifest)).toEqual([
    'PUT /v2/acme/digits/manifests/*',
    'PUT /v2/acme/digits/manifests/1.0.0',
    'PUT /v2/acme/digits/manifests/latest',
  ]);
});

it('moves only weights when only weights change', async () => {
  const { build } = await stage();
  const { image: before } = await build();

  const files = await lay({ 'model.pt': randomBytes(300_000), 'labels.json': '["zero"]' });
  const { image } = await build({ files, tags: ['2.0.0', 'latest'], version: '2.0.0' });

  expect(fatesOf(image)).toEqual(['base present', 'base present', 'weights uploaded', 'assets present']);
  expect(image.modelDigest).not.toBe(before.modelDigest);
  expect(image.reuse.newBytes).toBe(image.layers[2]?.sizeBytes);
  expect(image.reuse.ratio).toBeCloseTo(1 - image.bytesPushed / image.bytesTotal, 12);
});

it('moves only code when only code changes, and the model stays the model', async () => {
  const { build } = await stage();
  const { image: before } = await build({ codeFiles: await lay({ 'serve.py': 'one' }) });

  const { image } = await build({ codeFiles: await lay({ 'serve.py': 'two' }) });

  expect(fatesOf(image).at(-1)).toBe('code uploaded');
  expect(image.layers.filter(({ fate }) => fate !== 'present')).toHaveLength(1);
  expect(image.modelDigest).toBe(before.modelDigest);
});

it('adds a tag to an image that is there without sending a blob', async () => {
  const { server, build } = await stage();
  const { image } = await build();
  server.requests.length = 0;

  const again = await build({ tags: ['1.0.0', 'stable'] });

  expect(again.image).toMatchObject({ digest: image.digest, changed: true, bytesPushed: 0 });
  expect(steps(server).filter(step => step.startsWith('PUT'))).toEqual([
    'PUT /v2/acme/digits/manifests/stable',
  ]);
});

it('copies a base from another registry, and counts its bytes as moved', async () => {
  const { base, pushed, build, registry } = await stage();
  const other = await serve();
  const repository = { registry: other.host, path: 'acme/digits' };

  const { image } = await build({ repositories: [repository] });

  expect(fatesOf(image).slice(0, 2)).toEqual(['base copied', 'base copied']);
  expect(image.bytesPushed).toBe(image.bytesTotal);
  const [layer] = pushed.layers;
  const copied = await registry.readBlob(repository, layer!.descriptor);
  expect(copied).toEqual(await registry.readBlob(base, layer!.descriptor));
});

it('copies where the token does not cover the base', async () => {
  const users = {
    owner: { password: 'o' },
    team: { password: 't', mayNotPull: ['runtime/torch'] },
  };
  const server = await serve({ auth: { kind: 'bearer', users, anonymousPull: true } });
  const as = (username: string, password: string): RegistryPorts =>
    connect(() => Promise.resolve({ kind: 'basic', username, password }));
  const base = { registry: server.host, path: 'runtime/torch' };
  const { digest } = await pushBase(as('owner', 'o'), base);
  const { request } = await stage();
  const change = {
    repositories: [{ registry: server.host, path: 'acme/digits' }],
    baseImage: { ...base, digest },
  };
  const owner = as('owner', 'o');
  const team = as('team', 't');
  // Reads the base as one who may, writes as one who may not: nothing can be mounted.
  const registry: RegistryPorts = { ...owner, mountBlob: (...asked) => team.mountBlob(...asked) };

  const { image } = await buildAndPush({ registry, request: { ...request, ...change } });

  expect(fatesOf(image)[0]).toBe('base copied');
});

it('resumes a layer when the connection is cut', async () => {
  const { server, build } = await stage();
  server.faults.inject({ kind: 'cut-request', method: 'PATCH', afterBytes: 100_000 });

  const { image } = await build({ files: await lay({ 'model.pt': WEIGHTS }) });

  expect(fatesOf(image)).toContain('weights uploaded');
  const resumed = server.requests.filter(({ headers }) => headers['content-range'] !== undefined);
  expect(resumed).toHaveLength(1);
});

it('fails clearly, and tags nothing, when a file changes before it is sent', async () => {
  const { registry, repository, request } = await stage();
  const weights = request.files.find(({ path }) => path === 'model.pt');
  const onEvent = (event: BuildEvent): void => {
    if (event.type === 'packed' && weights !== undefined)
      writeFileSync(weights.absolutePath, randomBytes(300_000));
  };

  await expect(buildAndPush({ registry, request, onEvent })).rejects.toMatchObject({
    code: 'digest-mismatch',
    message: 'model.pt changed while the image was being built',
  });
  expect(await registry.headManifest(repository, 'latest')).toBeUndefined();
});

it('leaves no tag when a layer cannot be sent', async () => {
  const { server, registry, repository, build } = await stage();
  server.faults.inject({ kind: 'answer', method: 'PATCH', status: 403, times: 9 });

  await expect(build()).rejects.toMatchObject({ code: 'forbidden' });

  expect(await registry.headManifest(repository, 'latest')).toBeUndefined();
  expect(
    server.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/manifests/')),
  ).toEqual([]);
});

it('leaves no tag when it is cancelled', async () => {
  const { registry, repository, build } = await stage();
  const controller = new AbortController();
  const building = build({}, controller.signal);
  controller.abort();

  await expect(building).rejects.toMatchObject({ code: 'cancelled' });
  expect(await registry.headManifest(repository, 'latest')).toBeUndefined();
});

it('says what a push would do without sending anything', async () => {
  const { server, build } = await stage();

  const planned = await build({ dryRun: true });

  expect(server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
  const { image } = await build();
  expect(planned.image).toEqual(image);
});

it('stores a layer once that an image has twice', async () => {
  const { registry, base, build } = await stage();
  const empty = Buffer.alloc(1024);
  const { digest } = await pushBase(registry, base, {
    tag: 'twice',
    layers: [empty, Buffer.from('x'), empty],
  });

  const { image } = await build({ baseImage: { ...base, digest } });

  expect(fatesOf(image).slice(0, 3)).toEqual(['base mounted', 'base mounted', 'base present']);
});

it('tells each step as it happens', async () => {
  const { build } = await stage();

  const { events, image } = await build();
  const [target] = image.reference.split('@');

  expect(events[0]?.type).toBe('base');
  expect(events.slice(-3)).toEqual([
    { type: 'manifest', target, digest: image.digest, changed: true },
    { type: 'tag', target, tag: '1.0.0', changed: true },
    { type: 'tag', target, tag: 'latest', changed: true },
  ]);
  expect(events.filter(({ type }) => type === 'packed')).toHaveLength(2);
  expect(events.filter(({ type }) => type === 'layer')).toHaveLength(4);
});

it('warns of a base that moves and of a name that changes', async () => {
  const { server, base, build } = await stage();

  const { warnings } = await build({
    baseImage: { ...base, tag: 'v1' },
    files: await lay({ 'model-v2.pt': 'w' }),
  });

  expect(warnings).toEqual([
    expect.stringMatching(
      `^base-image ${server.host}/runtime/torch:v1 is named by a tag, .* pin it: .*@sha256:`,
    ),
    expect.stringMatching(/^model-v2\.pt has a version in its name/),
  ]);
});

it.each([
  ['no files', { files: [] }, 'the model has no file'],
  ['a time before 1970', { epochSeconds: -1 }, 'source-date-epoch -1'],
  ['a relative target', { targetPath: 'models' }, 'target-path "models"'],
])('refuses %s before it asks the registry', async (_, change, message) => {
  const { server, build } = await stage();

  await expect(build(change)).rejects.toThrow(message);
  expect(server.requests).toEqual([]);
});
