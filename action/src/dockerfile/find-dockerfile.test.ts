import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDockerfile, hasDockerfile } from './find-dockerfile';

const workspaces: string[] = [];
afterEach(async () => {
  for (const folder of workspaces.splice(0)) await rm(folder, { recursive: true });
});

async function lay(...files: readonly string[]): Promise<string> {
  const workspace = await realpath(await mkdtemp(join(tmpdir(), 'modelpier-dockerfile-')));
  workspaces.push(workspace);
  for (const file of files) {
    await mkdir(join(workspace, file, '..'), { recursive: true });
    await writeFile(join(workspace, file), 'FROM scratch\n');
  }
  return workspace;
}

it.each([
  ['beside the model file', {}, 'models/a/Dockerfile', 'models/a'],
  ['in the context', { context: 'docker' }, 'docker/Dockerfile', 'docker'],
  [
    'by its name, over the folder of the model file',
    { file: 'docker/Dockerfile.gpu' },
    'docker/Dockerfile.gpu',
    'models/a',
  ],
  ['by its name, over another context', { file: 'docker/Dockerfile', context: '.' }, 'docker/Dockerfile', ''],
])('finds a Dockerfile %s', async (_, named, file, contextFolder) => {
  const workspace = await lay('models/a/Dockerfile', 'docker/Dockerfile', 'docker/Dockerfile.gpu');
  const query = { workspace, directory: join(workspace, 'models/a'), file: undefined, context: undefined };
  expect(await findDockerfile({ ...query, ...named })).toEqual({
    file: join(workspace, file),
    contextFolder: join(workspace, contextFolder).replace(/\/$/, ''),
  });
});

it.each([
  [{ file: 'Elsewhere' }, 'file Elsewhere: there is no such file'],
  [{ file: 'docker' }, 'file docker: there is no such file'],
  [{ context: 'docker/Dockerfile' }, 'context docker/Dockerfile: there is no such folder'],
  [{ context: '..' }, 'context .. lies outside the workspace'],
  [{ context: 'link' }, 'context link lies outside the workspace'],
  [{ file: '/etc/hostname' }, 'lies outside the workspace'],
  [{ context: 'https://github.com/acme/mlp.git' }, 'there is no such folder'],
])('refuses %j', async (named, words) => {
  const workspace = await lay('docker/Dockerfile');
  await symlink('/', join(workspace, 'link'));
  const query = { workspace, directory: workspace, file: undefined, context: undefined };
  await expect(findDockerfile({ ...query, ...named })).rejects.toThrow(words);
});

it('sees whether a Dockerfile lies beside the model file', async () => {
  const workspace = await lay('with/Dockerfile', 'without/model.yaml', 'folder/Dockerfile/x');
  expect(await hasDockerfile(join(workspace, 'with'))).toBe(true);
  expect(await hasDockerfile(join(workspace, 'without'))).toBe(false);
  expect(await hasDockerfile(join(workspace, 'folder'))).toBe(false);
});
