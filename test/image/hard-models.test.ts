import { isIndex, type Manifest } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pushBase } from '../servers/registry/base-images';
import { startRegistry } from '../servers/registry/server';

/** The bundle that users run; another one, where what it was made from has changed since. */
const BUNDLE = resolve(process.env['MODELPIER_BUNDLE'] ?? join(__dirname, '../../dist'));

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const MODEL = `apiVersion: modelpier.io/v1
kind: Model
metadata: { name: digits }
spec:
  format: onnx
  files: [model]
`;
const NOBODY = 65534;

/** A registry with a base in it, and an empty folder that everyone may enter. */
async function stage() {
  const server = await startRegistry();
  const registry = createRegistry({ credentials: anonymous });
  const folder = await mkdtemp(join(tmpdir(), 'modelpier-hard-'));
  ends.push(
    () => server.close(),
    () => registry.close(),
    () => rm(folder, { recursive: true }),
  );
  await chmod(folder, 0o755);
  await pushBase(registry, { registry: server.host, path: 'runtime/onnx' });
  return { server, registry, folder };
}
type Stage = Awaited<ReturnType<typeof stage>>;

type Contents = Readonly<Record<string, string | Uint8Array>>;

async function lay(workspace: string, contents: Contents): Promise<void> {
  await mkdir(workspace, { recursive: true });
  await writeFile(join(workspace, 'model.yaml'), MODEL);
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(workspace, 'model', path)), { recursive: true });
    await writeFile(join(workspace, 'model', path), content);
  }
}

interface Run {
  readonly workspace: string;
  readonly image: string;
  /** What differs from machine to machine. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A release that only builds, by the bundle; answers the digest that it puts out. */
async function release(
  { server, folder }: Stage,
  { workspace, image, environment = {} }: Run,
): Promise<string> {
  const step = await mkdtemp(join(folder, 'step-'));
  await chmod(step, 0o777);
  for (const name of ['output', 'summary', 'state']) await writeFile(join(step, name), '', { mode: 0o666 });
  await Promise.all(['output', 'summary', 'state'].map(name => chmod(join(step, name), 0o666)));
  const env = {
    PATH: process.env['PATH'],
    HOME: step,
    RUNNER_TEMP: step,
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: join(step, 'output'),
    GITHUB_STEP_SUMMARY: join(step, 'summary'),
    GITHUB_STATE: join(step, 'state'),
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF_TYPE: 'tag',
    GITHUB_REF_NAME: 'v1.0.0',
    GITHUB_SHA: 'c'.repeat(40),
    GITHUB_REPOSITORY: 'acme/digits',
    INPUT_MODE: 'build',
    INPUT_IMAGES: `${server.host}/${image}`,
    'INPUT_BASE-IMAGE': `${server.host}/runtime/onnx:v1`,
    ...environment,
  };
  const child = spawn(process.execPath, [join(folder, 'dist', 'index.js')], { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said += text.toString()));
  const code = await new Promise(done => child.once('close', done));
  if (code !== 0) throw new Error(said);
  const output = await readFile(join(step, 'output'), 'utf8');
  return /sha256:[0-9a-f]{64}/.exec(output)?.[0] ?? '';
}

async function manifestOf({ server, registry }: Stage, path: string): Promise<Manifest> {
  const { document } = await registry.getManifest({ registry: server.host, path }, '1.0.0');
  if (isIndex(document)) throw new Error('an index');
  return document;
}

/** Unpacks our layers as a node would, by another program. */
async function unpack(staged: Stage, path: string): Promise<string> {
  const root = await mkdtemp(join(staged.folder, 'root-'));
  const { layers } = await manifestOf(staged, path);
  for (const layer of layers.filter(
    ({ annotations }) => annotations?.['io.modelpier.layer.kind'] !== undefined,
  )) {
    const bytes = await registryBytes(staged, path, layer);
    execFileSync('tar', ['-C', root, '-xf', '-'], {
      input: layer.mediaType.endsWith('gzip') ? gunzipSync(bytes) : bytes,
    });
  }
  return join(root, 'models', 'digits', 'model');
}

async function registryBytes(
  { server, registry }: Stage,
  path: string,
  layer: Manifest['layers'][number],
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const stream = await registry.openBlob({ registry: server.host, path }, layer);
  for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const sumOf = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function sumsBelow(folder: string): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    sums[path.slice(folder.length + 1)] = sumOf(await readFile(path));
  }
  return sums;
}

