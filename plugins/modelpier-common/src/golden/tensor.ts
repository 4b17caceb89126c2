import type { Fault } from '../error';
import { DATATYPES } from '../model/model';
import { count, type Decoder, describe, list, literal, object, refuse, text } from '../parse/decoder';

export type Datatype = (typeof DATATYPES)[number];
export type Element = boolean | number | bigint | string;

/** A tensor of the Open Inference Protocol with its values, flat and row-major. */
export interface GoldenTensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: readonly Element[];
}

/** More values than any answer that is read can hold. */
const MOST_ELEMENTS = 8 * 1024 * 1024;
/** Of one tensor; more only repeat. */
const MOST_FAULTS = 3;

/** No framework has more, and a shape stands in messages. */
const MOST_DIMENSIONS = 32;

const dimensions: Decoder<readonly number[]> = (value, path, faults) =>
  Array.isArray(value) && value.length > MOST_DIMENSIONS
    ? refuse(faults, path, `expected at most ${MOST_DIMENSIONS} dimensions, got ${describe(value)}`)
    : list(count)(value, path, faults);

const head = object({ name: text, datatype: literal(...DATATYPES), shape: dimensions });

/** The protocol allows data to be flat, or nested as the shape is. */
export const goldenTensor: Decoder<GoldenTensor> = (value, path, faults) => {
  const before = faults.length;
  const decoded = head(value, path, faults);
  if (faults.length > before) return decoded as GoldenTensor;
  const { shape, datatype } = decoded;
  const { data } = value as { readonly data?: unknown };
  const at = { path: `${path}.data`, faults };
  const elements = elementsOf(shape);
  if (!(elements <= MOST_ELEMENTS))
    return refuse(faults, `${path}.shape`, `expected at most ${MOST_ELEMENTS} elements, got ${elements}`);
  const flat = flatten(data, shape, at);
  if (flat === undefined) return { ...decoded, data: [] };
  const isNested = Array.isArray(data) && data.some(Array.isArray);
  return { ...decoded, data: checkElements(flat, { datatype, shape, isNested, ...at }) };
};

interface At {
  readonly path: string;
  readonly faults: Fault[];
}

function flatten(
  data: unknown,
  shape: readonly number[],
  { path, faults }: At,
): readonly unknown[] | undefined {
  if (!Array.isArray(data)) return refuse(faults, path, `expected a list, got ${describe(data)}`);
  const flat = data.some(Array.isArray) ? unnest(data, shape) : (data as readonly unknown[]);
  if (flat === undefined)
    return refuse(faults, path, `is nested in another way than its shape ${formatIndex(shape)}`);
  const elements = elementsOf(shape);
  if (flat.length === elements) return flat;
  const wanted = `expected ${elements} elements by its shape ${formatIndex(shape)}`;
  return refuse(faults, path, `${wanted}, got ${flat.length}`);
}

function unnest(data: unknown, shape: readonly number[]): readonly unknown[] | undefined {
  let level: readonly unknown[] = [data];
  for (const size of shape) {
    const rows = level.filter(row => Array.isArray(row) && row.length === size);
    if (rows.length < level.length) return undefined;
    level = rows.flat();
  }
  return level;
}

const elementsOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

interface Layout extends At {
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly isNested: boolean;
}

function checkElements(
  flat: readonly unknown[],
  { datatype, shape, isNested, path, faults }: Layout,
): readonly Element[] {
  const { parse, words } = ELEMENTS[datatype];
  const before = faults.length;
  return flat.map((value, index) => {
    const element = parse(value);
    if (element !== undefined || faults.length - before >= MOST_FAULTS) return element ?? 0;
    const place = isNested ? indexAt(index, shape).map(at => `[${at}]`).join('') : `[${index}]`;
    return refuse(faults, `${path}${place}`, `expected ${words}, got ${describe(value)}`);
  });
}

interface ElementRule {
  /** Nothing where the type cannot hold it. */
  readonly parse: (value: unknown) => Element | undefined;
  readonly words: string;
}

/** A number that JSON can carry: it has no word for NaN and infinity. */
const real = (most: number): ElementRule => ({
  parse: value => {
    const given = typeof value === 'bigint' ? Number(value) : value;
    return typeof given === 'number' && Math.abs(given) <= most ? given : undefined;
  },
  words: 'a number that the type holds',
});

function whole(bits: number, isSigned: boolean): ElementRule {
  const [least, most] = isSigned
    ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]
    : [0n, 2n ** BigInt(bits) - 1n];
  return {
    parse: value => {
      if (typeof value === 'bigint') return value >= least && value <= most ? value : undefined;
      // Compared as they are: no bound of 64 bits is reached by a number that a double holds exactly.
      return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
        ? (value as number)
        : undefined;
    },
    words: `a whole number from ${least} to ${most}`,
  };
}

const ELEMENTS: Readonly<Record<Datatype, ElementRule>> = {
  BOOL: { parse: value => (typeof value === 'boolean' ? value : undefined), words: 'true or false' },
  UINT8: whole(8, false),
  UINT16: whole(16, false),
  UINT32: whole(32, false),
  UINT64: whole(64, false),
  INT8: whole(8, true),
  INT16: whole(16, true),
  INT32: whole(32, true),
  INT64: whole(64, true),
  FP16: real(65_504),
  // The largest finite number of 32 bits, and half a step more that is rounded to it.
  FP32: real(3.402_823_567_797_336_6e38),
  FP64: real(Number.MAX_VALUE),
  BYTES: { parse: value => (typeof value === 'string' ? value : undefined), words: 'a text' },
};

/** Where the element of this position stands in a tensor of this shape. */
export function indexAt(position: number, shape: readonly number[]): readonly number[] {
  let rest = position;
  return [...shape]
    .reverse()
    .map(size => {
      const at = rest % size;
      rest = Math.floor(rest / size);
      return at;
    })
    .reverse();
}

/** `[0, 4]`. */
export const formatIndex = (index: readonly number[]): string => `[${index.join(', ')}]`;
