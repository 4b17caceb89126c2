import { parseDigest } from './digest';
import {
  formatDeployed,
  formatReference,
  formatRepository,
  isSameRepository,
  isTag,
  parseReference,
  parseRepository,
  type Reference,
} from './reference';

const DIGEST = parseDigest(`sha256:${'ab'.repeat(32)}`);

it.each<[string, Reference]>([
  ['ubuntu', { registry: 'docker.io', path: 'library/ubuntu' }],
  ['ubuntu:22.04', { registry: 'docker.io', path: 'library/ubuntu', tag: '22.04' }],
  ['acme/app', { registry: 'docker.io', path: 'acme/app' }],
  ['docker.io/ubuntu', { registry: 'docker.io', path: 'library/ubuntu' }],
  ['docker.io/library/ubuntu', { registry: 'docker.io', path: 'library/ubuntu' }],
  ['index.docker.io/ubuntu', { registry: 'docker.io', path: 'library/ubuntu' }],
  ['index.docker.io/acme/app:v1', { registry: 'docker.io', path: 'acme/app', tag: 'v1' }],
  ['a/b/c/d', { registry: 'docker.io', path: 'a/b/c/d' }],
  ['ghcr.io/acme/mnist-mlp:1.4.0', { registry: 'ghcr.io', path: 'acme/mnist-mlp', tag: '1.4.0' }],
  [`ghcr.io/acme/app@${DIGEST}`, { registry: 'ghcr.io', path: 'acme/app', digest: DIGEST }],
  [`ghcr.io/acme/app:v1@${DIGEST}`, { registry: 'ghcr.io', path: 'acme/app', tag: 'v1', digest: DIGEST }],
  ['localhost/app', { registry: 'localhost', path: 'app' }],
  ['localhost:5000/app', { registry: 'localhost:5000', path: 'app' }],
  ['localhost:5000/app:5000', { registry: 'localhost:5000', path: 'app', tag: '5000' }],
  ['localhost:5000', { registry: 'docker.io', path: 'library/localhost', tag: '5000' }],
  ['registry:5000/a/b:x_Y.z-1', { registry: 'registry:5000', path: 'a/b', tag: 'x_Y.z-1' }],
  [
    '127.0.0.1:5000/runtime/torch:bookworm',
    { registry: '127.0.0.1:5000', path: 'runtime/torch', tag: 'bookworm' },
  ],
  ['[::1]/app', { registry: '[::1]', path: 'app' }],
  ['[2001:db8::1]:5000/a/b:v1', { registry: '[2001:db8::1]:5000', path: 'a/b', tag: 'v1' }],
  ['Registry/app', { registry: 'Registry', path: 'app' }],
  ['REGISTRY.example.com:443/app', { registry: 'REGISTRY.example.com:443', path: 'app' }],
  ['xn--bcher-kva.example/app', { registry: 'xn--bcher-kva.example', path: 'app' }],
  ['r.io/a__b/c.d/e-f/g---h/i_j', { registry: 'r.io', path: 'a__b/c.d/e-f/g---h/i_j' }],
  ['r.io:65535/a', { registry: 'r.io:65535', path: 'a' }],
])('reads %s', (value, expected) => {
  const reference = parseReference(value);
  expect(reference).toEqual(expected);
  expect(parseReference(formatReference(reference))).toEqual(expected);
});

