import {
  parsePlatform,
  type Platform,
  type Reference,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry, type RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import { pushBase, pushIndex } from '../../../test/servers/registry/base-images';
import { blobOf, jsonBytes } from '../../../test/servers/registry/samples';
import { type RegistryServer, startRegistry } from '../../../test/servers/registry/server';
import { type BaseImage, resolveBases } from './base-image';

let server: RegistryServer;
let registry: RegistryPorts & { close(): Promise<void> };
let base: Repository;
beforeEach(async () => {
  server = await startRegistry();
  registry = createRegistry({ credentials: anonymous });
  base = { registry: server.host, path: 'runtime/torch' };
});
afterEach(async () => {
  await registry.close();
  await server.close();
});

/** The base for one platform. */
async function resolveBase(
  from: RegistryPorts,
  reference: Reference,
  { platform, ...options }: { readonly platform: Platform; readonly requireDigest?: boolean },
): Promise<BaseImage> {
  const { images } = await resolveBases(from, reference, { platforms: [platform], ...options });
  const [resolved, ...others] = images;
  if (resolved === undefined || others.length > 0) throw new Error('not one base');
  return resolved;
}

const amd64 = { platform: parsePlatform('linux/amd64') };

it('reads manifest and config, and no layer', async () => {
  const { digest } = await pushBase(registry, base);
  server.requests.length = 0;

  const resolved = await resolveBase(registry, { ...base, tag: 'v1' }, amd64);

  expect(resolved.digest).toBe(digest);
  expect(resolved.config.architecture).toBe('amd64');
  expect(server.requests.map(({ method, path }) => `${method} ${path.split('/')[4] ?? ''}`)).toEqual([
    'GET manifests',
    'GET blobs',
  ]);
});

it.each(['amd64', 'arm64'])('chooses the image for %s from an index', async architecture => {
  const images = {
    amd64: await pushBase(registry, base, { tag: 'a' }),
    arm64: await pushBase(registry, base, { tag: 'b', architecture: 'arm64' }),
  };
  await pushIndex(registry, base, { tag: 'all', images });

  const resolved = await resolveBase(
    registry,
    { ...base, tag: 'all' },
    { platform: parsePlatform(`linux/${architecture}`) },
  );

  expect(resolved.digest).toBe(images[architecture as keyof typeof images].digest);
});

it('says which platforms an index has', async () => {
  const image = await pushBase(registry, base, { tag: 'a', architecture: 'arm64' });
  await pushIndex(registry, base, { tag: 'all', images: { arm64: image, unknown: image } });

  await expect(resolveBase(registry, { ...base, tag: 'all' }, amd64)).rejects.toMatchObject({
    code: 'not-found',
    message: `base-image ${server.host}/runtime/torch:all is not there for linux/amd64`,
    hint: 'it is there for linux/arm64',
  });
});

it('names the digest to write where one is required', async () => {
  const { digest } = await pushBase(registry, base);
  const required = { ...amd64, requireDigest: true };

  await expect(resolveBase(registry, { ...base, tag: 'v1' }, required)).rejects.toMatchObject({
    code: 'invalid-input',
    hint: `write base-image: ${server.host}/runtime/torch:v1@${digest}`,
  });
  await expect(resolveBase(registry, { ...base, digest }, required)).resolves.toMatchObject({ digest });
});

it('refuses an image of another platform', async () => {
  await pushBase(registry, base, { architecture: 'arm64' });

  await expect(resolveBase(registry, { ...base, tag: 'v1' }, amd64)).rejects.toThrow(
    'it is built for linux/arm64, not for linux/amd64',
  );
});

it('refuses what is no image, or not a whole one', async () => {
  const chart = blobOf(jsonBytes({}), 'application/vnd.cncf.helm.config.v1+json');
  await registry.uploadBlob(base, chart);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const document = { schemaVersion: 2, mediaType, config: chart.descriptor, layers: [] };
  await registry.putManifest(base, 'chart', { mediaType, bytes: jsonBytes(document) });
  await pushBase(registry, base, { tag: 'half', config: { rootfs: { type: 'layers', diff_ids: [] } } });

  await expect(resolveBase(registry, { ...base, tag: 'chart' }, amd64)).rejects.toThrow(
    'it is no container image',
  );
  await expect(resolveBase(registry, { ...base, tag: 'half' }, amd64)).rejects.toThrow(
    '1 layers, but 0 diff ids',
  );
});

it('fails with the registry’s own word where there is no such base', async () => {
  await expect(resolveBase(registry, { ...base, tag: 'v9' }, amd64)).rejects.toMatchObject({
    code: 'not-found',
  });
});

const platforms = ['linux/amd64', 'linux/arm64'].map(parsePlatform);

it('resolves every platform from one reading of the index', async () => {
  const images = {
    amd64: await pushBase(registry, base, { tag: 'a' }),
    arm64: await pushBase(registry, base, { tag: 'b', architecture: 'arm64' }),
  };
  const index = await pushIndex(registry, base, { tag: 'all', images });
  server.requests.length = 0;

  const resolved = await resolveBases(registry, { ...base, tag: 'all' }, { platforms });

  expect(resolved.digest).toBe(index);
  expect(resolved.images.map(({ digest }) => digest)).toEqual([images.amd64.digest, images.arm64.digest]);
  expect(server.requests.filter(({ path }) => path.endsWith('/manifests/all'))).toHaveLength(1);
});

it('refuses a second platform that the base is not built for', async () => {
  await pushBase(registry, base);

  await expect(resolveBases(registry, { ...base, tag: 'v1' }, { platforms })).rejects.toThrow(
    'it is built for linux/amd64, not for linux/arm64',
  );
});

it('refuses two names of one image', async () => {
  const images = { arm64: await pushBase(registry, base, { tag: 'b', architecture: 'arm64' }) };
  await pushIndex(registry, base, { tag: 'all', images });
  const twice = ['linux/arm64', 'linux/arm64/v8'].map(parsePlatform);

  await expect(resolveBases(registry, { ...base, tag: 'all' }, { platforms: twice })).rejects.toThrow(
    'has one image for linux/arm64 and linux/arm64/v8',
  );
});
