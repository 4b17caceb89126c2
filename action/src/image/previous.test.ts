import { parsePlatform, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry, type RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import { pushBase, pushIndex } from '../../../test/servers/registry/base-images';
import { type RegistryServer, startRegistry } from '../../../test/servers/registry/server';
import { readTags } from './previous';

let server: RegistryServer;
let registry: RegistryPorts & { close(): Promise<void> };
let repository: Repository;
beforeEach(async () => {
  server = await startRegistry({ tagsPerPage: 2 });
  registry = createRegistry({ credentials: anonymous });
  repository = { registry: server.host, path: 'acme/model' };
});
afterEach(async () => {
  await registry.close();
  await server.close();
});

const push = async (tag: string) =>
  (await pushBase(registry, repository, { tag, layers: [Buffer.from(tag)] })).digest;
const amd64 = parsePlatform('linux/amd64');
const arm64 = parsePlatform('linux/arm64');
const read = async (...tags: string[]) => {
  const { heads, previous } = await readTags(registry, repository, { tags, platforms: [amd64] });
  return { heads, previous: previous[0] };
};
const readBoth = async (tag: string) =>
  (await readTags(registry, repository, { tags: [tag], platforms: [amd64, arm64] })).previous;

it('knows no previous version in an empty repository', async () => {
  expect((await read('1.0.0', 'latest')).previous).toEqual({ kind: 'none' });
});

it('takes the version that a moving tag names', async () => {
  await push('9.0.0');
  const digest = await push('latest');

  const { heads, previous } = await read('1.0.0', 'latest');

  expect(previous).toMatchObject({ kind: 'image', digest });
  expect(heads.get('latest')?.digest).toBe(digest);
  expect(heads.get('1.0.0')).toBeUndefined();
});

it.each([
  [
    'the highest version',
    ['v1.9.0', 'v1.10.0', '1.2.0', 'main-abc', `sha256-${'0'.repeat(64)}.sig`],
    'v1.10.0',
  ],
  ['the last by name where there are no versions', ['main-9', 'main-10', 'main-2'], 'main-10'],
])('else takes %s', async (_, existing, expected) => {
  for (const tag of existing) await push(tag);

  expect((await read('2.0.0')).previous).toMatchObject({ digest: await push(expected) });
});

it('takes the image of the platform from an index', async () => {
  const amd64 = await pushBase(registry, repository, { tag: 'a' });
  await pushIndex(registry, repository, { tag: 'latest', images: { unknown: amd64, amd64 } });

  expect((await read('latest')).previous).toMatchObject({ kind: 'image', digest: amd64.digest });
});

it('takes each platform from an index, and none for one that was not built', async () => {
  const images = { amd64: await pushBase(registry, repository, { tag: 'a' }) };
  await pushIndex(registry, repository, { tag: 'latest', images });

  expect(await readBoth('latest')).toMatchObject([
    { kind: 'image', digest: images.amd64.digest },
    { kind: 'none' },
  ]);
});

it('takes a lone image for the platform that its config names', async () => {
  const { digest } = await pushBase(registry, repository, { tag: 'latest', architecture: 'arm64' });

  expect(await readBoth('latest')).toMatchObject([{ kind: 'none' }, { kind: 'image', digest }]);
});

it('reads heads alone where no platform is asked for', async () => {
  const digest = await push('latest');

  const { heads, previous } = await readTags(registry, repository, { tags: ['latest'], platforms: [] });

  expect(heads.get('latest')?.digest).toBe(digest);
  expect(previous).toEqual([]);
});

it.each([401, 403])('does not know where it may not look: %d', async status => {
  server.faults.inject({ kind: 'answer', status, times: 9 });

  expect((await read('latest')).previous).toEqual({ kind: 'unknown' });
});

it('fails where the registry fails', async () => {
  server.faults.inject({ kind: 'answer', status: 400, times: 9 });

  await expect(read('latest')).rejects.toMatchObject({ name: 'ModelpierError' });
});
