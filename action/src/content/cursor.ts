import { type ByteSource, Malformed } from './byte-source';

/** Read ahead at once: many small values cost one read. */
const WINDOW_BYTES = 64 * 1024;

/** Reads a source from front to back; nothing is allocated that is longer than what is there. */
export class Cursor {
  readonly #source: ByteSource;
  readonly #end: number;
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;
  #position: number;

  constructor(source: ByteSource, { from = 0, to = source.sizeBytes } = {}) {
    if (from < 0 || to > source.sizeBytes || from > to) throw new Malformed(0, 'a range lies outside');
    this.#source = source;
    this.#position = from;
    this.#end = to;
  }

  get position(): number {
    return this.#position;
  }

  get left(): number {
    return this.#end - this.#position;
  }

  u8(): number {
    const at = this.#take(1);
    return this.#window[at] ?? 0;
  }

  u16(): number {
    const at = this.#take(2);
    return this.#window.readUInt16LE(at);
  }

  u32(): number {
    const at = this.#take(4);
    return this.#window.readUInt32LE(at);
  }

  i32(): number {
    const at = this.#take(4);
    return this.#window.readInt32LE(at);
  }

  /** No file has more bytes than a double can count. */
  u64(): number {
    const at = this.#take(8);
    const value = this.#window.readBigUInt64LE(at);
    if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
    throw new Malformed(this.#position - 8, `${value} is no length that a file can have`);
  }

  /** At most `limit` bytes; a longer run is malformed. */
  bytes(length: number, limit: number): Buffer {
    if (length > limit) throw this.fault(`${length} bytes where at most ${limit} make sense`);
    if (length <= WINDOW_BYTES) {
      const at = this.#take(length);
      return this.#window.subarray(at, at + length);
    }
    this.#need(length);
    const bytes = this.#source.read(this.#position, length);
    this.#position += length;
    return bytes;
  }

  text(length: number, limit: number): string {
    return this.bytes(length, limit).toString('utf8');
  }

  skip(length: number): void {
    this.#need(length);
    this.#position += length;
  }

  /** Up to the next line feed, which is passed over and not returned. */
  line(limit: number): Buffer {
    const length = Math.min(limit + 1, this.left);
    const seen = this.peek(Math.min(length, WINDOW_BYTES));
    const end = seen.indexOf(0x0a);
    if (end === -1) throw this.fault(`no line ends within ${seen.length} bytes`);
    this.#position += end + 1;
    return seen.subarray(0, end);
  }

  /** As `line`, of any length; beyond the limit nothing is given. */
  longLine(limit: number): Buffer | undefined {
    let length = 0;
    const from = this.#position;
    for (;;) {
      const seen = this.peek(WINDOW_BYTES);
      if (seen.length === 0) throw this.fault('a line does not end');
      const end = seen.indexOf(0x0a);
      this.#position += end === -1 ? seen.length : end;
      length = this.#position - from;
      if (end !== -1) break;
    }
    this.#position += 1;
    return length <= limit ? this.#source.read(from, length) : undefined;
  }

  /** What follows, or less where less is left; the position stays. */
  peek(length: number): Buffer {
    const wanted = Math.min(length, this.left, WINDOW_BYTES);
    const at = this.#take(wanted);
    this.#position -= wanted;
    return this.#window.subarray(at, at + wanted);
  }

  fault(message: string): Malformed {
    return new Malformed(this.#position, message);
  }

  #need(length: number): void {
    if (length < 0 || length > this.left) throw this.fault(`${length} bytes are said to follow`);
  }

  /** Where in the window the next bytes are; they are passed over. */
  #take(length: number): number {
    this.#need(length);
    const ahead = this.#position - this.#windowStart;
    if (ahead < 0 || ahead + length > this.#window.length) {
      this.#window = this.#source.read(this.#position, Math.min(WINDOW_BYTES, this.left));
      this.#windowStart = this.#position;
    }
    const at = this.#position - this.#windowStart;
    this.#position += length;
    return at;
  }
}
