import type { Machine } from './machine';
import { callByName, callObject, importByLines, importFromStack, instance } from './calls';
import { build } from './build';
import { payload, shortText } from './payload';
import { isStructure, OPAQUE, type Value } from './value';

/** What an instruction does to the machine; each reads its own arguments. */
export type Operation = (machine: Machine) => void;

/** Numbers and names that protocol 0 writes as text. */
const LINE_LIMIT = 8 * 1024;
const lineOf = ({ cursor }: Machine): string => cursor.line(LINE_LIMIT).toString('latin1');

const pushing =
  (read: (machine: Machine) => Value): Operation =>
  machine =>
    machine.push(read(machine));

function numberOf(machine: Machine): Value {
  const line = lineOf(machine).replace(/L$/, '');
  if (line === '00') return false;
  if (line === '01') return true;
  if (/^[-+]?(?:nan|inf)$/.test(line)) return OPAQUE;
  const value = Number(line);
  if (line === '' || Number.isNaN(value)) throw machine.fault('no number stands where one must');
  return value;
}

/** A Python integer; those beyond 48 bits are of no interest. */
function integer(machine: Machine, length: number): Value {
  if (length > 6) {
    machine.cursor.skip(length);
    return OPAQUE;
  }
  return length === 0 ? 0 : machine.cursor.bytes(length, 6).readIntLE(0, length);
}

/** A text of Python 2, in quotes; a long one is data. */
function quoted(machine: Machine): Value {
  const line = machine.cursor.longLine(LINE_LIMIT)?.toString('latin1');
  if (line === undefined) return OPAQUE;
  if (line.length >= 2 && /^'.*'$|^".*"$/s.test(line)) return line.slice(1, -1);
  throw machine.fault('a text is not in quotes');
}

const unicode = (machine: Machine): Value =>
  machine.cursor.longLine(LINE_LIMIT)?.toString('latin1') ?? OPAQUE;

const indexOf = (machine: Machine): number => {
  const index = Number(lineOf(machine));
  if (Number.isSafeInteger(index) && index >= 0) return index;
  throw machine.fault('no place of the memo stands where one must');
};

const pairsOf = (machine: Machine, values: readonly Value[]): [Value, Value][] => {
  if (values.length % 2 === 1) throw machine.fault('a key has no value');
  return Array.from({ length: values.length / 2 }, (_, at) => [
    values[at * 2] ?? null,
    values[at * 2 + 1] ?? null,
  ]);
};

const tuple = (machine: Machine, size: number): void => {
  const items: Value[] = [];
  for (let left = size; left > 0; left--) items.unshift(machine.pop());
  machine.push({ kind: 'tuple', items });
};

function collected(machine: Machine, values: readonly Value[]): Value[] {
  const kept: Value[] = [];
  machine.add(kept, values);
  return kept;
}

function append(machine: Machine, values: readonly Value[]): void {
  const target = machine.top();
  if (isStructure(target, 'list')) machine.add(target.items, values);
}

function setItems(machine: Machine, values: readonly Value[]): void {
  const pairs = pairsOf(machine, values);
  const target = machine.top();
  if (isStructure(target, 'dict') || isStructure(target, 'object')) machine.add(target.entries, pairs);
}

function protocol(machine: Machine): void {
  machine.protocol = machine.cursor.u8();
  if (machine.protocol > 5) throw machine.fault(`there is no pickle protocol ${machine.protocol}`);
  if (machine.at !== machine.start) machine.odd('misplaced-protocol', 'the protocol is named again, inside');
}

function extension(machine: Machine, code: number): void {
  machine.odd('extension', `extension ${code} stands for a name that only the loading process knows`);
  machine.push(OPAQUE);
}

