import type { ByteSource, Malformed } from '../byte-source';
import { Cursor } from '../cursor';
import type { Range } from '../range';
import { Memo } from './memo';
import type { Oddity, OddityKind } from './oddity';
import { isStructure, type NumpyType, type Value } from './value';

/** A name that the pickle imports, where it does so first. */
export interface GlobalUse {
  readonly module: string;
  readonly name: string;
  readonly offset: number;
  /** Whether it is called, by any of the ways a pickle can call. */
  called: boolean;
}

interface JoblibArray {
  readonly type: NumpyType;
  readonly items: number;
}

/** What one machine asks of the run that it is part of. */
export interface Surroundings {
  /** Goes through a pickle inside this one, and answers where it ends. */
  readonly runInner: (from: number) => number;
  /** Goes on from here as a loader would that does not know joblib. */
  readonly readPlainly: (machine: Machine) => void;
}

/** No clean pickle nests or queues that much. */
const STACK_LIMIT = 4_000_000;
/** Values beyond this in collections are left out. */
const KEPT_ITEMS = 400_000;
const KEPT_ODDITIES = 100;
const KEPT_GLOBALS = 10_000;
const KEPT_PAYLOADS = 10_000;
const KEPT_ARRAYS = 100_000;

/** The stack machine of a pickle, which keeps names and shapes and does nothing that a pickle asks for. */
export class Machine {
  readonly cursor: Cursor;
  readonly memo: Memo;
  readonly stack: Value[];
  readonly marks: number[];
  readonly globals = new Map<string, GlobalUse>();
  readonly oddities: Oddity[] = [];
  /** Arrays whose bytes lie between the instructions, as joblib writes them. */
  readonly arrays: JoblibArray[] = [];
  /** Bytes inside that may be a pickle themselves. */
  readonly payloads: Range[] = [];
  readonly start: number;
  /** Whether joblib's arrays are taken for instructions, as a plain loader does. */
  readonly isPlain: boolean;
  /** Where the current instruction begins. */
  at = 0;
  protocol = 0;
  isDone = false;
  /** What STOP gave. */
  result: Value | undefined;
  readonly #source: ByteSource;
  readonly #surroundings: Surroundings;
  #keptItems = 0;

  constructor(source: ByteSource, from: number, surroundings: Surroundings, parent?: Machine) {
    this.#source = source;
    this.#surroundings = surroundings;
    this.cursor = new Cursor(source, { from });
    this.start = from;
    this.isPlain = parent !== undefined;
    this.memo = new Memo(parent?.memo);
    this.stack = [...(parent?.stack ?? [])];
    this.marks = [...(parent?.marks ?? [])];
  }

  /** The same machine, about to go on as a plain loader would. */
  fork(): Machine {
    return new Machine(this.#source, this.cursor.position, this.#surroundings, this);
  }

  runInner(): void {
    this.cursor.skip(this.#surroundings.runInner(this.cursor.position) - this.cursor.position);
  }

  readPlainly(): void {
    this.#surroundings.readPlainly(this);
  }

  push(value: Value): void {
    if (this.stack.length >= STACK_LIMIT) throw this.fault('more values wait than any clean pickle has');
    this.stack.push(value);
  }

  pop(): Value {
    const value = this.top();
    this.stack.pop();
    return value;
  }

  /** Values below the last mark are out of reach, as they are for CPython. */
  top(): Value {
    const value = this.stack.length > (this.marks.at(-1) ?? 0) ? this.stack.at(-1) : undefined;
    if (value === undefined) throw this.fault('a value is used that is not there');
    return value;
  }

  mark(): void {
    if (this.marks.length >= STACK_LIMIT) throw this.fault('more marks wait than any clean pickle has');
    this.marks.push(this.stack.length);
  }

  /** All values since the last mark. */
  popMark(): Value[] {
    const start = this.marks.pop();
    if (start === undefined) throw this.fault('a mark is looked for that is not there');
    return this.stack.splice(start);
  }

  memoize(index?: number): void {
    this.memo.store(index, this.top());
  }

  recall(index: number): Value {
    const value = this.memo.recall(index);
    if (value === undefined) throw this.fault(`value ${index} was never stored`);
    return value;
  }

  /** Adds to a collection what there is room for. */
  add<T>(collection: T[], added: readonly T[]): void {
    for (const value of added) {
      if (++this.#keptItems > KEPT_ITEMS) return;
      collection.push(value);
    }
  }

  /** Notes an import, and gives the value that stands for it. */
  importGlobal(module: string, name: string): Value {
    const key = `${module}\0${name}`;
    if (!this.globals.has(key)) {
      if (this.globals.size >= KEPT_GLOBALS)
        throw this.fault('more names are imported than any clean pickle does');
      this.globals.set(key, { module, name, offset: this.at, called: false });
    }
    return { kind: 'global', module, name };
  }

  /** Notes that a value is called; anything but a plain name would hide what is called. */
  call(callee: Value, args: Value): Value {
    if (isStructure(callee, 'global')) {
      const use = this.globals.get(`${callee.module}\0${callee.name}`);
      if (use !== undefined) use.called = true;
    } else this.odd('odd-call', 'what is called is not a name, but the result of something else');
    return { kind: 'object', callee, args, entries: [] };
  }

  odd(kind: OddityKind, detail: string): void {
    if (this.oddities.length < KEPT_ODDITIES) this.oddities.push({ kind, offset: this.at, detail });
  }

  keepArray(array: JoblibArray): void {
    if (this.arrays.length < KEPT_ARRAYS) this.arrays.push(array);
  }

  keepPayload(range: Range): void {
    if (this.payloads.length < KEPT_PAYLOADS) this.payloads.push(range);
    else this.odd('nested', 'more values look like pickles than are looked into');
  }

  fault(message: string): Malformed {
    return this.cursor.fault(message);
  }
}
