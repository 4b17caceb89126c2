import { formatSemver, readSemver } from './semver';

// The examples of semver.org, "Is there a suggested regular expression to check a SemVer string?".
it.each([
  ['0.0.4', '0.0.4'],
  ['v1.2.3', '1.2.3'],
  ['1.1.2-prerelease+meta', '1.1.2-prerelease'],
  ['1.1.2+meta-valid', '1.1.2'],
  ['1.0.0-alpha.0valid', '1.0.0-alpha.0valid'],
  ['1.0.0-rc.1+build.123', '1.0.0-rc.1'],
  ['1.2.3----RC-SNAPSHOT.12.9.1--.12+788', '1.2.3----RC-SNAPSHOT.12.9.1--.12'],
  [
    '99999999999999999999999.999999999999999999.99999999999999999',
    '99999999999999999999999.999999999999999999.99999999999999999',
  ],
])('reads %s as %s', (text, version) => {
  const read = readSemver(text);
  expect(read && formatSemver(read)).toBe(version);
  expect(read?.raw).toBe(text);
});

it.each([
  ...['1', '1.2', '1.2.3-0123', '1.2.3-0123.0123', '1.1.2+.123', '+invalid', 'alpha', '1.0.0-alpha_beta'],
  ...[
    '01.1.1',
    '1.01.1',
    '1.2.3.DEV',
    '1.2-SNAPSHOT',
    '1.1.2+a+b',
    'V1.2.3',
    'v 1.2.3',
    '1.2.3-',
    'p1/v1.2.3',
  ],
])('does not read %s', text => {
  expect(readSemver(text)).toBeUndefined();
});
