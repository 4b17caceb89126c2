import { formatPlatform, parsePlatform, platformMatches } from './platform';

it.each([
  'linux/amd64',
  'linux/arm64',
  'linux/arm64/v8',
  'linux/arm/v7',
  'windows/amd64',
  'linux/amd64/v3',
  'linux/s390x',
])('reads and writes %s', value => {
  expect(formatPlatform(parsePlatform(value))).toBe(value);
});

it.each([
  '',
  'linux',
  'linux/',
  '/amd64',
  'linux/amd64/',
  'linux/amd64/v3/x',
  'Linux/amd64',
  'linux amd64',
  'linux/amd64\n',
])('refuses %j', value => {
  expect(() => parsePlatform(value)).toThrow('is not a platform');
});

it.each([
  ['linux/amd64', 'linux/amd64', true],
  ['linux/arm64', 'linux/amd64', false],
  ['windows/amd64', 'linux/amd64', false],
  ['linux/arm/v6', 'linux/arm', true],
  ['linux/arm/v6', 'linux/arm/v7', false],
  ['linux/arm', 'linux/arm/v7', false],
  ['linux/arm64/v8', 'linux/arm64', true],
  ['linux/arm64', 'linux/arm64/v8', true],
  ['linux/arm64/v9', 'linux/arm64/v8', false],
  ['linux/arm64', 'linux/arm64/v9', false],
  ['linux/amd64', 'linux/amd64/v3', false],
])('offered %s where %s is wanted: %s', (offered, wanted, matches) => {
  expect(platformMatches(parsePlatform(offered), parsePlatform(wanted))).toBe(matches);
});
