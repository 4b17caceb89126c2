import type { ByteSource, Malformed } from './byte-source';
import { Cursor } from './cursor';

/** A value as a stream tells it, with the keys that lead to it. */
export interface JsonEvents {
  /** A text, number, `true`, `false` or `null`; of a long text the beginning. */
  value?: (
    path: readonly (string | number)[],
    value: string | number | boolean | null,
    offset: number,
  ) => void;
  begin?: (path: readonly (string | number)[], kind: 'object' | 'list', offset: number) => void;
  end?: (path: readonly (string | number)[], kind: 'object' | 'list') => void;
  /** A key that its object has already. */
  duplicate?: (path: readonly (string | number)[], offset: number) => void;
}

const DEPTH_LIMIT = 256;
/** Of a text that is kept. */
const TEXT_LIMIT = 16 * 1024;
/** Objects with more keys are not looked at for duplicates. */
const KEYS_LIMIT = 200_000;

interface Level {
  readonly kind: 'object' | 'list';
  readonly keys: Set<string> | undefined;
  entries: number;
}

/** Goes through one JSON value of any size without building it (RFC 8259); answers where it ends. */
export function walkJson(
  source: ByteSource,
  events: JsonEvents,
  { from = 0, to = source.sizeBytes } = {},
): number {
  return new JsonWalker(new Cursor(source, { from, to }), events).walk();
}

const SPACE = /[ \t\r\n]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class JsonWalker {
  readonly #cursor: Cursor;
  readonly #events: JsonEvents;
  readonly #path: (string | number)[] = [];
  readonly #levels: Level[] = [];

  constructor(cursor: Cursor, events: JsonEvents) {
    this.#cursor = cursor;
    this.#events = events;
  }

  walk(): number {
    do {
      if (this.#levels.length > 0 && !this.#nextEntry()) continue;
      this.#value();
    } while (this.#levels.length > 0);
    return this.#cursor.position;
  }

  /** Moves to the next entry of the innermost collection; ends the collection where there is none. */
  #nextEntry(): boolean {
    const level = this.#levels.at(-1);
    if (level === undefined) throw this.#fault('nothing is open');
    const closing = level.kind === 'object' ? '}' : ']';
    let next = this.#token();
    if (next === closing) return this.#close();
    if (level.entries > 0) {
      if (next !== ',') throw this.#fault(`${JSON.stringify(next)} stands where a comma must`);
      this.#cursor.skip(1);
      next = this.#token();
    }
    this.#path.pop();
    this.#path.push(level.kind === 'object' ? this.#key(level) : level.entries);
    level.entries++;
    return true;
  }

  #key(level: Level): string {
    const offset = this.#cursor.position;
    if (this.#token() !== '"') throw this.#fault('a key is not in quotes');
    const key = this.#text();
    if (this.#token() !== ':') throw this.#fault('a key has no value');
    this.#cursor.skip(1);
    if (level.keys?.has(key) === true) this.#events.duplicate?.([...this.#path, key], offset);
    if (level.keys !== undefined && level.keys.size < KEYS_LIMIT) level.keys.add(key);
    return key;
  }

  #close(): boolean {
    this.#cursor.skip(1);
    const level = this.#levels.pop();
    this.#path.pop();
    if (level !== undefined) this.#events.end?.(this.#path, level.kind);
    return false;
  }

  #value(): void {
    const next = this.#token();
    const offset = this.#cursor.position;
    if (next === '{' || next === '[') {
      this.#open(next === '{' ? 'object' : 'list', offset);
      return;
    }
    const value = next === '"' ? this.#text() : this.#word();
    this.#events.value?.(this.#path, value, offset);
  }

  #open(kind: Level['kind'], offset: number): void {
    if (this.#levels.length === DEPTH_LIMIT) throw this.#fault('it is nested too deeply');
    this.#cursor.skip(1);
    this.#events.begin?.(this.#path, kind, offset);
    const keys = kind === 'object' && this.#events.duplicate !== undefined ? new Set<string>() : undefined;
    this.#levels.push({ kind, keys, entries: 0 });
    this.#path.push('');
  }

  /** The next character that is no space; the cursor stands at it. */
  #token(): string {
    for (;;) {
      const [byte] = this.#cursor.peek(1);
      if (byte === undefined) throw this.#fault('it ends in the middle');
      const next = String.fromCharCode(byte);
      if (!SPACE.test(next)) return next;
      this.#cursor.skip(1);
    }
  }

  #word(): number | boolean | null {
    const [word = ''] = /^[-+.\w]*/.exec(this.#cursor.peek(64).toString('latin1')) ?? [];
    this.#cursor.skip(word.length);
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    // Python writes what JSON has no number for.
    if (word === 'NaN' || word === 'Infinity' || word === '-Infinity') return Number(word);
    if (/^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(word)) return Number(word);
    throw this.#fault('no value stands where one must');
  }

  /** Reads in runs between quotes and backslashes; beyond the limit the rest is passed over. */
  #text(): string {
    const cursor = this.#cursor;
    cursor.skip(1);
    let text = '';
    for (;;) {
      const seen = cursor.peek(4096);
      if (seen.length === 0) throw this.#fault('a text does not end');
      const stop = seen.findIndex(byte => byte === 0x22 || byte === 0x5c);
      const run = stop === -1 ? seen.length : stop;
      if (text.length < TEXT_LIMIT) text += seen.toString('latin1', 0, run);
      cursor.skip(run);
      if (stop === -1) continue;
      if (seen[stop] === 0x22) break;
      const character = this.#escaped();
      if (text.length < TEXT_LIMIT) text += character;
    }
    cursor.skip(1);
    return decodeBytes(text);
  }

  #escaped(): string {
    const cursor = this.#cursor;
    cursor.skip(1);
    const letter = String.fromCharCode(cursor.u8());
    if (letter !== 'u') return ESCAPES[letter] ?? this.#refuse('an escape that JSON does not know');
    const digits = cursor.bytes(4, 4).toString('latin1');
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#fault('an escape without its digits');
    return Buffer.from(String.fromCharCode(parseInt(digits, 16)), 'utf8').toString('latin1');
  }

  #refuse(message: string): never {
    throw this.#fault(message);
  }

  #fault(message: string): Malformed {
    return this.#cursor.fault(`as JSON it cannot be read: ${message}`);
  }
}

/** Runs were kept byte by byte, so that none is cut inside a character. */
const decodeBytes = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');
