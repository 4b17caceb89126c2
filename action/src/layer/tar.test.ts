import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutTar, readTar } from './tar';
import type { TarEntry } from './tar-header';

const file = (path: string, sizeBytes: number): TarEntry => ({ type: 'file', path, sizeBytes });
const folder = (path: string): TarEntry => ({ type: 'directory', path, sizeBytes: 0 });

/** Contents that tell entry and position, in chunks of no round size. */
async function* contents({ path, sizeBytes }: TarEntry, from: number): AsyncGenerator<Uint8Array> {
  const all = Buffer.alloc(sizeBytes, `${path}|`);
  for (let at = from; at < sizeBytes; at += 777) yield all.subarray(at, Math.min(at + 777, sizeBytes));
  await Promise.resolve();
}

async function bytesOf(entries: readonly TarEntry[], { epoch = 0, from = 0 } = {}): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readTar(layoutTar(entries, epoch), contents, from)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const list = (archive: Buffer): string =>
  execFileSync('tar', ['--utc', '--numeric-owner', '-tvf', '-'], {
    input: archive,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });

const LONG = `${'d'.repeat(60)}/${'e'.repeat(60)}/model.pt`;
const VERY_LONG = `${'d'.repeat(200)}/${'e'.repeat(200)}.json`;

it('is read by tar as it was written: names, modes, owners, sizes and times', async () => {
  const archive = await bytesOf(
    [
      folder('models'),
      file('models/empty', 0),
      file('models/exact.bin', 512),
      file('models/model.pt', 1000),
      file(LONG, 3),
      file(VERY_LONG, 4),
      file('models/modèle-\u{1f600}.pt', 5),
    ],
    { epoch: 86_400 },
  );

  expect(list(archive).trimEnd().split('\n')).toEqual([
    'drwxr-xr-x 0/0               0 1970-01-02 00:00 models/',
    '-rw-r--r-- 0/0               0 1970-01-02 00:00 models/empty',
    '-rw-r--r-- 0/0             512 1970-01-02 00:00 models/exact.bin',
    '-rw-r--r-- 0/0            1000 1970-01-02 00:00 models/model.pt',
    `-rw-r--r-- 0/0               3 1970-01-02 00:00 ${LONG}`,
    `-rw-r--r-- 0/0               4 1970-01-02 00:00 ${VERY_LONG}`,
    '-rw-r--r-- 0/0               5 1970-01-02 00:00 models/modèle-\u{1f600}.pt',
  ]);
});

it('unpacks to the contents that went in', async () => {
  const archive = await bytesOf([file('a', 1), file('b', 513), file('ü', 1024)]);

  const unpacked = execFileSync('tar', ['-xOf', '-'], { input: archive });

  const expected = [
    ['a', 1],
    ['b', 513],
    ['ü', 1024],
  ] as const;
  expect(unpacked.equals(Buffer.concat(expected.map(([path, size]) => Buffer.alloc(size, `${path}|`))))).toBe(
    true,
  );
});

it('knows its size beforehand, in whole blocks', async () => {
  const entries = [folder('m'), file('m/a', 700), file('m/ü', 512)];

  const { sizeBytes } = layoutTar(entries, 0);

  expect(sizeBytes).toBe((await bytesOf(entries)).length);
  expect(sizeBytes % 512).toBe(0);
});

it('opens at any offset as if read from the start', async () => {
  const entries = [folder('m'), file('m/a', 700), file('m/empty', 0), file(VERY_LONG, 512), file('m/z', 1)];
  const whole = await bytesOf(entries);

  for (let from = 0; from <= whole.length; from += 61) {
    expect((await bytesOf(entries, { from })).equals(whole.subarray(from))).toBe(true);
  }
});

it('reads nothing of the files that lie before the offset', async () => {
  const entries = [file('a', 5000), file('b', 5000)];
  const asked: string[] = [];
  const layout = layoutTar(entries, 0);
  const logged = ({ path, ...rest }: TarEntry, from: number) => {
    asked.push(`${path}@${from}`);
    return contents({ path, ...rest }, from);
  };

  for await (const chunk of readTar(layout, logged, layout.entries[1]!.offset + 512 + 100))
    expect(chunk).toBeDefined();

  expect(asked).toEqual(['b@100']);
});

it('holds files of more than 8 GiB, which ustar alone cannot', async () => {
  const entries = [file('huge.safetensors', 9 * 2 ** 30 + 1), file('after', 0)];
  const layout = layoutTar(entries, 0);
  const [huge, after] = layout.entries;
  const directory = mkdtempSync(join(tmpdir(), 'modelpier-tar-'));
  const archive = join(directory, 'sparse.tar');
  const head = readTar(layout, contents);
  const first = await head.next();
  await head.return();

  writeFileSync(archive, Buffer.from(first.value as Uint8Array));
  truncateSync(archive, after!.offset);
  writeFileSync(archive, await bytesOf([file('after', 0)]), { flag: 'a' });

  expect(huge!.headerBytes).toBe(3 * 512);
  expect(execFileSync('tar', ['-tvf', archive], { encoding: 'utf8' })).toMatch(
    /9663676417 .*huge\.safetensors\n.*0 .*after\n$/,
  );
  rmSync(directory, { recursive: true });
});
