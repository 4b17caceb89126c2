import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { ModelFile } from '../model/model-file';
import { HashThreads } from './hash-threads';
import { computeModelDigest } from './model-digest';
import { type LaidLayer, layOutLayer, type PackOptions } from './pack';
import type { PlannedLayer } from './plan';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function lay(contents: Readonly<Record<string, string | Buffer>>): Promise<readonly ModelFile[]> {
  const folder = await mkdtemp(join(tmpdir(), 'modelpier-pack-'));
  folders.push(folder);
  const files: ModelFile[] = [];
  for (const [path, content] of Object.entries(contents)) {
    const absolutePath = join(folder, path);
    await mkdir(dirname(absolutePath), { recursive: true });
    await writeFile(absolutePath, content);
    files.push({ path, absolutePath, sizeBytes: (await stat(absolutePath)).size });
  }
  return files;
}

const OPTIONS: PackOptions = { targetPath: 'models/m', compression: 'auto', epochSeconds: 0 };
const pack = (
  files: readonly ModelFile[],
  options: Partial<PackOptions> & Parameters<LaidLayer['pack']>[0] = {},
  kind: PlannedLayer['kind'] = 'weights',
) => layOutLayer({ kind, files }, { ...OPTIONS, ...options }).pack(options);
const sha256 = (bytes: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
/** Copies each chunk, for the next may be written over it. */
async function read(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}

const BIG = Buffer.alloc(3 * 1024 * 1024 + 17, 'weights');

it('gives the same digest in another folder, at another time, under other modes', async () => {
  const [one, two] = [await lay({ 'model.pt': BIG, 'a/b': 'x' }), await lay({ 'model.pt': BIG, 'a/b': 'x' })];
  for (const { absolutePath } of two) {
    await chmod(absolutePath, 0o700);
    await utimes(absolutePath, 1, 1);
  }

  for (const compression of ['none', 'gzip', 'zstd'] as const) {
    const [first, second] = [await pack(one, { compression }), await pack(two, { compression })];
    expect(second.descriptor).toEqual(first.descriptor);
    expect(second.diffId).toBe(first.diffId);
  }
});

it('gives the same digests on threads as without', async () => {
  const files = await lay({ 'model.pt': Buffer.alloc(9 * 1024 * 1024 + 5, 'weights'), 'vocab.json': '{}' });
  const threads = new HashThreads();
  try {
    const [here, there] = [await pack(files), await pack(files, { threads })];
    expect(there).toMatchObject({
      descriptor: here.descriptor,
      diffId: here.diffId,
      fileDigests: here.fileDigests,
    });
  } finally {
    await threads.close();
  }
});

it('has a digest that never changes', async () => {
  const { descriptor } = await pack(await lay({ 'model.pt': 'weights' }));

  // Pinned: if this fails, every layer that anyone has pushed will be pushed again.
  expect(descriptor.digest).toBe('sha256:df762de44460742fea0dbdfb989c5b2ed3acb4c5d2cbc5d0a71c900f0ba23a45');
});

it.each(['none', 'gzip', 'zstd'] as const)(
  'streams the bytes that its descriptor tells: %s',
  async compression => {
    const layer = await pack(await lay({ 'model.pt': BIG, 'vocab.json': '{}' }), { compression });

    const bytes = await read(layer.open(0));

    expect(bytes.length).toBe(layer.descriptor.size);
    expect(sha256(bytes)).toBe(layer.descriptor.digest);
  },
);

it.each(['none', 'gzip', 'zstd'] as const)('opens again at any offset: %s', async compression => {
  const layer = await pack(await lay({ 'model.pt': BIG, 'vocab.json': '{}' }), { compression });
  const whole = await read(layer.open(0));

  for (const offset of [0, 1, 511, 512, 5000, 2 ** 20 + 3, whole.length - 1, whole.length]) {
    expect((await read(layer.open(offset))).equals(whole.subarray(offset))).toBe(true);
  }
});

it.each([
  ['gzip', gunzipSync],
  ['zstd', zstdDecompressSync],
] as const)('unpacks from %s to the archive of the diff id', async (compression, unpack) => {
  const layer = await pack(await lay({ 'labels.json': '["a"]'.repeat(1000) }), { compression });

  const archive = unpack(await read(layer.open(0)));

  expect(sha256(archive)).toBe(layer.diffId);
  expect(execFileSync('tar', ['-tf', '-'], { input: archive, encoding: 'utf8' })).toBe(
    'models/\nmodels/m/\nmodels/m/labels.json\n',
  );
});

it('leaves weights uncompressed and compresses text', async () => {
  const [weights, text] = [
    await pack(await lay({ 'model.pt': 'w' })),
    await pack(await lay({ 'a.json': 't' })),
  ];

  expect(weights.descriptor.mediaType).toBe('application/vnd.oci.image.layer.v1.tar');
  expect(weights.descriptor.digest).toBe(weights.diffId);
  expect(text.descriptor.mediaType).toBe('application/vnd.oci.image.layer.v1.tar+gzip');
});

it('writes a gzip header without time, name or system', async () => {
  const layer = await pack(await lay({ 'a.json': 't' }));

  expect((await read(layer.open(0))).subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff');
});

it('says in its annotations what it holds', async () => {
  const layer = await pack(await lay({ 'model.pt': 'w', 'deep/er.bin': 'x' }));

  expect(layer.descriptor.annotations).toEqual({
    'io.modelpier.layer.kind': 'weights',
    'io.modelpier.layer.files': '["/models/m/model.pt","/models/m/deep/er.bin"]',
  });
});

it('leaves a list of files out of the manifest that would not fit there', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 500 }, (_, at) => [`${'long'.repeat(8)}-${at}.bin`, '']),
  );

  const layer = await pack(await lay(many));

  expect(layer.files).toHaveLength(500);
  expect(Object.keys(layer.descriptor.annotations ?? {})).toEqual(['io.modelpier.layer.kind']);
});

