import { type ByteSource, Malformed } from './byte-source';
import { Cursor } from './cursor';

export const GGUF_MAGIC = 'GGUF';
const KEY_LIMIT = 64 * 1024;
/** Chat templates are a few kilobytes; what is longer is passed over. */
const KEPT_TEXT = 256 * 1024;
const PAIR_LIMIT = 100_000;
const TENSOR_LIMIT = 1_000_000;
const DIMENSION_LIMIT = 8;
const ARRAY_DEPTH = 4;

export interface Gguf {
  readonly version: number;
  /** Texts and numbers of the header; arrays are passed over. */
  readonly metadata: ReadonlyMap<string, { readonly value: string | number; readonly offset: number }>;
  readonly tensors: number;
  readonly parameters: number;
  /** Parameters by `ggml_type`. */
  readonly types: ReadonlyMap<number, number>;
}

/** Bytes of a value of each type with a fixed size (ggml, docs/gguf.md, `gguf_metadata_value_type`). */
const FIXED_BYTES: readonly (number | undefined)[] = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8];
const TEXT = 8;
const ARRAY = 9;

export function readGguf(source: ByteSource): Gguf {
  const cursor = new Cursor(source);
  cursor.skip(GGUF_MAGIC.length);
  const version = cursor.u32();
  if (version < 2 || version > 3) throw cursor.fault(`version ${version} of GGUF is not read`);
  const tensors = cursor.u64();
  const pairs = cursor.u64();
  if (pairs > PAIR_LIMIT || tensors > TENSOR_LIMIT) throw cursor.fault('more entries than any model has');
  const metadata = new Map<string, { value: string | number; offset: number }>();
  for (let index = 0; index < pairs; index++) {
    const key = cursor.text(cursor.u64(), KEY_LIMIT);
    const offset = cursor.position;
    const value = readValue(cursor, cursor.u32(), 0);
    if (value !== undefined) metadata.set(key, { value, offset });
  }
  return { version, metadata, tensors, ...readTensors(cursor, tensors) };
}

function readValue(cursor: Cursor, type: number, depth: number): string | number | undefined {
  if (type === TEXT) {
    const length = cursor.u64();
    if (length <= KEPT_TEXT) return cursor.text(length, KEPT_TEXT);
    cursor.skip(length);
    return undefined;
  }
  if (type === ARRAY) {
    skipArray(cursor, depth);
    return undefined;
  }
  const bytes = FIXED_BYTES[type];
  if (bytes === undefined) throw cursor.fault(`${type} is no type of GGUF`);
  if (type === 4 || type === 5) return type === 4 ? cursor.u32() : cursor.i32();
  cursor.skip(bytes);
  return undefined;
}

function skipArray(cursor: Cursor, depth: number): void {
  if (depth === ARRAY_DEPTH) throw cursor.fault('lists lie too deep in each other');
  const type = cursor.u32();
  const length = cursor.u64();
  const bytes = FIXED_BYTES[type];
  if (bytes !== undefined) {
    if (length > cursor.left) throw cursor.fault(`${length} values are said to follow`);
    cursor.skip(length * bytes);
    return;
  }
  if (type !== TEXT && type !== ARRAY) throw cursor.fault(`${type} is no type of GGUF`);
  // Each text takes at least the bytes of its length, so that the file bounds the loop.
  for (let index = 0; index < length; index++) {
    if (type === ARRAY) skipArray(cursor, depth + 1);
    else cursor.skip(cursor.u64());
  }
}

function readTensors(cursor: Cursor, count: number): Pick<Gguf, 'parameters' | 'types'> {
  const types = new Map<number, number>();
  let parameters = 0;
  for (let index = 0; index < count; index++) {
    cursor.skip(cursor.u64());
    const dimensions = cursor.u32();
    if (dimensions > DIMENSION_LIMIT) throw cursor.fault('a tensor has too many dimensions');
    let items = 1;
    for (let axis = 0; axis < dimensions; axis++) items *= cursor.u64();
    if (!Number.isSafeInteger(items))
      throw new Malformed(cursor.position, 'a tensor is larger than any file');
    const type = cursor.u32();
    cursor.skip(8);
    parameters += items;
    types.set(type, (types.get(type) ?? 0) + items);
  }
  return { parameters, types };
}
