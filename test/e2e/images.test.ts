import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { releaseTag, runBundle, type ActionResult } from '../../examples/demo/run-action';
import { pushBase, pushIndex } from '../servers/registry/base-images';
import { attempt, run } from '../tools/command';
import { CRANE, findDebianTool } from '../tools/debian-tool';
import { startDocker } from './docker';
import { BASE_IMAGE, CONTAINERD, CRI, REGISTRY, REPOSITORY_PATH } from './real';

/** Other people's tools on images of every kind that the action makes. */
const MODEL = resolve(__dirname, '../../examples/mnist-mlp/model.pt');
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'modelpier');
const signal = AbortSignal.timeout(280_000);

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function layWorkspace(): Promise<string> {
  const workspace = await mkdtemp(join(tmpdir(), 'modelpier-images-'));
  ends.push(() => rm(workspace, { recursive: true }));
  await mkdir(join(workspace, 'model/words'), { recursive: true });
  await cp(MODEL, join(workspace, 'model/model.pt'));
  await writeFile(join(workspace, 'model/words/café — 大きさ.txt'), 'size\n'.repeat(1000));
  await writeFile(join(workspace, 'serve.py'), 'print("serve")\n');
  await writeFile(
    join(workspace, 'model.yaml'),
    'apiVersion: modelpier.io/v1\nkind: Model\nmetadata: { name: images }\nspec: { files: [model] }\n',
  );
  return workspace;
}

const imageOf = (name: string): string => `${REGISTRY}/${dirname(REPOSITORY_PATH)}/images-${name}`;

interface Build {
  readonly workspace: string;
  readonly image: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

async function build({ workspace, image, inputs, environment = {} }: Build): Promise<ActionResult> {
  const folder = await mkdtemp(join(tmpdir(), 'modelpier-step-'));
  ends.push(() => rm(folder, { recursive: true }));
  const lines: string[] = [];
  const result = await runBundle({
    bundle: resolve(__dirname, '../../dist/index.js'),
    workspace,
    folder,
    github: { ...releaseTag('1.0.0'), ...environment },
    inputs: { mode: 'build', images: image, ...inputs },
    onLine: line => lines.push(line),
    signal,
  });
  if (result.exitCode !== 0) throw new Error(lines.join('\n'));
  return result;
}

const digestOf = ({ report }: ActionResult): string | undefined => report?.image?.digest;

async function pull(reference: string): Promise<string> {
  const { stdout } = await run({ program: CRI, args: [CONTAINERD, 'pull', reference], signal });
  ends.push(() => attempt({ program: CRI, args: [CONTAINERD, 'rmi', reference], signal }));
  return stdout;
}

const KINDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  uncompressed: { compression: 'none' },
  gzip: { compression: 'gzip' },
  zstd: { compression: 'zstd' },
  mixed: { compression: 'auto' },
  'two platforms': { compression: 'gzip', platforms: 'linux/amd64,linux/arm64' },
};
const TINY = { registry: REGISTRY, path: `${dirname(REPOSITORY_PATH)}/tiny` };
const LAYERS = { 'base-image': `${REGISTRY}/${TINY.path}:both`, code: 'serve.py' };

/** A base of real archives for two platforms. */
beforeAll(async () => {
  const registry = createRegistry({ credentials: anonymous });
  const folder = await mkdtemp(join(tmpdir(), 'modelpier-base-'));
  const images: Record<string, Awaited<ReturnType<typeof pushBase>>> = {};
  for (const architecture of ['amd64', 'arm64']) {
    await writeFile(join(folder, 'platform'), architecture);
    const archive = join(folder, 'base.tar');
    await run({ program: 'tar', args: ['-C', folder, '-cf', archive, 'platform'], signal });
    const layers = [await readFile(archive)];
    images[architecture] = await pushBase(registry, TINY, { tag: architecture, architecture, layers });
  }
  await pushIndex(registry, TINY, { tag: 'both', images });
  await registry.close();
  await rm(folder, { recursive: true });
});

it.each(Object.keys(KINDS))('%s layers are taken by skopeo, crane and containerd', async kind => {
  const workspace = await layWorkspace();
  const image = imageOf(kind.replace(' ', '-'));
  const built = await build({ workspace, image, inputs: { ...LAYERS, ...KINDS[kind] } });
  const [digest = '', isGzip] = [digestOf(built), KINDS[kind]?.['compression'] === 'gzip'];
  const inspected = await run({
    program: 'skopeo',
    args: ['inspect', '--tls-verify=false', `docker://${image}:1.0.0`],
    signal,
  });
  expect(JSON.parse(inspected.stdout)).toMatchObject({
    Digest: digest,
    Architecture: 'amd64',
    Labels: { 'io.modelpier.model': 'images', 'org.opencontainers.image.version': '1.0.0' },
  });

  const crane = await findDebianTool(CRANE, { cache: CACHE, signal });
  // crane reads the content of layers by gzip alone; of others it checks the manifest, the config and the sizes.
  const args = ['validate', '--remote', `${image}:1.0.0`, ...(isGzip ? [] : ['--fast'])];
  const { stdout, stderr } = await run({ program: crane, args, signal });
  expect(`${stdout}${stderr}`).toContain('PASS');

  expect(await pull(`${image}@${digest}`)).toContain(built.report?.image?.configDigest);
});

it('has one digest from two folders at two dates', async () => {
  const image = imageOf('same');
  const [here, there] = [await layWorkspace(), await layWorkspace()];
  await utimes(join(there, 'model/model.pt'), 1, 1);
  const first = await build({ workspace: here, image, inputs: LAYERS });
  const second = await build({ workspace: there, image, inputs: LAYERS });
  expect(digestOf(second)).toBe(digestOf(first));
  expect(second.report?.image).toMatchObject({ changed: false, bytesPushed: 0 });
});

it('builds a Dockerfile with buildx on a real engine, twice the same, never an index', async () => {
  const docker = await startDocker({ cache: CACHE, signal });
  ends.push(() => docker.stop());
  const workspace = await layWorkspace();
  await writeFile(join(workspace, 'Dockerfile'), `FROM ${BASE_IMAGE}\nCOPY model /models/images\n`);
  const image = imageOf('buildx');
  const given = { workspace, image, inputs: { builder: 'buildx' }, environment: docker.environment };
  const first = await build(given);
  const raw = await run({
    program: 'skopeo',
    args: ['inspect', '--raw', '--tls-verify=false', `docker://${image}:1.0.0`],
    signal,
  });
  expect(JSON.parse(raw.stdout)).toHaveProperty('layers');
  expect(first.report?.image?.layers.at(-1)).toMatchObject({ kind: 'dockerfile', fate: 'uploaded' });
  const again = await build(given);
  expect(digestOf(again)).toBe(digestOf(first));
  expect(await pull(`${image}@${digestOf(first) ?? ''}`)).toContain(first.report?.image?.configDigest);
});