it('names the digest of each file', async () => {
  const layer = await pack(await lay({ 'empty.bin': '', 'model.pt': BIG }));

  expect(layer.fileDigests).toEqual([
    { path: 'empty.bin', digest: sha256('') },
    { path: 'model.pt', digest: sha256(BIG) },
  ]);
});

it('computes the model digest over sorted lines, as sha256sum would print them', async () => {
  const files = await lay({ 'z.pt': 'z', 'a/b.json': 'b' });
  const layer = await pack(files);
  const folder = dirname(files[0]!.absolutePath);

  const lines = execFileSync('sha256sum', ['a/b.json', 'z.pt'], { cwd: folder });

  expect(computeModelDigest([...layer.fileDigests].reverse())).toBe(sha256(lines));
});

it.each([
  ['rewritten in place', (path: string) => writeFile(path, Buffer.alloc(BIG.length, 'other'))],
  ['made longer', (path: string) => writeFile(path, 'more', { flag: 'a' })],
  ['cut', (path: string) => writeFile(path, 'less')],
])('fails clearly where a file is %s before it is sent', async (_, change) => {
  const files = await lay({ 'model.pt': BIG });
  const layer = await pack(files);
  await new Promise(resolve => setTimeout(resolve, 5));
  await change(files[0]!.absolutePath);

  await expect(read(layer.open(0))).rejects.toMatchObject({
    code: 'digest-mismatch',
    message: 'model.pt changed while the image was being built',
  });
});

it('fails clearly where a small file changes before it is sent', async () => {
  const files = await lay({ 'vocab.txt': 'four' });
  const layer = await pack(files, { compression: 'none' });
  await new Promise(resolve => setTimeout(resolve, 5));
  await writeFile(files[0]!.absolutePath, 'five');

  await expect(read(layer.open(0))).rejects.toMatchObject({ code: 'digest-mismatch' });
});

it('lets others have their turn while it reads many small files', async () => {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`file-${at}.bin`, 'x']));
  const files = await lay(many);
  const controller = new AbortController();
  setImmediate(() => controller.abort());

  await expect(pack(files, { signal: controller.signal })).rejects.toThrow('aborted');
});

it('fails where a file is not as long as it was when it was found', async () => {
  const [file] = await lay({ 'model.pt': 'four' });

  await expect(pack([{ ...file!, sizeBytes: 5 }])).rejects.toMatchObject({ code: 'digest-mismatch' });
});

it('stops when it is cancelled', async () => {
  const files = await lay({ 'model.pt': BIG });
  const controller = new AbortController();

  const packing = pack(files, { signal: controller.signal, onProgress: () => controller.abort() });

  await expect(packing).rejects.toThrow('aborted');
});