const sumsOf = (contents: Contents): Record<string, string> =>
  Object.fromEntries(Object.entries(contents).map(([path, content]) => [path, sumOf(content)]));

/** Each process takes a second on a busy machine, and some tests have several. */
const TIMEOUT_MS = 60_000;

it(
  'has one digest in two folders, at two dates, for two users',
  async () => {
    const staged = await stage();
    const { folder } = staged;
    await cp(BUNDLE, join(folder, 'dist'), { recursive: true });
    const contents = {
      'model.onnx': randomBytes(300_000),
      'vocab.txt': 'a\nb\n',
      'deep/er/labels.json': '[]',
    };
    const [here, there] = [join(folder, 'here'), join(folder, 'else/where/entirely')];
    await lay(here, contents);
    await lay(there, Object.fromEntries(Object.entries(contents).reverse()));
    for (const path of Object.keys(contents)) {
      await utimes(join(there, 'model', path), 86_400, 86_400);
      await chmod(join(there, 'model', path), 0o755);
    }

    const mine = await release(staged, { workspace: here, image: 'acme/one' });
    const isRoot = process.getuid?.() === 0;
    const become = `process.umask(0o077); process.setgid(${NOBODY}); process.setuid(${NOBODY})`;
    const theirs = await release(staged, {
      workspace: there,
      image: 'acme/two',
      environment: {
        USER: 'nobody',
        TZ: 'Pacific/Kiritimati',
        LC_ALL: 'tr_TR.UTF-8',
        GITHUB_RUN_ID: '4711',
        GITHUB_ACTOR: 'grace',
        ...(isRoot && { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(become)}` }),
      },
    });

    expect(mine).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(theirs).toBe(mine);
  },
  TIMEOUT_MS,
);

it(
  'packs empty, long, foreign, linked and many files so that tar gives them back',
  async () => {
    const staged = await stage();
    const { folder } = staged;
    await cp(BUNDLE, join(folder, 'dist'), { recursive: true });
    const workspace = join(folder, 'workspace');
    const many = Array.from(
      { length: 2000 },
      (_, at) => [`many/${at % 7}/file-${at}.json`, `{"at":${at}}`] as const,
    );
    const contents: Contents = {
      ...Object.fromEntries(many),
      'model.onnx': randomBytes(200_000),
      'empty.bin': '',
      'empty.json': '',
      [`${'long'.repeat(40)}/${'er'.repeat(100)}/${'name'.repeat(50)}.json`]: 'long',
      [`${'x'.repeat(99)}/${'y'.repeat(99)}`]: 'at the edge',
      'mod\u00e8le/\u6a21\u578b-\u{1f600}.txt': 'foreign',
      'e\u0301 is not \u00e9.txt': 'composed otherwise',
      ' leading and trailing ': 'spaces',
      '-rf': 'a dash',
      'new\u2028line': 'separator',
      'blobs/abc': 'linked',
    };
    await lay(workspace, contents);
    await symlink('blobs/abc', join(workspace, 'model/weights.bin'));
    await symlink('blobs', join(workspace, 'model/snapshot'));

    const digest = await release(staged, { workspace, image: 'acme/hard' });
    const again = await release(staged, { workspace, image: 'acme/hard' });

    expect(again).toBe(digest);
    const links = { 'weights.bin': 'linked', 'snapshot/abc': 'linked' };
    expect(await sumsBelow(await unpack(staged, 'acme/hard'))).toEqual(sumsOf({ ...contents, ...links }));
  },
  TIMEOUT_MS,
);
