import { isDigest, parseDigest, shortDigest } from './digest';

const HEX = '0123456789abcdef'.repeat(4);

it('reads a digest and shortens it as people compare it', () => {
  const digest = parseDigest(`sha256:${HEX}`);
  expect(digest).toBe(`sha256:${HEX}`);
  expect(shortDigest(digest)).toBe('0123456789ab');
});

it.each([
  '',
  HEX,
  'sha256:',
  `sha256:${HEX.slice(1)}`,
  `sha256:${HEX}0`,
  `sha256:${HEX.toUpperCase()}`,
  `SHA256:${HEX}`,
  `sha512:${HEX}${HEX}`,
  `sha256:${HEX}\n`,
  ` sha256:${HEX}`,
  `sha256:${HEX.replace('0', 'g')}`,
  `sha256:../${HEX.slice(3)}`,
  'constructor',
])('refuses %j', value => {
  expect(isDigest(value)).toBe(false);
  expect(() => parseDigest(value)).toThrow('is not a digest: expected sha256: and 64 lower-case hex digits');
});

it('quotes only the beginning of an endless text', () => {
  expect(() => parseDigest('x'.repeat(1_000_000))).toThrow(/^.{100,250}$/);
});
