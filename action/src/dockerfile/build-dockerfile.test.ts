import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseModel, parsePlatform, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry, plainRegistries } from '@modelpier/backstage-plugin-modelpier-node';
import { pushBase, pushIndex } from '../../../test/servers/registry/base-images';
import { digestOf, patientClock } from '../../../test/servers/registry/samples';
import { startRegistry } from '../../../test/servers/registry/server';
import type { BuildEvent } from '../image/event';
import {
  buildDockerfile,
  type BuildMachine,
  type DockerfileOptions,
  type DockerfileRequest,
} from './build-dockerfile';
import { type Calls, type Script, scriptedBuildah } from './scripted-buildah.fixture';
import type { RunTool } from './tool';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const MODEL = parseModel({
  apiVersion: 'modelpier.io/v1',
  kind: 'Model',
  metadata: { name: 'digits' },
  spec: { files: ['model.pt'] },
});
const BASE = [randomBytes(5000), Buffer.from('second')];
const WEIGHTS = randomBytes(3000);

/** A registry with a base in it, a workspace with a Dockerfile, and a builder that does as it is told. */
async function stage(dockerfile = (base: string): string => `FROM ${base}\nCOPY model.pt /models/digits/\n`) {
  const server = await startRegistry();
  const registry = createRegistry({ credentials: anonymous, clock: patientClock() });
  const folder = await mkdtemp(join(tmpdir(), 'modelpier-stage-'));
  ends.push(
    () => server.close(),
    () => registry.close(),
    () => rm(folder, { recursive: true }),
  );
  const base: Repository = { registry: server.host, path: 'runtime/torch' };
  const target: Repository = { registry: server.host, path: 'acme/digits' };
  const pushedBase = await pushBase(registry, base, { layers: BASE });
  const file = join(folder, 'Dockerfile');
  await writeFile(file, dockerfile(`${server.host}/runtime/torch:v1`));
  await writeFile(join(folder, 'model.pt'), WEIGHTS);
  const temporaryFolder = await mkdtemp(join(folder, 'tmp-'));
  const calls: Calls = { commands: [], environments: [], secrets: [] };
  const request: DockerfileRequest = {
    builder: 'auto',
    dockerfile: { file, contextFolder: folder },
    repositories: [target],
    tags: ['1.0.0', 'latest'],
    platforms: [parsePlatform('linux/amd64')],
    model: MODEL,
    version: '1.0.0',
    format: 'torchscript',
    files: [{ path: 'model.pt', absolutePath: join(folder, 'model.pt'), sizeBytes: WEIGHTS.length }],
    buildArgs: {},
    secrets: {},
    labels: {},
    annotations: {},
    epochSeconds: 0,
    requireDigest: false,
    dryRun: false,
  };
  const pushOwn =
    (own: readonly Uint8Array[] = [WEIGHTS], options: Parameters<typeof pushBase>[2] = {}) =>
    async (): Promise<string> =>
      (await pushBase(registry, target, { tag: '1.0.0', layers: [...BASE, ...own], ...options })).digest;
  const build = async (
    change: Partial<DockerfileRequest> = {},
    {
      signal,
      beforeTags,
      ...script
    }: Partial<Script> & Pick<DockerfileOptions, 'signal' | 'beforeTags'> = {},
    machine: Partial<BuildMachine> = {},
  ) => {
    const events: BuildEvent[] = [];
    const built = await buildDockerfile({
      registry,
      request: { ...request, ...change },
      machine: {
        run: scriptedBuildah({ push: pushOwn(), ...script }, calls),
        temporaryFolder,
        dockerConfigFolder: join(folder, 'no-docker'),
        credentials: anonymous,
        isPlain: plainRegistries([]),
        ...machine,
      },
      signal,
      beforeTags,
      onEvent: event => events.push(event),
    });
    return { ...built, events };
  };
  return { server, registry, base, target, pushedBase, calls, build, pushOwn, temporaryFolder };
}

const fatesOf = (image: { readonly layers: readonly { kind: string; fate: string }[] } | undefined) =>
  image?.layers.map(({ kind, fate }) => `${kind} ${fate}`);
const said = ({ commands }: Calls): string => commands.flat().join('\n');

it('reports what a builder pushed as any other image', async () => {
  const { server, build, pushedBase, registry, target } = await stage();

  const { image, warnings } = await build();

  expect(fatesOf(image)).toEqual(['base mounted', 'base mounted', 'dockerfile uploaded']);
  expect(image).toMatchObject({
    reference: `${server.host}/acme/digits@${image?.digest ?? ''}`,
    tags: ['1.0.0', 'latest'],
    platform: 'linux/amd64',
    base: { reference: `${server.host}/runtime/torch:v1`, digest: pushedBase.digest },
    changed: true,
    bytesPushed: image?.layers.at(-1)?.sizeBytes,
    reuse: { ratio: 0, reason: 'first-release' },
  });
  expect((await registry.headManifest(target, 'latest'))?.digest).toBe(image?.digest);
  expect(warnings).toEqual([expect.stringContaining('named by a tag, which moves')]);
});