it.each([
  '',
  ' ',
  '/',
  ':tag',
  '@',
  'app:',
  'app@',
  'app:@',
  'app:-tag',
  'app:.tag',
  'app:a b',
  `app:${'t'.repeat(129)}`,
  'app@sha256:abc',
  `app@${DIGEST.toUpperCase()}`,
  `app@sha512:${'ab'.repeat(64)}`,
  `app@${DIGEST}@${DIGEST}`,
  `app@${DIGEST}:tag`,
  'App',
  'acme/App',
  'ghcr.io/Acme/app',
  'ghcr.io/',
  'ghcr.io//app',
  'ghcr.io/acme/',
  'ghcr.io/acme//app',
  '/acme/app',
  'ghcr.io/../app',
  'ghcr.io/a/./b',
  'ghcr.io/.a',
  'ghcr.io/a.',
  'ghcr.io/a..b',
  'ghcr.io/a___b',
  'ghcr.io/_catalog',
  'ghcr.io/-a',
  'ghcr.io/a-',
  'ghcr.io/a%2fb',
  'ghcr.io/a?x=1',
  'ghcr.io/a#x',
  'ghcr.io/a\\b',
  'ghcr.io/a\n',
  'ghcr.io/a\u0000b',
  'ghcr.io/ä',
  'https://ghcr.io/acme/app',
  'oci://ghcr.io/acme/app',
  'user:pass@ghcr.io/acme/app',
  '-ghcr.io/app',
  'ghcr-.io/app',
  'ghcr..io/app',
  'ghcr.io./app',
  'ghcr_io.x/app',
  'ghcr.io:/app',
  'ghcr.io:port/app',
  'ghcr.io:65536/app',
  'ghcr.io:123456/app',
  '::1/app',
  '[::1/app',
  '[::1]x/app',
  '[fe80::1%25eth0]/app',
  '[]/app',
])('refuses %j', value => {
  expect(() => parseReference(value)).toThrow('is not an image reference');
});

it('takes names of up to 255 characters', () => {
  const path = (length: number) => 'a'.repeat(length - 'ghcr.io/'.length);
  expect(parseReference(`ghcr.io/${path(255)}:tag`).path).toHaveLength(247);
  expect(() => parseReference(`ghcr.io/${path(256)}`)).toThrow('longer than 255 characters');
});

it('answers nasty and endless input at once, with a short message', () => {
  const began = process.cpuUsage();
  for (const part of ['a', '-', 'a-', 'a.', 'a/', '_', '@', ':', '[', 'a:']) {
    const value = `${part.repeat(200_000)}!`;
    expect(() => parseReference(value)).toThrow(/^.{0,1200}$/);
  }
  expect(process.cpuUsage(began).user).toBeLessThan(1_000_000);
});

it('refuses a tag or a digest on a repository', () => {
  expect(parseRepository('ghcr.io/acme/app')).toEqual({ registry: 'ghcr.io', path: 'acme/app' });
  expect(() => parseRepository('ghcr.io/acme/app:v1')).toThrow('neither tag nor digest');
  expect(() => parseRepository(`ghcr.io/acme/app@${DIGEST}`)).toThrow('neither tag nor digest');
});

it.each([
  ['ghcr.io/acme/app:v1', 'ghcr.io/acme/app:v1'],
  [`ghcr.io/acme/app@${DIGEST}`, `ghcr.io/acme/app@${DIGEST}`],
  [`ghcr.io/acme/app:v1@${DIGEST}`, `ghcr.io/acme/app@${DIGEST}`],
])('names %s on a workload as %s', (image, deployed) => {
  expect(formatDeployed(parseReference(image))).toBe(deployed);
});

it('compares repositories, whatever their tag', () => {
  const a = parseReference('ghcr.io/acme/app:v1');
  expect(isSameRepository(a, parseReference('ghcr.io/acme/app:v2'))).toBe(true);
  expect(isSameRepository(a, parseReference('ghcr.io/acme/other:v1'))).toBe(false);
  expect(isSameRepository(a, parseReference('acme/app:v1'))).toBe(false);
  expect(formatRepository(a)).toBe('ghcr.io/acme/app');
});

it.each([
  ['v1', true],
  ['_x', true],
  ['t'.repeat(128), true],
  ['t'.repeat(129), false],
  ['', false],
  ['-v1', false],
  ['v1/2', false],
  ['v1\n', false],
])('decides whether %j is a tag', (value, expected) => {
  expect(isTag(value)).toBe(expected);
});
