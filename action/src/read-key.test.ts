import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run } from './main';
import { readKey } from './read-key';
import { readTrustedRoots } from './read-trust';

let folder: string;
let workspace: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelpier-key-'));
  workspace = join(folder, 'workspace');
  await mkdir(workspace);
  await writeFile(join(folder, 'outside'), 'secret');
  await symlink(join(folder, 'outside'), join(workspace, 'link'));
  await writeFile(join(workspace, 'key.pem'), 'a key');
  await writeFile(join(workspace, 'model.bin'), '');
  // More than one text of Node.js can hold: to read it all would fail in another way.
  await truncate(join(workspace, 'model.bin'), 8 * 1024 ** 3);
});
afterEach(() => rm(folder, { recursive: true }));

const key = (given: string) => readKey(given, { input: 'verify-key', workspace });
const root = (file: string) =>
  readTrustedRoots({ context: { workspace, temporaryFolder: folder } } as unknown as Run, file);

it('reads a key of the workspace, also by its whole path', async () => {
  expect(await key('key.pem')).toBe('a key');
  expect(await key(join(workspace, 'key.pem'))).toBe('a key');
});

it.each([
  ['../outside', 'it lies outside', 'lies outside the workspace'],
  ['link', 'it lies outside', 'lies outside the workspace'],
  ['/etc/hostname', 'it lies outside', 'lies outside the workspace'],
  ['none', 'no such file', 'cannot be read'],
  ['.', 'no such file', 'cannot be read'],
  ['model.bin', 'it has more than 64 KiB', 'has more than 1 MiB'],
])('reads no %s', async (path, ofKey, ofRoot) => {
  await expect(key(path)).rejects.toThrow(
    `verify-key: it is neither PEM nor a file of the workspace (${ofKey})`,
  );
  await expect(root(path)).rejects.toThrow(`trusted-root: ${path} ${ofRoot}`);
});
