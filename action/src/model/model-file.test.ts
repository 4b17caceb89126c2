import { compareBytes } from './model-file';

const NAMES = [
  '',
  'a',
  'a.b',
  'a/b',
  'ab',
  'Z',
  '\u00e9',
  'e\u0301',
  '\ud7ff',
  '\ue000',
  '\uffee',
  '\u{10000}',
  '\u{1f600}',
  '\u{1f600}a',
  '\u{1f601}',
  '\u{10ffff}',
];

it('orders as the UTF-8 bytes are', () => {
  for (const a of NAMES) {
    for (const b of NAMES) {
      const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
      expect([a, b, Math.sign(compareBytes(a, b))]).toEqual([a, b, bytes]);
    }
  }
});