it('labels the image with the facts of the model and of its base, and with what the inputs say', async () => {
  const { build, calls, pushedBase, server } = await stage();
  const labels = { team: 'vision', 'org.opencontainers.image.created': 'now' };
  const { image } = await build({ labels, annotations: { n: '1' } });
  const [, command = []] = calls.commands.filter(([program]) => program === 'buildah');
  expect(command).toEqual(
    expect.arrayContaining([
      '--label=io.modelpier.model=digits',
      `--label=io.modelpier.model-digest=${image?.modelDigest ?? ''}`,
      '--label=org.opencontainers.image.version=1.0.0',
      `--label=org.opencontainers.image.base.name=${server.host}/runtime/torch:v1`,
      `--label=org.opencontainers.image.base.digest=${pushedBase.digest}`,
      '--label=team=vision',
      '--annotation=io.modelpier.model=digits',
      '--annotation=n=1',
    ]),
  );
  expect(said(calls)).not.toContain('image.created');
});

it('finds nothing new the second time', async () => {
  const { build } = await stage();
  await build();
  const { image } = await build();
  expect(fatesOf(image)).toEqual(['base present', 'base present', 'dockerfile present']);
  expect(image).toMatchObject({ changed: false, bytesPushed: 0, reuse: { ratio: 1, newBytes: 0 } });
});

it('measures reuse against the version before, and says why a base’s layer is new', async () => {
  const { build, pushOwn } = await stage();
  await build();
  const push = pushOwn([WEIGHTS, randomBytes(100)], { level: 0 });
  const { image } = await build({ tags: ['1.0.0'] }, { push });
  expect(image?.layers.map(({ kind, fate, whyNew }) => [kind, fate, whyNew])).toEqual([
    ['base', 'uploaded', 'recompressed'],
    ['base', 'uploaded', 'recompressed'],
    ['dockerfile', 'uploaded', 'recompressed'],
    ['dockerfile', 'uploaded', undefined],
  ]);
});

it('gives an image that is yet to be checked none of its tags before the check', async () => {
  const { build, calls, pushOwn, registry, target } = await stage();
  const pushTag = 'modelpier-unchecked-90dd603';
  const push = pushOwn([WEIGHTS], { tag: pushTag });
  const named = () => Promise.all(['1.0.0', 'latest'].map(tag => registry.headManifest(target, tag)));

  const beforeTags = () => Promise.reject(new Error('it answers wrong'));
  await expect(build({ pushTag }, { push, beforeTags })).rejects.toThrow('it answers wrong');
  expect(await named()).toEqual([undefined, undefined]);
  expect(said(calls)).toContain(`acme/digits:${pushTag}`);
  expect(said(calls)).not.toContain('acme/digits:1.0.0');

  const { image } = await build({ pushTag }, { push });
  expect((await named()).map(head => head?.digest)).toEqual([image?.digest, image?.digest]);
  expect(image?.tags).toEqual(['1.0.0', 'latest']);
});

it('brings the image into every other repository from the first', async () => {
  const { build, server, registry } = await stage();
  const copy = { registry: server.host, path: 'mirror/digits' };
  const { image } = await build({ repositories: [{ registry: server.host, path: 'acme/digits' }, copy] });
  expect(image?.copies).toEqual([
    {
      reference: `${server.host}/mirror/digits@${image?.digest ?? ''}`,
      changed: true,
      bytesPushed: 0,
      bytesReused: image?.bytesTotal,
    },
  ]);
  for (const tag of ['1.0.0', 'latest'])
    expect((await registry.headManifest(copy, tag))?.digest).toBe(image?.digest);
});

it('fails where the registry holds something else than the builder says', async () => {
  const { build, pushOwn } = await stage();
  const lie = digestOf(Buffer.from('something else'));
  const push = async (): Promise<string> => {
    await pushOwn()();
    return lie;
  };
  await expect(build({}, { push })).rejects.toMatchObject({
    code: 'digest-mismatch',
    message: expect.stringContaining(`the builder pushed ${lie}, the registry has sha256:`) as string,
  });
});

it('fails where the builder names no digest, instead of guessing one', async () => {
  const { build } = await stage();
  await expect(build({}, { push: () => Promise.resolve('') })).rejects.toThrow('is not a digest');
});

it('finds the image in an index that a builder made for its attestations', async () => {
  const { build, registry, target } = await stage();
  const push = async (): Promise<string> => {
    const amd64 = await pushBase(registry, target, { tag: 'x', layers: [...BASE, WEIGHTS] });
    const unknown = await pushBase(registry, target, { tag: 'y', architecture: 'unknown' });
    return pushIndex(registry, target, { tag: '1.0.0', images: { unknown, amd64 } });
  };
  const { image } = await build({}, { push });
  expect(fatesOf(image)).toHaveLength(3);
});

it('refuses an image for another platform', async () => {
  const { build, pushOwn } = await stage();
  const push = pushOwn([WEIGHTS], { architecture: 'arm64' });
  await expect(build({}, { push })).rejects.toThrow('pushed no image for linux/amd64');
});

