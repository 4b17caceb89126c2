import { ModelpierError } from '../error';
import {
  checked,
  count,
  type Decoder,
  describe as picture,
  flag,
  integer,
  list,
  literal,
  nullable,
  number,
  object,
  optional,
  parseWith,
  record,
  strictObject,
  text,
  unknownValue,
} from './decoder';

function refusal(decoder: Decoder<unknown>, value: unknown): ModelpierError {
  try {
    parseWith(decoder, value, 'document');
  } catch (error) {
    if (error instanceof ModelpierError) return error;
  }
  throw new Error('the document was taken');
}
const faultsOf = (decoder: Decoder<unknown>, value: unknown) =>
  refusal(decoder, value).faults.map(({ path, message }) => [path, message]);

it.each<[string, Decoder<unknown>, readonly unknown[], readonly unknown[]]>([
  ['text', text, ['', 'a'], [1, null, undefined, {}, []]],
  ['a flag', flag, [true, false], [0, 'true', null]],
  ['a number', number, [0, -1.5, 1e300], ['1', Number.NaN, Number.POSITIVE_INFINITY, null]],
  ['an integer', integer, [0, -7, Number.MAX_SAFE_INTEGER], [0.5, 2 ** 53, '7', Number.NaN]],
  ['a count', count, [0, 7], [-1, 0.5, 2 ** 53, '7']],
  ['a literal', literal('a', 'b'), ['a', 'b'], ['c', 'A', '', null, ['a']]],
  ['a list', list(integer), [[], [1, 2]], [{ length: 1 }, 'ab', null]],
  ['a record', record(integer), [{}, { a: 1 }], [[1], 'a', null]],
  ['an object', object({ a: integer }), [{ a: 1 }], [{}, { a: 'x' }, [], null, 'a']],
  ['a nullable', nullable(integer), [null, 1], [undefined, 'x']],
  ['anything', unknownValue, [null, 1, 'x', []], []],
])('takes and refuses %s', (_, decoder, taken, refused) => {
  for (const value of taken) expect(parseWith(decoder, value, 'value')).toEqual(value);
  for (const value of refused) expect(refusal(decoder, value).code).toBe('invalid-document');
});

const deployment = object({
  name: text,
  replicas: count,
  labels: optional(record(text)),
  ports: list(object({ port: count, protocol: optional(literal('TCP', 'UDP')) })),
});

it('reports every fault at once, with its path', () => {
  const value = {
    name: 7,
    replicas: -1,
    labels: { ok: 'yes', 'modelpier.io/model': false },
    ports: [{ port: 80 }, { port: 'http', protocol: 'QUIC' }, null],
  };
  expect(faultsOf(deployment, value)).toEqual([
    ['name', 'expected a string, got 7'],
    ['replicas', 'expected a whole number of 0 or more, got -1'],
    ['labels["modelpier.io/model"]', 'expected a string, got false'],
    ['ports[1].port', 'expected a whole number of 0 or more, got "http"'],
    ['ports[1].protocol', 'expected TCP | UDP, got "QUIC"'],
    ['ports[2]', 'expected an object, got null'],
  ]);
  expect(refusal(deployment, { ...value, labels: null, ports: [] }).message).toBe(
    'document is not valid: name: expected a string, got 7; ' +
      'replicas: expected a whole number of 0 or more, got -1',
  );
});

it('names no path where the document itself is wrong', () => {
  expect(refusal(deployment, 'hello').message).toBe('document is not valid: expected an object, got "hello"');
});

it('lets a field that is missing or null be missing, and passes over fields it does not know', () => {
  const given = { name: 'a', replicas: 1, labels: null, ports: [], later: true };
  expect(parseWith(deployment, given, 'deployment')).toEqual({ name: 'a', replicas: 1, ports: [] });
});

it('names the fields it knows where an unknown one is a fault', () => {
  const strict = strictObject({ name: text, spec: optional(strictObject({ port: count })) });
  expect(faultsOf(strict, { nam: 'a', spec: { prot: 1, port: 2 } })).toEqual([
    ['nam', 'unknown field; known are name, spec'],
    ['name', 'expected a string, got nothing'],
    ['spec.prot', 'unknown field; known are port'],
  ]);
});

it('reports what a check throws as a fault', () => {
  const even = checked(value => {
    if (value.length % 2 === 1) throw new Error('odd');
    return value.length;
  });
  expect(parseWith(even, 'ab', 'value')).toBe(2);
  expect(faultsOf(list(even), ['a', 1])).toEqual([
    ['[0]', 'odd'],
    ['[1]', 'expected a string, got 1'],
  ]);
});

it('reads keys of the prototype as data, and never as fields', () => {
  const hostile: unknown = JSON.parse('{"__proto__": {"name": "x"}, "constructor": {"a": 1}, "toString": 1}');
  expect(() => parseWith(object({ name: text }), hostile, 'document')).toThrow('name: expected a string');
  const read = parseWith(record(unknownValue), hostile, 'document');
  expect(Object.keys(read)).toEqual(['__proto__', 'constructor', 'toString']);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  expect(Object.getPrototypeOf({})).not.toHaveProperty('name');
  expect(faultsOf(strictObject({}), JSON.parse('{"__proto__": 1}'))).toHaveLength(1);
  expect(faultsOf(object({ toString: text, hasOwnProperty: text }), {})).toHaveLength(2);
  expect(faultsOf(object({ a: text }), Object.create({ a: 'inherited' }))).toHaveLength(1);
});

it('keeps the message of a huge document short, and every fault in the list', () => {
  const error = refusal(list(text), new Array(100_000).fill(1));
  expect(error.faults).toHaveLength(100_000);
  expect(error.message).toMatch(/; and 99980 more$/);
  expect(error.message.length).toBeLessThan(1_000);
});

it('quotes only the beginning of endless values and keys', () => {
  const endless = 'x'.repeat(1_000_000);
  expect(refusal(count, endless).message.length).toBeLessThan(200);
  expect(refusal(record(count), { [endless]: 1, [`${endless}y`]: 'z' }).message.length).toBeLessThan(400);
  expect(refusal(strictObject({}), { [endless]: 1 }).message.length).toBeLessThan(400);
});

it.each([
  [undefined, 'nothing'],
  [null, 'null'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
  [10n, '10'],
  ['line\nbreak "quoted"', '"line\\nbreak \\"quoted\\""'],
  ['y'.repeat(81), `"${'y'.repeat(77)}"...`],
  [[1, 2], 'a list of 2'],
  [{}, 'an object'],
  [new Date(0), 'an object'],
  [() => 1, 'a function'],
  [Symbol('s'), 'a symbol'],
])('pictures %p in one short line', (value, expected) => {
  expect(picture(value)).toBe(expected);
});

it('cuts what it shows of a huge whole number', () => {
  expect(picture(12n)).toBe('12');
  expect(picture(10n ** 999n)).toBe(`1${'0'.repeat(76)}...`);
});
