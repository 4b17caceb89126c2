import { isReferrerTag, looksImmutable, versionKey, versionOfTags } from './version-key';

it('sorts as semantic versions do', () => {
  const ordered = [
    '0.9.0',
    '1.0.0-alpha.2',
    '1.0.0-alpha.10',
    '1.0.0-rc.1',
    '1.0.0',
    'v1.2.0',
    '1.10.0',
    '2.0.0+build',
  ];
  expect(ordered.toReversed().toSorted((a, b) => (versionKey(a) < versionKey(b) ? -1 : 1))).toEqual(ordered);
});

it.each([null, 'latest', '1.0', 'main-1.0.0', '01234567890.0.0'])('has no key for %j', text => {
  expect(versionKey(text)).toBe('');
});

it('takes the highest semantic version among tags', () => {
  expect(versionOfTags(['latest', '1.9.0', 'v1.10.0', 'main'])).toBe('v1.10.0');
  expect(versionOfTags(['latest'])).toBeNull();
});

it.each([
  ['1.2.3', true],
  ['sha-0123abc', true],
  ['0123abcdef', true],
  ['latest', false],
  ['main', false],
  ['1', false],
  ['1.2', false],
])('%s never moves by custom: %s', (tag, expected) => {
  expect(looksImmutable(tag)).toBe(expected);
});

it('tells signatures from images', () => {
  expect(isReferrerTag(`sha256-${'0'.repeat(64)}.sig`)).toBe(true);
  expect(isReferrerTag('sha256-model')).toBe(false);
});
