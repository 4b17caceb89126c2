// cspell:ignore cjoblib cposix ndtype dtypecnumpy
import { memorySource } from '../byte-source';
import { disassemble } from './disassemble';

const read = (...parts: readonly (string | Iterable<number>)[]) =>
  disassemble(
    memorySource(
      Buffer.concat(
        parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Uint8Array.from(part))),
      ),
    ),
  );
const names = (globals: readonly { module: string; name: string }[]): readonly string[] =>
  globals.map(({ module, name }) => `${module}.${name}`);

const short = (text: string): string => `\x8c${String.fromCharCode(text.length)}${text}`;

it('names what a pickle of protocol 0 imports and calls', () => {
  const { globals, end, fault } = read("cos\nsystem\n(S'id'\ntR.");

  expect(globals).toEqual([{ module: 'os', name: 'system', offset: 0, called: true }]);
  expect([end, fault]).toEqual([21, undefined]);
});

it('names what the stack says is imported, through the memo', () => {
  const pickle = read(
    '\x80\x04',
    short('posix'),
    '\x94',
    short('x'),
    '0',
    'h\x00',
    short('system'),
    '\x93)R.',
  );

  expect(names(pickle.globals)).toEqual(['posix.system']);
  expect(pickle.oddities).toEqual([]);
});

it('says where a name comes from somewhere else', () => {
  const { oddities } = read('\x80\x04K\x01', short('system'), '\x93.');

  expect(oddities).toEqual([expect.objectContaining({ kind: 'unresolved-global' })]);
});

it.each([
  ['extension', '\x80\x02\x82\x01.'],
  ['extension', '\x80\x02\x83\x01\x00.'],
  ['extension', '\x80\x02\x84\x01\x00\x00\x00.'],
  ['old-instance', '(ios\nsystem\n.'],
  ['old-instance', '(cos\nsystem\no.'],
  ['odd-call', 'ca\nb\n)R)R.'],
  ['odd-build', 'ca\nb\n}b.'],
  ['misplaced-protocol', '\x80\x04N0\x80\x04N.'],
])('finds %s', (kind, text) => {
  expect(read(text).oddities).toContainEqual(expect.objectContaining({ kind }));
});

it('tells what ran before a pickle breaks off', () => {
  const { globals, fault } = read("cos\nsystem\n(S'id'\ntR\xff");

  expect(names(globals)).toEqual(['os.system']);
  expect(fault?.offset).toBe(20);
});

it.each([
  ['a length beyond the end', 'B\xff\xff\xff\x7f.'],
  ['a length that no file has', '\x8e\xff\xff\xff\xff\xff\xff\xff\xff.'],
  ['a value below the mark', 'N(.'],
  ['a value that was never stored', 'h\x05.'],
  ['a protocol that there is not', '\x80\x06N.'],
  ['nothing at all', ''],
])('ends at %s', (_, text) => {
  expect(read(text).fault).toMatchObject({ name: 'Malformed' });
});

const wrapper = (dtype: string, extra: string): string =>
  'cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(' +
  `X\x05\x00\x00\x00shapeK\x02\x85X\x05\x00\x00\x00dtypecnumpy\ndtype\nX\x02\x00\x00\x00${dtype}\x85R${extra}ub`;
const ALIGNED = 'X\x1b\x00\x00\x00numpy_array_alignment_bytesK\x10';

it("passes over joblib's arrays, which lie between the instructions", () => {
  const pickle = read('\x80\x02', wrapper('f8', ALIGNED), [3, 255, 255, 255], Buffer.alloc(16, 'c'), '.');

  expect(pickle.fault).toBeUndefined();
  expect(pickle.arrays).toEqual([{ type: { code: 'f8', itemBytes: 8 }, items: 2 }]);
});

it('reads the pickle that is an array of objects, and what follows it', () => {
  const pickle = read('\x80\x02', wrapper('O8', ALIGNED), 'cos\nsystem\n)R.', '0cposix\nabort\n.');

  expect(names(pickle.globals)).toEqual(expect.arrayContaining(['os.system', 'posix.abort']));
});

it('refuses padding that a loader without joblib would take for an instruction', () => {
  const pickle = read('\x80\x02', wrapper('f8', ALIGNED), 'cos\nsystem\n)R.', Buffer.alloc(99), '.');

  expect(pickle.fault?.message).toContain('padding of 99 bytes');
});

it('also reads arrays without padding as a loader without joblib would', () => {
  const pickle = read(
    '\x80\x02',
    wrapper('f8', ''),
    "cos\nsystem\n(S'1'\ntR."[0]!,
    'os\nsystem\n)R....',
    '.',
  );

  expect(names(pickle.plainGlobals)).toContain('os.system');
});

it('takes a text for another one neither with joblib nor without', () => {
  // With joblib the inner pickle has a memo of its own; without, the first text stored is the outer one.
  const outer = 'X\x02\x00\x00\x00os\x94';
  const inner = '\x80\x04X\x05\x00\x00\x00numpy\x940h\x00X\x06\x00\x00\x00system\x93)R.';
  const pickle = read('\x80\x04', outer, wrapper('O8', ALIGNED), inner, '.');

  expect(names(pickle.globals)).toContain('numpy.system');
  expect(names(pickle.plainGlobals)).toContain('os.system');
});

it('goes on for a bounded time', () => {
  const { fault } = read(Buffer.alloc(2 ** 24 + 100, 'N0'), '.');

  expect(fault?.message).toContain('instructions');
});
