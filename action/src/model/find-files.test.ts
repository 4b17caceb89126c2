import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findFiles, requireFiles } from './find-files';

let workspace = '';

beforeEach(async () => {
  workspace = await realpath(await mkdtemp(join(tmpdir(), 'modelpier-files-')));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const write = async (path: string, content = path): Promise<void> => {
  await mkdir(dirname(join(workspace, path)), { recursive: true });
  await writeFile(join(workspace, path), content);
};
const find = (...patterns: string[]) =>
  findFiles({ patterns, from: workspace, label: 'spec.files' }, { workspace, directory: workspace });
const pathsOf = async (...patterns: string[]) => (await find(...patterns)).files.map(({ path }) => path);
const faultsOf = async (...patterns: string[]) =>
  (await find(...patterns)).faults.map(({ path, message }) => `${path}: ${message}`);

it('finds files, folders and globs, each file once', async () => {
  await write('model.pt');
  await write('assets/labels.json');
  await write('assets/deep/vocab.txt');
  await write('notes.md');

  expect(await pathsOf('model.pt', 'assets', 'assets/**/*.txt', '*.pt')).toEqual([
    'assets/deep/vocab.txt',
    'assets/labels.json',
    'model.pt',
  ]);
});

it('sorts by bytes, where UTF-16 and locales would sort otherwise', async () => {
  for (const name of ['z', 'B', 'a', '\uff5e', '\u{1f600}', 'a.b', 'a/b']) await write(`m/${name}x`);

  expect(await pathsOf('m')).toEqual(
    ['Bx', 'a.bx', 'a/bx', 'ax', 'zx', '\uff5ex', '\u{1f600}x'].map(n => `m/${n}`),
  );
});

it('tells size and place of each file', async () => {
  await write('model.pt', '12345');

  expect((await find('model.pt')).files).toEqual([
    { path: 'model.pt', absolutePath: join(workspace, 'model.pt'), sizeBytes: 5 },
  ]);
});

it('takes a name with brackets as it is written', async () => {
  await write('model[1].pt');

  expect(await pathsOf('model[1].pt')).toEqual(['model[1].pt']);
});

it('follows symbolic links inside the model directory and resolves them', async () => {
  await write('blobs/abc', 'weights');
  await mkdir(join(workspace, 'snapshot'));
  await symlink('../blobs/abc', join(workspace, 'snapshot/model.safetensors'));
  await symlink('blobs', join(workspace, 'linked'));

  const { files, faults } = await find('snapshot', 'linked');

  expect(faults).toEqual([]);
  expect(files.map(({ path, absolutePath }) => [path, absolutePath])).toEqual([
    ['linked/abc', join(workspace, 'blobs/abc')],
    ['snapshot/model.safetensors', join(workspace, 'blobs/abc')],
  ]);
});

it('leaves the history of the repository out', async () => {
  await write('model/.git/HEAD');
  await write('model/weights.bin');

  expect(await pathsOf('model')).toEqual(['model/weights.bin']);
});

it('names every fault at once', async () => {
  await write('m/.wh.gone');
  await write('m/pointer.bin', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n');
  await write('m/bad\nname');
  await symlink('/etc/hostname', join(workspace, 'm/outside'));
  await symlink('nowhere', join(workspace, 'm/dangling'));
  await symlink('.', join(workspace, 'm/loop'));
  await mkdir(join(workspace, 'empty'));
  execFileSync('mkfifo', [join(workspace, 'm/pipe')]);

  expect((await faultsOf('m', 'missing.pt', 'empty', '/etc/passwd', '../x', 'a/../../*.pt')).sort()).toEqual([
    'spec.files[0]: "m/.wh.gone" has a name that begins with .wh., which deletes files when an image is unpacked',
    'spec.files[0]: "m/bad\\nname" has a control character in its name',
    'spec.files[0]: "m/dangling" is a symbolic link that leads nowhere',
    'spec.files[0]: "m/loop" links to a folder around it',
    'spec.files[0]: "m/outside" is a symbolic link that leaves the model\'s directory',
    'spec.files[0]: "m/pipe" is neither a file nor a folder (a device, pipe or socket)',
    'spec.files[0]: "m/pointer.bin" is a Git LFS pointer, not the file itself; check out with `lfs: true`',
    'spec.files[1]: "missing.pt" matches no file',
    'spec.files[2]: "empty" holds no file',
    'spec.files[3]: "/etc/passwd" is absolute; write it relative',
    'spec.files[4]: "../x" lies outside the model\'s directory',
    'spec.files[5]: "a/../../*.pt" lies outside the model\'s directory',
  ]);
});

it('refuses files of the workspace that lie outside the model directory', async () => {
  await write('models/a/model.pt');
  await write('shared/vocab.txt');

  const { faults } = await findFiles(
    { patterns: ['shared/vocab.txt', 'models/a/model.pt'], from: workspace, label: 'input model' },
    { workspace, directory: join(workspace, 'models/a') },
  );

  expect(faults).toEqual([
    { path: 'input model[0]', message: '"shared/vocab.txt" lies outside the model\'s directory' },
  ]);
});

it('refuses a model directory that a symbolic link leads out of the workspace', async () => {
  await symlink('/etc', join(workspace, 'model'));

  await expect(
    findFiles(
      { patterns: ['hostname'], from: workspace, label: 'x' },
      { workspace, directory: join(workspace, 'model') },
    ),
  ).rejects.toThrow(/lies outside the workspace/);
});

it('throws all faults of patterns that stand in no document', async () => {
  const patterns = { patterns: ['a.py', 'b.py'], from: workspace, label: 'input code' };

  await expect(requireFiles(patterns, { workspace, directory: workspace })).rejects.toThrow(
    'input code is not valid: input code[0]: "a.py" matches no file; input code[1]: "b.py" matches no file',
  );
});
