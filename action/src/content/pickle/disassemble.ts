import { type ByteSource, Malformed } from '../byte-source';
import { type GlobalUse, Machine, type Surroundings } from './machine';
import type { Range } from '../range';
import type { Oddity } from './oddity';
import { OPERATIONS } from './operations';
import type { NumpyType, Value } from './value';

/** More instructions than the largest vocabularies need; a pickle that goes on keeps scanners busy. */
const OPERATION_LIMIT = 2 ** 24;
/** Pickles inside pickles: joblib goes one deep. */
const DEPTH_LIMIT = 8;
/** Arrays that are also read as instructions; each costs a copy of what is stored so far. */
const PLAIN_LIMIT = 2_000;

/** What a pickle says, found without doing any of it. */
export interface Pickle {
  readonly protocol: number;
  readonly operations: number;
  readonly globals: readonly GlobalUse[];
  readonly oddities: readonly Oddity[];
  readonly arrays: readonly { readonly type: NumpyType; readonly items: number }[];
  readonly payloads: readonly Range[];
  /** Where it ends; where it does not end well, where reading stopped. */
  readonly end: number;
  /** Why it cannot be read to its end. What stands before would still be done by who loads it. */
  readonly fault: Malformed | undefined;
  /** What loading it would give. */
  readonly value: Value | undefined;
  /** What a loader that does not know joblib would import on its way through joblib's arrays. */
  readonly plainGlobals: readonly GlobalUse[];
}

/** Goes through the pickle that begins at an offset, up to its STOP. */
export function disassemble(source: ByteSource, from = 0): Pickle {
  const run = new Run(source);
  let fault: Malformed | undefined;
  try {
    run.start(from, 0);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    fault = error;
  }
  return run.summarize(fault);
}

/** One pickle with those inside it, and with what a plain loader would make of its arrays. */
class Run {
  readonly #source: ByteSource;
  readonly #machines: Machine[] = [];
  readonly #plain: Machine[] = [];
  #operations = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  start(from: number, depth: number): Machine {
    if (depth > DEPTH_LIMIT) throw new Malformed(from, 'pickles lie too deep in each other');
    const surroundings: Surroundings = {
      runInner: at => this.start(at, depth + 1).cursor.position,
      readPlainly: machine => this.#readPlainly(machine),
    };
    const machine = new Machine(this.#source, from, surroundings);
    this.#machines.push(machine);
    this.#step(machine);
    return machine;
  }

  /** A plain loader mostly fails at once; what it has imported by then counts all the same. */
  #readPlainly(machine: Machine): void {
    if (this.#plain.length >= PLAIN_LIMIT) throw machine.fault('more arrays of joblib than are looked into');
    const fork = machine.fork();
    this.#plain.push(fork);
    try {
      this.#step(fork);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }

  #step(machine: Machine): void {
    while (!machine.isDone) {
      machine.at = machine.cursor.position;
      if (++this.#operations > OPERATION_LIMIT)
        throw machine.fault(`more than ${OPERATION_LIMIT} instructions`);
      const code = machine.cursor.u8();
      const operation = OPERATIONS[code];
      if (operation === undefined) {
        const shown = `0x${code.toString(16).padStart(2, '0')}`;
        throw new Malformed(machine.at, `${shown} is no instruction of a pickle`);
      }
      operation(machine);
    }
  }

  summarize(fault: Malformed | undefined): Pickle {
    const [outer] = this.#machines;
    if (outer === undefined) throw new TypeError('nothing was disassembled');
    return {
      protocol: outer.protocol,
      operations: this.#operations,
      globals: this.#machines.flatMap(({ globals }) => [...globals.values()]),
      oddities: this.#machines.flatMap(({ oddities }) => oddities),
      arrays: this.#machines.flatMap(({ arrays }) => arrays),
      payloads: this.#machines.flatMap(({ payloads }) => payloads),
      end: fault?.offset ?? outer.cursor.position,
      fault,
      value: outer.result,
      plainGlobals: this.#plain.flatMap(({ globals }) => [...globals.values()]),
    };
  }
}
