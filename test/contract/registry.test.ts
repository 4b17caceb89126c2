import {
  hasCode,
  OCI_CONFIG,
  OCI_INDEX,
  OCI_MANIFEST,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, copyImage, copyTag, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { blobOf, digestOf, jsonBytes, manifestOf, pushImage } from '../servers/registry/samples';
import { startRegistry } from '../servers/registry/server';

/** A real registry to hold to the same contract: `MODELPIER_TEST_REGISTRY=127.0.0.1:5000`. */
const REAL = process.env['MODELPIER_TEST_REGISTRY'];

const servers: readonly (readonly [string, () => Promise<{ host: string; close(): Promise<void> }>])[] = [
  ['the in-process registry', () => startRegistry()],
  ...(REAL === undefined
    ? []
    : [
        [
          `the registry at ${REAL}`,
          () => Promise.resolve({ host: REAL, close: () => Promise.resolve() }),
        ] as const,
      ]),
];

describe.each(servers)('%s', (_, start) => {
  let server: { readonly host: string; close(): Promise<void> };
  const registry = createRegistry({ credentials: anonymous });
  const newRepository = (): Repository => ({ registry: server.host, path: `contract-test/${randomUUID()}` });

  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await registry.close();
    await server.close();
  });

  it.each([0, 1, 1000, 3_000_000])('stores a blob of %d bytes and gives it back', async sizeBytes => {
    const repository = newRepository();
    const bytes = randomBytes(sizeBytes);
    const blob = blobOf(bytes);
    expect(await registry.hasBlob(repository, blob.descriptor.digest)).toBe(false);

    await registry.uploadBlob(repository, blob);

    expect(await registry.hasBlob(repository, blob.descriptor.digest)).toBe(true);
    expect(Buffer.from(await registry.readBlob(repository, blob.descriptor)).equals(bytes)).toBe(true);
  });

  it('streams a blob in order', async () => {
    const repository = newRepository();
    const blob = blobOf(randomBytes(5_000_000));
    await registry.uploadBlob(repository, blob);
    const hash = createHash('sha256');
    for await (const chunk of await registry.openBlob(repository, blob.descriptor)) {
      hash.update(chunk as Uint8Array);
    }
    expect(`sha256:${hash.digest('hex')}`).toBe(blob.descriptor.digest);
  });

  it('says how much of a blob was sent, up to its size', async () => {
    const seen: number[] = [];
    const blob = blobOf(randomBytes(2000));
    await registry.uploadBlob(newRepository(), blob, { onProgress: sentBytes => seen.push(sentBytes) });
    expect(seen.at(-1)).toBe(2000);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('refuses bytes that are not those of the digest', async () => {
    const repository = newRepository();
    const blob = blobOf(randomBytes(1000));
    const other = { ...blob, open: () => Readable.from([randomBytes(1000)]) };
    await expect(registry.uploadBlob(repository, other)).rejects.toThrow(/DIGEST_INVALID/);
    expect(await registry.hasBlob(repository, blob.descriptor.digest)).toBe(false);
  });

  it('reports an absent blob before the stream begins', async () => {
    const { descriptor } = blobOf(randomBytes(10));
    const failure = registry.openBlob(newRepository(), descriptor);
    await expect(failure).rejects.toMatchObject({ code: 'not-found' });
  });

  it('mounts a blob of another repository, and says where it cannot', async () => {
    const from = newRepository();
    const to = newRepository();
    const blob = blobOf(randomBytes(100));
    await registry.uploadBlob(from, blob);
    const absent = digestOf(randomBytes(10));

    expect(await registry.mountBlob(to, blob.descriptor.digest, from)).toBe(true);
    expect(await registry.mountBlob(to, absent, from)).toBe(false);

    expect(await registry.hasBlob(to, blob.descriptor.digest)).toBe(true);
  });

  it('keeps a manifest byte for byte, under its tag and its digest', async () => {
    const repository = newRepository();
    const { manifest, digest, config, layer } = await pushImage(registry, repository, 'v1');
    expect(digest).toBe(digestOf(manifest.bytes));
    for (const name of ['v1', digest]) {
      const stored = await registry.getManifest(repository, name);
      expect(Buffer.from(stored.bytes).equals(manifest.bytes)).toBe(true);
      expect(stored.document).toMatchObject({ config: config.descriptor, layers: [layer.descriptor] });
      const head = await registry.headManifest(repository, name);
      expect(head).toEqual({ mediaType: OCI_MANIFEST, digest, size: manifest.bytes.byteLength });
    }
  });

  it('keeps an index over manifests', async () => {
    const repository = newRepository();
    const { digest, manifest } = await pushImage(registry, repository, 'amd64');
    const entry = { mediaType: OCI_MANIFEST, digest, size: manifest.bytes.byteLength };
    const platform = { os: 'linux', architecture: 'amd64' };
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [{ ...entry, platform }] };
    await registry.putManifest(repository, 'v1', { mediaType: OCI_INDEX, bytes: jsonBytes(index) });
    const stored = await registry.getManifest(repository, 'v1');
    expect(stored).toMatchObject({ mediaType: OCI_INDEX, document: index });
  });

  it('moves a tag without moving a blob', async () => {
    const repository = newRepository();
    const { digest } = await pushImage(registry, repository, 'v1');
    const stored = await registry.getManifest(repository, 'v1');
    await registry.putManifest(repository, 'stable', stored);
    expect(await registry.headManifest(repository, 'stable')).toMatchObject({ digest });
  });

  it('copies an image to another repository without moving a blob', async () => {
    const [from, to] = [newRepository(), newRepository()];
    const { digest } = await pushImage(registry, from, 'v1');
    const copied = await copyImage(registry, { from, tagOrDigest: 'v1', to, tags: ['v1'] });
    expect(copied.blobs.map(({ fate }) => fate)).toEqual(['mounted', 'mounted']);
    expect(await registry.headManifest(to, 'v1')).toMatchObject({ digest });
    expect(await copyTag(registry, to, { from: 'v1', to: 'stable' })).toEqual({ digest, changed: true });
  });

  it('keeps what refers to an image', async () => {
    const repository = newRepository();
    const { digest, manifest, config } = await pushImage(registry, repository, 'v1');
    const subject = { mediaType: OCI_MANIFEST, digest, size: manifest.bytes.byteLength };
    const document = { schemaVersion: 2, mediaType: OCI_MANIFEST, config: config.descriptor, layers: [] };
    const bytes = jsonBytes({ ...document, subject, artifactType: 'application/vnd.report' });
    const referrer = await registry.putReferrer(repository, { mediaType: OCI_MANIFEST, bytes });
    const found = await registry.listReferrers(repository, digest);
    expect(found).toMatchObject([{ digest: referrer, artifactType: 'application/vnd.report' }]);
  });

  it('refuses a manifest whose blobs it does not have', async () => {
    const absent = blobOf(randomBytes(10)).descriptor;
    const manifest = manifestOf({ ...absent, mediaType: OCI_CONFIG }, [absent]);
    const failure = registry.putManifest(newRepository(), 'v1', manifest);
    await expect(failure).rejects.toThrow(/PUT .*\/manifests\/v1: MANIFEST_BLOB_UNKNOWN/);
  });

  it('has no manifest under an unknown tag', async () => {
    const repository = newRepository();
    expect(await registry.headManifest(repository, 'v1')).toBeUndefined();
    const failure: unknown = await registry.getManifest(repository, 'v1').catch((error: unknown) => error);
    expect(hasCode(failure, 'not-found')).toBe(true);
  });

  it('lists every tag, in an order of its own', async () => {
    const repository = newRepository();
    await pushImage(registry, repository, 'v2');
    const stored = await registry.getManifest(repository, 'v2');
    for (const tag of ['v10', 'v1', 'latest']) await registry.putManifest(repository, tag, stored);
    const tags: string[] = [];
    for await (const tag of registry.listTags(repository)) tags.push(tag);
    expect(tags.sort()).toEqual(['latest', 'v1', 'v10', 'v2']);
  });

  it('lists repositories, page by page', async () => {
    const own = [newRepository(), newRepository(), newRepository()];
    for (const repository of own) await pushImage(registry, repository, 'v1');
    const paths: string[] = [];
    for await (const path of registry.listRepositories(server.host)) paths.push(path);
    expect(paths).toEqual(expect.arrayContaining(own.map(({ path }) => path)));
    expect(new Set(paths).size).toBe(paths.length);

    const first = await fetch(`http://${server.host}/v2/_catalog?n=2`);
    expect((await first.json()) as object).toEqual({ repositories: paths.slice(0, 2) });
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await fetch(new URL(next, `http://${server.host}`));
    expect((await second.json()) as object).toEqual({ repositories: paths.slice(2, 4) });
  });

  it('reports a repository that does not exist', async () => {
    const failure = registry.listTags(newRepository())[Symbol.asyncIterator]().next();
    await expect(failure).rejects.toMatchObject({ code: 'not-found' });
  });
});
