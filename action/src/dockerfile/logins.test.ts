import { mkdir, mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credential, CredentialProvider } from '@modelpier/backstage-plugin-modelpier-node';
import { writeLogins } from './logins';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelpier-logins-'));
  folders.push(folder);
  return folder;
}

const credentialsOf =
  (known: Readonly<Record<string, Credential>>): CredentialProvider =>
  registry =>
    Promise.resolve(known[registry]);
const readJson = async (file: string): Promise<unknown> =>
  JSON.parse(await readFile(file, 'utf8')) as unknown;
const ADA: Credential = { kind: 'basic', username: 'ada', password: 'p:w' };
const ADA_AUTH = { auth: Buffer.from('ada:p:w').toString('base64') };

it('writes nothing where nobody is logged in, so that builders look where they always do', async () => {
  const folder = await makeFolder();
  const given = { registries: ['ghcr.io'], credentials: credentialsOf({}), dockerConfigFolder: folder };
  expect(await writeLogins(folder, given)).toEqual({});
});

it('hands each login to both builders, in files for nobody else', async () => {
  const folder = await makeFolder();
  const variables = await writeLogins(folder, {
    registries: ['ghcr.io', 'docker.io', 'quay.io', 'ghcr.io', 'public.io'],
    credentials: credentialsOf({
      'ghcr.io': ADA,
      'docker.io': { kind: 'identity-token', token: 't' },
      'quay.io': { kind: 'bearer', token: 'b' },
    }),
    dockerConfigFolder: join(folder, 'none'),
  });
  const auths = {
    'ghcr.io': ADA_AUTH,
    'https://index.docker.io/v1/': { auth: Buffer.from('<token>:').toString('base64'), identitytoken: 't' },
    'quay.io': { registrytoken: 'b' },
  };
  const { REGISTRY_AUTH_FILE: authFile = '', DOCKER_CONFIG: dockerConfig = '' } = variables;
  expect(await readJson(authFile)).toEqual({ auths });
  expect(await readJson(join(dockerConfig, 'config.json'))).toMatchObject({ auths });
  for (const file of [authFile, join(dockerConfig, 'config.json')])
    expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it("keeps Docker's plugins, builders and other logins, and passes by its store for ours", async () => {
  const [folder, original] = [await makeFolder(), await makeFolder()];
  await mkdir(join(original, 'cli-plugins'));
  const stored = { auths: { 'other.io': { auth: 'x' } }, credsStore: 'desktop', proxies: { default: {} } };
  await writeFile(join(original, 'config.json'), JSON.stringify(stored));

  const { DOCKER_CONFIG: dockerConfig = '' } = await writeLogins(folder, {
    registries: ['ghcr.io'],
    credentials: credentialsOf({ 'ghcr.io': ADA }),
    dockerConfigFolder: original,
  });

  expect(await readJson(join(dockerConfig, 'config.json'))).toEqual({
    ...stored,
    auths: { 'other.io': { auth: 'x' }, 'ghcr.io': ADA_AUTH },
    credHelpers: { 'ghcr.io': '' },
  });
  expect(await readlink(join(dockerConfig, 'cli-plugins'))).toBe(join(original, 'cli-plugins'));
  expect(await readJson(join(original, 'config.json'))).toEqual(stored);
});

it('never repeats a configuration that is not JSON', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'config.json'), '{"auths": hunter2');
  const given = {
    registries: ['ghcr.io'],
    credentials: credentialsOf({ 'ghcr.io': ADA }),
    dockerConfigFolder: folder,
  };
  const failure: unknown = await writeLogins(await makeFolder(), given).catch((error: unknown) => error);
  expect(failure).toMatchObject({ message: `${join(folder, 'config.json')} is not JSON`, cause: undefined });
});
