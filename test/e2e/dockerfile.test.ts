import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import {
  imageConfig,
  parseModel,
  parsePlatform,
  parseReference,
  parseWith,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  anonymous,
  type CredentialProvider,
  createRegistry,
  plainRegistries,
  type RegistryPorts,
} from '@modelpier/backstage-plugin-modelpier-node';
import { buildDockerfile, type DockerfileRequest } from '../../action/src/dockerfile/build-dockerfile';
import type { BuildEvent } from '../../action/src/image/event';
import type { RunTool } from '../../action/src/dockerfile/tool';
import { createToolRunner } from '../../action/src/run-tool';
import { pushBase, pushIndex } from '../servers/registry/base-images';
import { startRegistry } from '../servers/registry/server';
import { BASE_IMAGE, REGISTRY, REPOSITORY_PATH } from './real';

const MODEL_FOLDER = resolve(__dirname, '../../examples/mnist-mlp');
const MODEL = parseModel({
  apiVersion: 'modelpier.io/v1',
  kind: 'Model',
  metadata: { name: 'mnist-mlp' },
  spec: { files: ['model.pt'] },
});

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const runWith = (added: Readonly<Record<string, string>>): RunTool =>
  createToolRunner({
    kill: process.kill.bind(process),
    environment: { BUILDAH_ISOLATION: 'chroot', ...process.env, ...added },
  });

/** As on another machine: nothing was built or pulled there before. */
async function onFreshStorage(): Promise<RunTool> {
  const folder = await makeFolder();
  const roots = ['graphroot', 'runroot'].map(root => `${root} = "${join(folder, root)}"\n`);
  await writeFile(join(folder, 'storage.conf'), `[storage]\ndriver = "vfs"\n${roots.join('')}`);
  return runWith({ CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf') });
}

const loggedIn: CredentialProvider = registry =>
  Promise.resolve(registry === REGISTRY ? undefined : { kind: 'basic', username: 'ada', password: 'p:w' });

function connect(credentials: CredentialProvider): RegistryPorts {
  const registry = createRegistry({ credentials });
  ends.push(() => registry.close());
  return registry;
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelpier-e2e-'));
  ends.push(() => rm(folder, { recursive: true }));
  return folder;
}

/** A workspace with the example's model and a Dockerfile. */
async function lay(dockerfile: string): Promise<string> {
  const folder = await makeFolder();
  await cp(join(MODEL_FOLDER, 'model.pt'), join(folder, 'model.pt'));
  await writeFile(join(folder, 'Dockerfile'), dockerfile);
  return folder;
}

interface Build extends Partial<DockerfileRequest> {
  readonly folder: string;
  readonly target: Repository;
  readonly credentials?: CredentialProvider;
  readonly run?: RunTool;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: BuildEvent) => void;
}

async function build(options: Build) {
  const { folder, target, credentials = anonymous, run = runWith({}), signal, onEvent, ...change } = options;
  const temporaryFolder = await makeFolder();
  const events: BuildEvent[] = [];
  const sizeBytes = (await readFile(join(MODEL_FOLDER, 'model.pt'))).length;
  const built = buildDockerfile({
    registry: connect(credentials),
    request: {
      builder: 'buildah',
      dockerfile: { file: join(folder, 'Dockerfile'), contextFolder: folder },
      repositories: [target],
      tags: ['1.0.0', 'latest'],
      platforms: [parsePlatform('linux/amd64')],
      model: MODEL,
      version: '1.0.0',
      format: 'torchscript',
      files: [{ path: 'model.pt', absolutePath: join(MODEL_FOLDER, 'model.pt'), sizeBytes }],
      buildArgs: {},
      secrets: {},
      labels: {},
      annotations: {},
      epochSeconds: 0,
      requireDigest: false,
      dryRun: false,
      ...change,
    },
    machine: {
      run,
      temporaryFolder,
      dockerConfigFolder: join(homedir(), '.docker'),
      credentials,
      isPlain: plainRegistries([]),
    },
    signal,
    onEvent: event => {
      events.push(event);
      onEvent?.(event);
    },
  });
  const settled = await built.finally(async () => {
    expect(await readdir(temporaryFolder)).toEqual([]);
  });
  if (settled.image === undefined) throw new Error('nothing was pushed');
  return {
    image: settled.image,
    lines: events.flatMap(event => (event.type === 'tool' ? [event.line] : [])),
  };
}

/** Buildah builds on no image that does not say how it came about. */
const WITH_HISTORY = { config: { history: [{ created_by: 'archive' }] } };

/** A layer as a builder unpacks it: a real archive with one file. */
async function archive(content: string): Promise<Uint8Array> {
  const folder = await makeFolder();
  await writeFile(join(folder, 'base.txt'), content);
  const options = { encoding: 'buffer', cwd: folder } as const;
  return (await promisify(execFile)('tar', ['-cf', '-', 'base.txt'], options)).stdout;
}

async function serveWithPassword() {
  const server = await startRegistry({ auth: { kind: 'bearer', users: { ada: { password: 'p:w' } } } });
  ends.push(() => server.close());
  return { server, registry: connect(loggedIn), base: { registry: server.host, path: 'runtime/tiny' } };
}

const blobBytesSent = (requests: readonly { path: string; receivedBytes: number }[]): number =>
  requests
    .filter(({ path }) => path.includes('/blobs/'))
    .reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);

