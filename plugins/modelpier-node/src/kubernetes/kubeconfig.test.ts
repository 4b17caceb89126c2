import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { deployerOf, type KubernetesServer, startKubernetes } from '../../../../test/servers/kubernetes';
import { loadCluster, type LoadClusterOptions } from './cluster';
import { inClusterKubeconfig } from './in-cluster';
import { secretsOf } from './secrets';

const REF = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps', name: 'none' };

let folder: string;
let server: KubernetesServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'modelpier-kubeconfig-'));
  server = await startKubernetes({
    access: { 'good-token': deployerOf('apps'), 'user:pass': deployerOf('apps') },
  });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const kubeconfig = (user: object, extra: object = {}): string =>
  JSON.stringify({
    'current-context': 'main',
    clusters: [{ name: 'c', cluster: { server: server.url } }],
    users: [{ name: 'u', user }],
    contexts: [
      { name: 'main', context: { cluster: 'c', user: 'u', namespace: 'apps' } },
      { name: 'nobody', context: { cluster: 'c' } },
      { name: 'torn', context: { cluster: 'gone' } },
    ],
    ...extra,
  });

async function read(options: LoadClusterOptions): Promise<string> {
  const cluster = await loadCluster(options);
  try {
    await cluster.getObject(REF);
    return `signed in to ${cluster.namespace}`;
  } finally {
    cluster.close();
  }
}

it('takes the content of a kubeconfig', async () => {
  expect(await read({ kubeconfig: kubeconfig({ token: 'good-token' }) })).toBe('signed in to apps');
});

it('takes a path, and prefers a namespace that was given', async () => {
  const path = file('plain', kubeconfig({ token: 'good-token' }));
  expect(await read({ kubeconfig: path, namespace: 'other' })).toBe('signed in to other');
});

it('takes the paths of KUBECONFIG, of which some may be missing', async () => {
  const users = file('users', JSON.stringify({ users: [{ name: 'u', user: { token: 'good-token' } }] }));
  const rest = file('rest', kubeconfig({ token: 'shadowed-token' }));
  const env = { KUBECONFIG: [join(folder, 'missing'), users, rest].join(delimiter) };
  expect(await read({ env })).toBe('signed in to apps');
});

it('reads a token file beside the kubeconfig', async () => {
  file('token', 'good-token\n');
  expect(await read({ kubeconfig: file('with-token-file', kubeconfig({ tokenFile: 'token' })) })).toBe(
    'signed in to apps',
  );
});

it('asks an exec plugin for the token', async () => {
  const credential = {
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token: 'good-token' },
  };
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: ['-e', `console.log(${JSON.stringify(JSON.stringify(credential))})`],
  };
  expect(await read({ kubeconfig: kubeconfig({ exec }) })).toBe('signed in to apps');
});

it('says which exec plugin is missing', async () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin' };
  await expect(read({ kubeconfig: kubeconfig({ exec }) })).rejects.toMatchObject({
    code: 'unauthorized',
    message: `sign in as the kubeconfig's user "u": the command "no-such-plugin" is not installed`,
    hint: 'install no-such-plugin in an earlier step',
  });
});

it('goes without credentials where the context names no user', async () => {
  await expect(read({ kubeconfig: kubeconfig({}), context: 'nobody' })).rejects.toMatchObject({
    code: 'unauthorized',
    hint: expect.stringContaining('renew the kubeconfig') as string,
  });
});

it('names the contexts that there are', async () => {
  await expect(read({ kubeconfig: kubeconfig({}), context: 'prod' })).rejects.toMatchObject({
    code: 'invalid-input',
    message: 'the kubeconfig has no context "prod"',
    hint: 'its contexts are: main, nobody, torn',
  });
});

it('says what a context names and nobody defines', async () => {
  await expect(read({ kubeconfig: kubeconfig({}), context: 'torn' })).rejects.toThrow(
    'the kubeconfig has no cluster "gone", which its context names',
  );
});

it('keeps the text of a broken kubeconfig, which may be a token, out of the error', async () => {
  const broken = 'users:\n- name: u\n  user: {token: very-secret-token\n';
  const failure = loadCluster({ kubeconfig: broken });
  await expect(failure).rejects.toMatchObject({ code: 'invalid-input', cause: undefined });
  await expect(failure).rejects.toThrow(/^kubeconfig: is not valid YAML \(line \d\)$/);
});

it('says what to give where there is no kubeconfig', async () => {
  await expect(loadCluster({ env: {} })).rejects.toMatchObject({
    code: 'invalid-input',
    hint: expect.stringContaining('KUBECONFIG') as string,
  });
  await expect(loadCluster({ kubeconfig: '/no/such/file' })).rejects.toThrow('there is no such file');
});

it('takes the service account inside of a cluster', () => {
  file('token', 'good-token');
  file('namespace', 'models\n');
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  expect(inClusterKubeconfig(env, folder)).toEqual({
    currentContext: 'in-cluster',
    clusters: [
      {
        name: 'in-cluster',
        fields: { server: 'https://[fd00::1]:443', 'certificate-authority': join(folder, 'ca.crt') },
      },
    ],
    users: [{ name: 'in-cluster', fields: { tokenFile: join(folder, 'token') } }],
    contexts: [{ name: 'in-cluster', cluster: 'in-cluster', user: 'in-cluster', namespace: 'models' }],
  });
  expect(inClusterKubeconfig({}, folder)).toBeUndefined();
});

it('finds every secret, and a private key line by line', async () => {
  const key =
    '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIFirst\nSecondLineOfKey\n-----END EC PRIVATE KEY-----\n';
  const data = Buffer.from(key).toString('base64');
  file('secret-token', 'token-of-a-file\n');
  const path = file(
    'secrets',
    kubeconfig({
      token: 'plain-token',
      password: 'some-password',
      'client-key-data': data,
      tokenFile: 'secret-token',
      'auth-provider': {
        name: 'oidc',
        config: { 'id-token': 'an-id-token', 'idp-issuer-url': 'https://issuer' },
      },
      exec: { command: 'x', env: [{ name: 'PASS', value: 'exec-secret' }] },
    }),
  );
  expect([...(await secretsOf(path))].sort()).toEqual(
    [
      'MHcCAQEEIFirst',
      'SecondLineOfKey',
      'an-id-token',
      data,
      'exec-secret',
      'plain-token',
      'some-password',
      'token-of-a-file',
    ].sort(),
  );
});