it('hands secrets over in files for nobody else, and leaves nothing of them', async () => {
  const { build, calls, temporaryFolder } = await stage();
  const { events } = await build({ secrets: { token: 'hunter2' } }, { says: ['the token is hunter2!'] });
  expect(calls.secrets).toEqual(['600 hunter2']);
  expect(said(calls)).not.toContain('hunter2');
  expect(events).toContainEqual({ type: 'tool', line: 'the token is ***!' });
  expect(await readdir(temporaryFolder)).toEqual([]);
});

it('hands logins over by files that go with the build', async () => {
  const { build, calls, temporaryFolder } = await stage();
  const credentials = () => Promise.resolve({ kind: 'basic', username: 'ada', password: 'hunter2' } as const);
  await build({}, {}, { credentials });
  expect(Object.keys(calls.environments.at(-1) ?? {})).toEqual(['REGISTRY_AUTH_FILE', 'DOCKER_CONFIG']);
  expect(said(calls)).not.toContain('hunter2');
  expect(await readdir(temporaryFolder)).toEqual([]);
});

it('tells the builder’s own error, without secrets, and leaves no tag', async () => {
  const { build, registry, target, temporaryFolder } = await stage();
  const says = ['STEP 2: RUN x', 'Error: building at STEP "RUN x": hunter2 is wrong', 'exit status 1'];
  await expect(build({ secrets: { token: 'hunter2' } }, { says, code: 125 })).rejects.toMatchObject({
    code: 'upstream',
    message: 'buildah build: exit code 125: Error: building at STEP "RUN x": *** is wrong',
    hint: expect.stringContaining('correct the Dockerfile') as string,
  });
  expect(await registry.headManifest(target, '1.0.0')).toBeUndefined();
  expect(await readdir(temporaryFolder)).toEqual([]);
});

it('stops where it is cancelled, and leaves nothing behind', async () => {
  const { build, registry, target, temporaryFolder } = await stage();
  const stop = new AbortController();
  const cancelled = build({ secrets: { token: 'x' } }, { signal: stop.signal, onBuild: () => stop.abort() });
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled', message: 'buildah build: cancelled' });
  expect(await registry.headManifest(target, '1.0.0')).toBeUndefined();
  expect(await readdir(temporaryFolder)).toEqual([]);
});

it('builds but pushes nothing in a dry run', async () => {
  const { build, calls, server } = await stage();
  server.requests.length = 0;
  expect((await build({ dryRun: true })).image).toBeUndefined();
  expect(calls.commands.map(([, act]) => act)).toEqual(['buildx', '--version', 'build']);
  expect(server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
});

it.each([
  ['scratch', () => 'FROM scratch\nCOPY model.pt /\n', []],
  [
    'a base that cannot be read',
    () => 'FROM 127.0.0.1:1/no/where:1\n',
    ['FROM 127.0.0.1:1/no/where:1 cannot be read'],
  ],
])('reports an image on %s without a base', async (_, dockerfile, words) => {
  const { build } = await stage(dockerfile);
  const { image, warnings } = await build();
  expect(image).not.toHaveProperty('base');
  expect(fatesOf(image)).toEqual(['dockerfile uploaded', 'dockerfile uploaded', 'dockerfile uploaded']);
  expect(warnings.map(warning => words.some(word => warning.includes(word)))).toEqual(words.map(() => true));
});

it('refuses images that only a tag names where digests are required', async () => {
  const { build, calls } = await stage(base => `FROM ${base} AS a\nFROM a\nCOPY --from=busybox:1 /x /x\n`);
  await expect(build({ requireDigest: true })).rejects.toThrow(/runtime\/torch:v1, busybox:1 by a tag/);
  expect(calls.commands).toEqual([]);
});

it('says which annotations the builder lost', async () => {
  const { build } = await stage();
  const { warnings } = await build({ annotations: { team: 'vision' } });
  expect(warnings.join()).toContain('did not keep the annotations team');
});

it.each([
  [
    'auto',
    /^builder auto: there is no docker .*; there is no buildah/,
    /setup-buildx-action.*, or install buildah/,
  ],
  ['buildx', /^builder buildx: there is no docker with buildx/, /setup-buildx-action/],
  ['buildah', /^builder buildah: there is no buildah/, /apt-get install buildah/],
] as const)('names what is missing, and the remedy, for builder: %s', async (builder, words, remedy) => {
  const { build } = await stage();
  await expect(build({ builder }, {}, { run: () => Promise.resolve(127) })).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(words) as string,
    hint: expect.stringMatching(remedy) as string,
  });
});

it('tells a Docker that does not answer from one that is not there', async () => {
  const { build } = await stage();
  const run: RunTool = (_, { onLine }) => {
    ['Name:    default', 'Driver:  ', 'Error:   Cannot connect to the Docker daemon'].forEach(line =>
      onLine(line, 'out'),
    );
    return Promise.resolve(0);
  };
  await expect(build({ builder: 'buildx' }, {}, { run })).rejects.toThrow(
    'docker buildx has no builder: Cannot connect to the Docker daemon',
  );
});
