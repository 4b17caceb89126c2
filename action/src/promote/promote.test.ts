import { parsePlatform } from '@modelpier/backstage-plugin-modelpier-common';
import type { BuildEvent } from '../image/event';
import { endAll, stage } from '../image/build-image.fixture';
import { addTags } from './add-tags';
import { findImage, type FoundImage, type Wanted } from './find-image';
import { reportPromoted } from './report-promoted';

afterEach(endAll);

const WANTED: Wanted = { tags: ['sha-90dd603', 'main-90dd603'], model: 'digits', commit: '90dd6032fac8' };

async function find(
  staged: Awaited<ReturnType<typeof stage>>,
  wanted: Partial<Wanted> = {},
): Promise<FoundImage> {
  const search = await findImage(staged.registry, staged.repository, { ...WANTED, ...wanted });
  if ('misses' in search) throw new Error(search.misses.join('; '));
  return search.found;
}

it('finds the image of the commit and adds tags to the very same digest, without a blob', async () => {
  const staged = await stage();
  const { image: built } = await staged.build({ tags: ['main', 'main-90dd603'] });
  staged.server.requests.length = 0;
  const found = await find(staged);
  expect(found).toMatchObject({ tag: 'main-90dd603', root: { digest: built.digest } });

  const events: BuildEvent[] = [];
  const options = {
    repositories: [staged.repository],
    tags: ['1.0.0', 'main'],
    onEvent: (e: BuildEvent) => events.push(e),
  };
  expect(await addTags(staged.registry, found, options)).toBe(true);
  expect(events).toMatchObject([
    { type: 'tag', tag: '1.0.0', changed: true },
    { type: 'tag', tag: 'main', changed: false },
  ]);
  const head = await staged.registry.headManifest(staged.repository, '1.0.0');
  expect(head?.digest).toBe(built.digest);
  const writes = staged.server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
  expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'PUT /v2/acme/digits/manifests/1.0.0',
  ]);
  expect(await addTags(staged.registry, found, options)).toBe(false);
});

it('reports it with every layer as it was built, and nothing sent', async () => {
  const staged = await stage();
  const { image: built } = await staged.build({ tags: ['sha-90dd603'] });
  const reported = reportPromoted(await find(staged), {
    repository: staged.repository,
    tags: ['1.0.0'],
    changed: true,
  });
  expect(reported).toMatchObject({
    reference: built.reference,
    configDigest: built.configDigest,
    modelDigest: built.modelDigest,
    tags: ['1.0.0'],
    bytesTotal: built.bytesTotal,
    bytesPushed: 0,
    bytesReused: built.bytesTotal,
    reuse: { ratio: null },
  });
  const facts = (layers: readonly { kind: string; digest: string; files: readonly string[] }[] = []) =>
    layers.map(({ kind, digest, files }) => ({ kind, digest, files }));
  expect(facts(reported?.layers)).toEqual(facts(built.layers));
  expect(new Set(reported?.layers.map(({ fate }) => fate))).toEqual(new Set(['present']));
});

it('brings other repositories what they lack of it', async () => {
  const staged = await stage();
  await staged.build({ tags: ['sha-90dd603'] });
  const mirror = { ...staged.repository, path: 'acme/mirror' };
  const found = await find(staged);
  await addTags(staged.registry, found, {
    repositories: [staged.repository, mirror],
    tags: ['1.0.0'],
    onEvent: () => undefined,
  });
  expect((await staged.registry.headManifest(mirror, '1.0.0'))?.digest).toBe(found.root.digest);
});

it('takes an index with all its platforms', async () => {
  const staged = await stage();
  const platforms = [parsePlatform('linux/amd64')];
  await staged.build({ platforms, tags: ['sha-90dd603'] });
  const { root } = await find(staged);
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [
        {
          mediaType: root.mediaType,
          digest: root.digest,
          size: root.bytes.length,
          platform: { os: 'linux', architecture: 'amd64' },
        },
        {
          mediaType: root.mediaType,
          digest: root.digest,
          size: root.bytes.length,
          platform: { os: 'linux', architecture: 'arm64' },
        },
        {
          mediaType: root.mediaType,
          digest: root.digest,
          size: root.bytes.length,
          platform: { os: 'unknown', architecture: 'unknown' },
        },
      ],
    }),
  );
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const digest = await staged.registry.putManifest(staged.repository, 'main-90dd603', { mediaType, bytes });
  const found = await find(staged, { tags: ['main-90dd603'] });
  expect(found.root.digest).toBe(digest);
  expect(found.platforms).toHaveLength(2);
});

it.each([
  [{ tags: ['sha-1111111'] }, 'sha-1111111 is not there'],
  [{ model: 'letters' }, 'sha-90dd603 is of the model digits; main-90dd603 is not there'],
])('says of each tag why it is not the image: %j', async (wanted, words) => {
  const staged = await stage();
  await staged.build({ tags: ['sha-90dd603'] });
  await expect(find(staged, wanted)).rejects.toThrow(words);
});

it('passes over an image that says it is of another commit', async () => {
  const staged = await stage();
  await staged.build({ tags: ['sha-90dd603'], labels: { 'org.opencontainers.image.revision': 'c0ffee' } });
  await expect(find(staged)).rejects.toThrow('sha-90dd603 is of the commit c0ffee');
});
