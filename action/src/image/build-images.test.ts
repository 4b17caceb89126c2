import { randomBytes } from 'node:crypto';
import {
  isIndex,
  type Manifest,
  parsePlatform,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { pushBase, pushIndex } from '../../../test/servers/registry/base-images';
import type { RegistryServer } from '../../../test/servers/registry/server';
import type { BuildRequest } from './build-image';
import { bytesSent, endAll, fatesOf, lay, serve, stage, steps, WEIGHTS } from './build-image.fixture';

afterEach(endAll);

const BOTH = ['linux/amd64', 'linux/arm64'].map(parsePlatform);

/** A stage whose base is an index over two architectures, which have one layer in common. */
async function stageBoth() {
  const staged = await stage();
  const common = randomBytes(4000);
  const push = (architecture: string) =>
    pushBase(staged.registry, staged.base, {
      tag: architecture,
      architecture,
      layers: [common, Buffer.from(architecture)],
    });
  const images = { amd64: await push('amd64'), arm64: await push('arm64') };
  const digest = await pushIndex(staged.registry, staged.base, { tag: 'all', images });
  staged.server.requests.length = 0;
  const change = { baseImage: { ...staged.base, digest }, platforms: BOTH };
  const build = (more: Partial<BuildRequest> = {}) => staged.build({ ...change, ...more });
  return { ...staged, images, build };
}

describe('several platforms', () => {
  it('puts an image for each under one index, and packs and sends the model once', async () => {
    const { server, registry, repository, build } = await stageBoth();

    const { image, events } = await build();

    const { document, digest } = await registry.getManifest(repository, '1.0.0');
    if (!isIndex(document)) throw new Error('not an index');
    expect(image).toMatchObject({ digest, reference: `${server.host}/acme/digits@${digest}` });
    expect(document.manifests.map(({ platform }) => platform?.architecture)).toEqual(['amd64', 'arm64']);
    expect(image.platforms?.map(entry => entry.digest)).toEqual(
      document.manifests.map(entry => entry.digest),
    );
    expect(events.filter(({ type }) => type === 'packed')).toHaveLength(2);
    expect(fatesOf(image)).toEqual([
      'base mounted',
      'base mounted',
      'weights uploaded',
      'assets uploaded',
      'base present',
      'base mounted',
      'weights present',
      'assets present',
    ]);
    const [amd64, arm64] = await Promise.all(
      document.manifests.map(async entry => {
        const stored = await registry.getManifest(repository, entry.digest);
        return (stored.document as Manifest).layers.map(layer => layer.digest);
      }),
    );
    expect(arm64?.slice(2)).toEqual(amd64?.slice(2));
  });

  it('says of each platform what it is, and adds up over all', async () => {
    const { images, build } = await stageBoth();

    const { image } = await build();

    expect(image.platforms).toMatchObject([
      { platform: 'linux/amd64', baseDigest: images.amd64.digest, reuse: { reason: 'first-release' } },
      { platform: 'linux/arm64', baseDigest: images.arm64.digest, reuse: { reason: 'first-release' } },
    ]);
    expect(image.configDigest).toBe(image.platforms?.[0]?.configDigest);
    expect(image.bytesTotal).toBe(image.layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
    expect(image.bytesPushed + image.bytesReused).toBe(image.bytesTotal);
    expect(image.sharing).toMatchObject({ totalBytes: image.bytesTotal });
    expect(image.sharing?.ratio).toBeGreaterThan(0.4);
    expect(new Set(image.layers.map(({ platform }) => platform))).toEqual(
      new Set(['linux/amd64', 'linux/arm64']),
    );
  });

  it('writes images before the index, and tags last', async () => {
    const { server, build } = await stageBoth();

    await build();

    expect(steps(server).filter(step => /^PUT .*manifests/.test(step))).toEqual([
      'PUT /v2/acme/digits/manifests/*',
      'PUT /v2/acme/digits/manifests/*',
      'PUT /v2/acme/digits/manifests/*',
      'PUT /v2/acme/digits/manifests/1.0.0',
      'PUT /v2/acme/digits/manifests/latest',
    ]);
  });

  it('sends nothing the second time', async () => {
    const { server, build } = await stageBoth();
    const { image: first } = await build();
    server.requests.length = 0;

    const { image } = await build();

    expect(image).toMatchObject({ digest: first.digest, changed: false, bytesPushed: 0 });
    expect(image.platforms?.map(({ reuse }) => reuse.ratio)).toEqual([1, 1]);
    expect(server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
  });

  it('measures the release platform by platform', async () => {
    const { build } = await stageBoth();
    await build();

    const files = await lay({ 'model.pt': randomBytes(300_000), 'labels.json': '["zero"]' });
    const { image } = await build({ files, tags: ['latest'] });

    for (const { platform, reuse } of image.platforms ?? []) {
      const own = image.layers.filter(layer => layer.platform === platform);
      expect(reuse.totalBytes).toBe(own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
      expect(reuse.newBytes).toBe(own.find(({ kind }) => kind === 'weights')?.sizeBytes);
    }
  });

  it('shares the model with the image of one platform that was there before', async () => {
    const { build } = await stageBoth();
    const { image: lone } = await build({ platforms: BOTH.slice(0, 1) });

    const { image } = await build();

    expect(lone.platforms).toBeUndefined();
    expect(image.platforms?.[0]).toMatchObject({ digest: lone.digest, reuse: { ratio: 1 } });
    expect(image.platforms?.[1]).toMatchObject({ reuse: { reason: 'first-release' } });
    expect(fatesOf(image).slice(-2)).toEqual(['weights present', 'assets present']);
  });

  it('gives the same index from another folder, in another repository', async () => {
    const { repository, build } = await stageBoth();
    const { image } = await build();

    const files = await lay({ 'labels.json': '["zero"]', 'model.pt': WEIGHTS });
    const elsewhere = await build({ files, repositories: [{ ...repository, path: 'acme/again' }] });

    expect(elsewhere.image.digest).toBe(image.digest);
  });
});

describe('several repositories', () => {
  const tagsOf = (server: RegistryServer, path: string): readonly string[] =>
    server.requests
      .filter(request => request.method === 'PUT' && request.path.startsWith(`/v2/${path}/manifests/`))
      .map(request => request.path.split('/').at(-1) ?? '')
      .filter(name => !name.startsWith('sha256:'));

  it('sends the model once and mounts it into the others', async () => {
    const { server, registry, repository, build } = await stage();
    const copy: Repository = { registry: server.host, path: 'mirror/digits' };

    const { image } = await build({ repositories: [repository, copy] });

    expect(image.reference).toBe(`${server.host}/acme/digits@${image.digest}`);
    expect(image.copies).toEqual([
      {
        reference: `${server.host}/mirror/digits@${image.digest}`,
        changed: true,
        bytesPushed: 0,
        bytesReused: image.bytesTotal,
      },
    ]);
    expect(bytesSent(server)).toBeLessThan(image.bytesPushed + 10_000);
    for (const tag of ['1.0.0', 'latest']) {
      expect((await registry.headManifest(copy, tag))?.digest).toBe(image.digest);
    }
  });

  it('brings it into another registry, base and all', async () => {
    const { registry, repository, build } = await stage();
    const other = await serve();
    const copy: Repository = { registry: other.host, path: 'acme/digits' };

    const { image } = await build({ repositories: [repository, copy] });

    expect(image.copies?.[0]).toMatchObject({ bytesPushed: image.bytesTotal, bytesReused: 0 });
    const { document } = await registry.getManifest(copy, 'latest');
    for (const layer of (document as Manifest).layers) {
      expect((await registry.readBlob(copy, layer)).length).toBe(layer.size);
    }
  });

  it('asks the first repository for nothing that is at hand', async () => {
    const { server, repository, build } = await stage();
    const other = await serve();

    await build({ repositories: [repository, { registry: other.host, path: 'acme/digits' }] });

    expect(steps(server).filter(step => step.startsWith('GET /v2/acme/digits/blobs'))).toEqual([]);
  });

  it('tags nothing anywhere until the image is whole everywhere', async () => {
    const { server, repository, build } = await stage();
    const other = await serve();
    other.faults.inject({ kind: 'answer', method: 'PUT', path: /manifests\/sha256/, status: 403, times: 9 });

    const repositories = [repository, { registry: other.host, path: 'acme/digits' }];
    await expect(build({ repositories })).rejects.toMatchObject({ code: 'forbidden' });

    expect(tagsOf(server, 'acme/digits')).toEqual([]);
    expect(tagsOf(other, 'acme/digits')).toEqual([]);
  });

  it('tags nothing anywhere when a layer cannot be copied, and finishes the next time', async () => {
    const { server, repository, build } = await stage();
    const other = await serve();
    other.faults.inject({ kind: 'answer', method: 'PATCH', status: 403, times: 9 });
    const repositories = [repository, { registry: other.host, path: 'acme/digits' }];
    await expect(build({ repositories })).rejects.toMatchObject({ code: 'forbidden' });
    expect(tagsOf(server, 'acme/digits')).toEqual([]);
    other.faults.clear();

    const { image } = await build({ repositories });

    expect(image.bytesPushed).toBe(0);
    expect(tagsOf(server, 'acme/digits')).toEqual(['1.0.0', 'latest']);
    expect(tagsOf(other, 'acme/digits')).toEqual(['1.0.0', 'latest']);
  });

  it('tells of each repository that has it already', async () => {
    const { server, repository, build } = await stage();
    const repositories = [repository, { registry: server.host, path: 'mirror/digits' }];
    await build({ repositories });
    server.requests.length = 0;

    const { image } = await build({ repositories });

    expect(image.changed).toBe(false);
    expect(image.copies?.[0]).toMatchObject({ changed: false, bytesPushed: 0 });
    expect(server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
  });

  it('brings an index with all its images', async () => {
    const { registry, repository, build } = await stageBoth();
    const other = await serve();
    const copy: Repository = { registry: other.host, path: 'acme/digits' };

    const { image } = await build({ repositories: [repository, copy] });

    expect((await registry.headManifest(copy, 'latest'))?.digest).toBe(image.digest);
    for (const { digest } of image.platforms ?? []) {
      expect(await registry.headManifest(copy, digest)).toMatchObject({ digest });
    }
  });

  it('plans all of it without sending anything', async () => {
    const { server, repository, build } = await stageBoth();
    const repositories = [repository, { registry: server.host, path: 'mirror/digits' }];

    const planned = await build({ repositories, dryRun: true });

    expect(server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
    expect(planned.image).toEqual((await build({ repositories })).image);
  });
});