/** As CPython's pickletools describes them. */
const BY_CODE: readonly (readonly [code: string, operation: Operation])[] = [
  ['(', machine => machine.mark()],
  ['.', stop],
  ['0', popOrMark],
  ['1', machine => machine.popMark()],
  ['2', machine => machine.push(machine.top())],
  ['F', pushing(numberOf)],
  ['I', pushing(numberOf)],
  ['J', pushing(({ cursor }) => cursor.i32())],
  ['K', pushing(({ cursor }) => cursor.u8())],
  ['L', pushing(numberOf)],
  ['M', pushing(({ cursor }) => cursor.u16())],
  ['N', pushing(() => null)],
  ['P', pushing(machine => ({ kind: 'persistent', id: lineOf(machine) }))],
  ['Q', pushing(machine => ({ kind: 'persistent', id: machine.pop() }))],
  ['R', callObject],
  ['S', pushing(quoted)],
  ['T', machine => payload(machine, machine.cursor.u32())],
  ['U', machine => payload(machine, machine.cursor.u8())],
  ['V', pushing(unicode)],
  ['X', machine => shortText(machine, machine.cursor.u32())],
  ['a', machine => append(machine, [machine.pop()])],
  ['b', build],
  ['c', importByLines],
  [
    'd',
    machine =>
      machine.push({ kind: 'dict', entries: pairsOf(machine, collected(machine, machine.popMark())) }),
  ],
  ['}', machine => machine.push({ kind: 'dict', entries: [] })],
  ['e', machine => append(machine, machine.popMark())],
  ['g', machine => machine.push(machine.recall(indexOf(machine)))],
  ['h', machine => machine.push(machine.recall(machine.cursor.u8()))],
  ['i', instance],
  ['j', machine => machine.push(machine.recall(machine.cursor.u32()))],
  ['l', machine => machine.push({ kind: 'list', items: collected(machine, machine.popMark()) })],
  [']', machine => machine.push({ kind: 'list', items: [] })],
  ['o', callByName],
  ['p', machine => machine.memoize(indexOf(machine))],
  ['q', machine => machine.memoize(machine.cursor.u8())],
  ['r', machine => machine.memoize(machine.cursor.u32())],
  [
    's',
    machine => {
      const value = machine.pop();
      setItems(machine, [machine.pop(), value]);
    },
  ],
  ['t', machine => machine.push({ kind: 'tuple', items: collected(machine, machine.popMark()) })],
  [')', machine => machine.push({ kind: 'tuple', items: [] })],
  ['u', machine => setItems(machine, machine.popMark())],
  ['G', pushing(({ cursor }) => cursor.bytes(8, 8).readDoubleBE(0))],
  ['\x80', protocol],
  ['\x81', callObject],
  ['\x82', machine => extension(machine, machine.cursor.u8())],
  ['\x83', machine => extension(machine, machine.cursor.u16())],
  ['\x84', machine => extension(machine, machine.cursor.i32())],
  ['\x85', machine => tuple(machine, 1)],
  ['\x86', machine => tuple(machine, 2)],
  ['\x87', machine => tuple(machine, 3)],
  ['\x88', pushing(() => true)],
  ['\x89', pushing(() => false)],
  ['\x8a', pushing(machine => integer(machine, machine.cursor.u8()))],
  ['\x8b', pushing(machine => integer(machine, machine.cursor.u32()))],
  ['B', machine => payload(machine, machine.cursor.u32())],
  ['C', machine => payload(machine, machine.cursor.u8())],
  ['\x8c', machine => shortText(machine, machine.cursor.u8())],
  ['\x8d', machine => shortText(machine, machine.cursor.u64())],
  ['\x8e', machine => payload(machine, machine.cursor.u64())],
  ['\x8f', pushing(() => ({ kind: 'list', items: [] }))],
  ['\x90', machine => append(machine, machine.popMark())],
  ['\x91', pushing(machine => ({ kind: 'list', items: collected(machine, machine.popMark()) }))],
  [
    '\x92',
    machine => {
      machine.pop();
      callObject(machine);
    },
  ],
  ['\x93', importFromStack],
  ['\x94', machine => machine.memoize()],
  ['\x95', machine => void machine.cursor.u64()],
  ['\x96', machine => payload(machine, machine.cursor.u64())],
  ['\x97', pushing(() => OPAQUE)],
  ['\x98', machine => void machine.top()],
];

/** What each byte means, where it means anything. */
export const OPERATIONS: readonly (Operation | undefined)[] = Array.from(
  { length: 256 },
  (_, byte) => BY_CODE.find(([code]) => code.charCodeAt(0) === byte)?.[1],
);

function stop(machine: Machine): void {
  machine.result = machine.pop();
  machine.isDone = true;
}

/** POP takes a mark where one is on top (CPython, `load_pop`). */
function popOrMark(machine: Machine): void {
  if (machine.marks.at(-1) === machine.stack.length) machine.marks.pop();
  else machine.pop();
}
