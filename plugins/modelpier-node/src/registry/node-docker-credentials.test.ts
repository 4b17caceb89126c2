import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dockerCredentials } from './node-docker-credentials';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelpier-logins-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(path: string, content: unknown, mode = 0o600): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content), { mode });
}

const login = (registry: string, username: string) => ({
  auths: { [registry]: { auth: Buffer.from(`${username}:secret`).toString('base64') } },
});
const basic = (username: string) => ({ kind: 'basic', username, password: 'secret' });

it("reads Docker's file before podman's", async () => {
  await write('.docker/config.json', login('a.example', 'docker'));
  await write('run/containers/auth.json', {
    auths: { ...login('a.example', 'podman').auths, ...login('b.example', 'podman').auths },
  });
  const environment = { XDG_RUNTIME_DIR: join(folder, 'run') };
  const credentials = dockerCredentials({ environment, homeDir: folder });
  expect(await credentials('a.example')).toEqual(basic('docker'));
  expect(await credentials('b.example')).toEqual(basic('podman'));
  expect(await credentials('c.example')).toBeUndefined();
});

it('looks where DOCKER_CONFIG points', async () => {
  await write('.docker/config.json', login('a.example', 'home'));
  await write('elsewhere/config.json', login('a.example', 'elsewhere'));
  const environment = { DOCKER_CONFIG: join(folder, 'elsewhere') };
  const credentials = dockerCredentials({ environment, homeDir: folder });
  expect(await credentials('a.example')).toEqual(basic('elsewhere'));
});

it('goes anonymously where nobody has logged in', async () => {
  const credentials = dockerCredentials({ environment: {}, homeDir: folder });
  expect(await credentials('a.example')).toBeUndefined();
});

describe('with a credential helper', () => {
  const helper = `#!/bin/sh
server=$(cat)
case "$1 $server" in
  'get a.example') echo '{"ServerURL":"a.example","Username":"helped","Secret":"secret"}' ;;
  'get token.example') echo '{"ServerURL":"token.example","Username":"<token>","Secret":"refresh"}' ;;
  'get broken.example') echo 'Authorization: Bearer abcdef0123456789 refused' >&2; exit 2 ;;
  *) echo 'credentials not found in native keychain'; exit 1 ;;
esac
`;
  const withHelper = async (config: unknown) => {
    await write('bin/docker-credential-test', helper, 0o755);
    await write('.docker/config.json', config);
    const environment = { PATH: `${join(folder, 'bin')}:/bin:/usr/bin` };
    return dockerCredentials({ environment, homeDir: folder });
  };

  it('takes what it answers, identity tokens too', async () => {
    const credentials = await withHelper({ credsStore: 'test', ...login('c.example', 'stored') });
    expect(await credentials('a.example')).toEqual(basic('helped'));
    expect(await credentials('token.example')).toEqual({ kind: 'identity-token', token: 'refresh' });
    expect(await credentials('unknown.example')).toBeUndefined();
    expect(await credentials('c.example')).toEqual(basic('stored'));
  });

  it('reports its failure without what it let slip', async () => {
    const credentials = await withHelper({ credHelpers: { 'broken.example': 'test' } });
    await expect(credentials('broken.example')).rejects.toThrow(
      'docker-credential-test get broken.example: Authorization: Bearer (hidden) refused',
    );
  });

  it('names a helper that is not installed', async () => {
    const credentials = await withHelper({ credHelpers: { 'a.example': 'absent' } });
    await expect(credentials('a.example')).rejects.toMatchObject({
      message: 'docker-credential-absent get a.example: it is not installed',
      hint: expect.stringContaining('credHelpers') as string,
    });
  });

  it('runs nothing but a helper', async () => {
    const credentials = await withHelper({ credHelpers: { 'a.example': '../../bin/sh' } });
    await expect(credentials('a.example')).rejects.toThrow("is not a credential helper's name");
  });
});
