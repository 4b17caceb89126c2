import { helperFor, parseDockerConfig, storedCredential } from './docker-config';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const basic = (username: string, password: string) => ({ kind: 'basic', username, password });

const config = parseDockerConfig(
  JSON.stringify({
    auths: {
      'ghcr.io': { auth: base64('octo:pass:word') },
      'https://index.docker.io/v1/': { auth: base64('whale:dckr_pat') },
      'https://registry.example/v2/': { username: 'u', password: 'p' },
      'acr.azurecr.io': { auth: base64('00000000-0000-0000-0000-000000000000:'), identitytoken: 'refresh' },
      'token.example:8443': { registrytoken: 'access' },
      'quay.io/team': { auth: base64('robot:secret') },
      'empty.example': {},
      'broken.example': { auth: base64('no colon') },
    },
    credHelpers: { 'https://gcr.io': 'gcloud' },
    HttpHeaders: { 'User-Agent': 'Docker-Client/24' },
  }),
  'config.json',
);

it.each([
  ['ghcr.io', basic('octo', 'pass:word')],
  ['docker.io', basic('whale', 'dckr_pat')],
  ['registry.example', basic('u', 'p')],
  ['acr.azurecr.io', { kind: 'identity-token', token: 'refresh' }],
  ['token.example:8443', { kind: 'bearer', token: 'access' }],
  ['token.example', undefined],
  ['quay.io', undefined],
  ['empty.example', undefined],
  ['broken.example', undefined],
  ['nowhere.example', undefined],
])('finds the login to %s', (registryHost, credential) => {
  expect(storedCredential(config, registryHost)).toEqual(credential);
});

it('asks the helper of the registry, or else the store of all', () => {
  expect(helperFor(config, 'gcr.io')).toEqual({ helper: 'gcloud', server: 'https://gcr.io' });
  expect(helperFor(config, 'ghcr.io')).toBeUndefined();
  const stored = { ...config, credsStore: 'desktop' };
  expect(helperFor(stored, 'ghcr.io')).toEqual({ helper: 'desktop', server: 'ghcr.io' });
  expect(helperFor(stored, 'docker.io')).toEqual({
    helper: 'desktop',
    server: 'https://index.docker.io/v1/',
  });
});

it('does not quote a broken file, for it holds secrets', () => {
  const parse = () =>
    parseDockerConfig('{"auths": {"a": {"auth": "c2VjcmV0"}', '/home/u/.docker/config.json');
  expect(parse).toThrow('/home/u/.docker/config.json is not JSON');
  expect(parse).not.toThrow(/c2VjcmV0/);
});