it('builds with buildah into a registry that asks for a password, the same on every machine', async () => {
  const { server, registry, base } = await serveWithPassword();
  await pushBase(registry, base, { ...WITH_HISTORY, layers: [await archive('one')] });
  const dockerfile = `FROM ${server.host}/runtime/tiny:v1\nCOPY model.pt /models/mnist-mlp/model.pt\nENV A=1\n`;
  const target = { registry: server.host, path: 'acme/digits' };
  const labels = { 'io.example.text': 'a "quoted", $value' };

  const given = { target, credentials: loggedIn, labels };
  const first = await build({ ...given, folder: await lay(dockerfile), run: await onFreshStorage() });

  expect(first.image.layers.map(({ kind, fate }) => `${kind} ${fate}`)).toEqual([
    'base mounted',
    'dockerfile uploaded',
  ]);
  const { document } = await registry.getManifest(target, 'latest');
  if (!('layers' in document)) throw new Error('an index, though one image was built');
  expect(document.annotations).toMatchObject({ 'io.modelpier.model': 'mnist-mlp' });
  const bytes = await registry.readBlob(target, document.config);
  const config = parseWith(imageConfig, JSON.parse(Buffer.from(bytes).toString('utf8')), 'config');
  expect(config.config?.Labels).toMatchObject({
    ...labels,
    'io.modelpier.model-digest': first.image.modelDigest,
    'org.opencontainers.image.base.name': `${server.host}/runtime/tiny:v1`,
  });

  const elsewhere = await lay(dockerfile);
  await utimes(join(elsewhere, 'model.pt'), 1, 1);
  server.requests.length = 0;
  const { image } = await build({ ...given, folder: elsewhere, run: await onFreshStorage() });
  expect(image).toMatchObject({ digest: first.image.digest, changed: false, bytesPushed: 0 });
  expect(blobBytesSent(server.requests)).toBe(0);
});

it('builds an index for two platforms with buildah', async () => {
  const { server, registry, base } = await serveWithPassword();
  const images = {
    amd64: await pushBase(registry, base, { ...WITH_HISTORY, tag: 'a', layers: [await archive('amd64')] }),
    arm64: await pushBase(registry, base, {
      ...WITH_HISTORY,
      tag: 'b',
      architecture: 'arm64',
      layers: [await archive('arm64')],
    }),
  };
  await pushIndex(registry, base, { tag: 'all', images });
  const { image } = await build({
    folder: await lay(`FROM ${server.host}/runtime/tiny:all\nCOPY model.pt /models/mnist-mlp/\n`),
    target: { registry: server.host, path: 'acme/both' },
    run: await onFreshStorage(),
    credentials: loggedIn,
    platforms: ['linux/amd64', 'linux/arm64'].map(parsePlatform),
  });
  expect(image.platforms?.map(({ platform, baseDigest }) => [platform, baseDigest])).toEqual([
    ['linux/amd64', images.amd64.digest],
    ['linux/arm64', images.arm64.digest],
  ]);
  expect(image.layers.map(({ kind, fate }) => `${kind} ${fate}`)).toEqual([
    'base mounted',
    'dockerfile uploaded',
    'base mounted',
    'dockerfile present',
  ]);
});

const target: Repository = { registry: REGISTRY, path: `${REPOSITORY_PATH}-dockerfile` };

it('gives a secret to RUN, and to nobody who has the image', async () => {
  const folder = await lay(
    [
      `FROM ${BASE_IMAGE}`,
      'USER 0',
      // Or the result of an earlier run of this test would do.
      `LABEL run=${Date.now()}`,
      'RUN --mount=type=secret,id=token sha256sum /run/secrets/token | cut -c1-16 > /digest.txt && cat /digest.txt',
    ].join('\n'),
  );
  const { lines } = await build({ folder, target, secrets: { token: 'hunter2hunter2' } });
  expect(lines).toContain(createHash('sha256').update('hunter2hunter2').digest('hex').slice(0, 16));
  const registry = connect(anonymous);
  const { document } = await registry.getManifest(target, 'latest');
  if (!('config' in document)) throw new Error('not an image');
  expect(Buffer.from(await registry.readBlob(target, document.config)).toString()).not.toContain('hunter2');
});

it('ends a build in the middle of an instruction, with all that runs for it', async () => {
  const stop = new AbortController();
  const marker = `sleep 6${Date.now() % 100_000}`;
  const folder = await lay(`FROM ${BASE_IMAGE}\nUSER 0\nRUN echo begun && ${marker}\n`);
  const began = Date.now();
  const building = build({
    folder,
    target,
    tags: ['never'],
    signal: stop.signal,
    onEvent: event => {
      if (event.type === 'tool' && event.line === 'begun') stop.abort();
    },
  });
  await expect(building).rejects.toMatchObject({ code: 'cancelled' });
  expect(Date.now() - began).toBeLessThan(60_000);
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'stat,args']);
  expect(stdout.split('\n').filter(line => line.includes(marker) && !line.startsWith('Z'))).toEqual([]);
  expect(await connect(anonymous).headManifest(target, 'never')).toBeUndefined();
});

it("builds the seed's Dockerfile, repaired, on the runtime that the registry has", async () => {
  const { image } = await build({
    folder: MODEL_FOLDER,
    target,
    tags: ['seed'],
    dockerfile: {
      file: resolve(__dirname, '../../examples/seed-dockerfile/Dockerfile'),
      contextFolder: MODEL_FOLDER,
    },
    buildArgs: { RUNTIME: BASE_IMAGE },
  });
  expect(image.base?.reference).toBe(BASE_IMAGE);
  const { layers } = image;
  expect(layers.filter(({ kind }) => kind === 'base').every(({ fate }) => fate !== 'uploaded')).toBe(true);
  expect(image.bytesPushed).toBeLessThan(500_000);
  expect(parseReference(image.reference).digest).toBe(image.digest);
});
