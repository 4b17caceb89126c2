import { type ByteSource, Malformed } from './byte-source';
import { walkJson } from './json';

/** As the library has it: a longer header is refused (safetensors, "Format"). */
const HEADER_LIMIT = 100_000_000;
const LENGTH_BYTES = 8;
const TENSOR_LIMIT = 200_000;
const RANK_LIMIT = 64;

export interface SafetensorsTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

export interface Safetensors {
  readonly tensors: readonly SafetensorsTensor[];
  readonly metadata: ReadonlyMap<string, string>;
  /** What the library would refuse, or readers would read differently. */
  readonly problems: readonly { readonly offset: number; readonly detail: string }[];
}

/** Whether it begins with a length, as long as a header may be, and an object. */
export function isSafetensors(source: ByteSource): boolean {
  if (source.sizeBytes <= LENGTH_BYTES + 1) return false;
  const head = source.read(0, LENGTH_BYTES + 1);
  const length = head.readBigUInt64LE(0);
  return length > 1n && length <= BigInt(HEADER_LIMIT) && head[LENGTH_BYTES] === 0x7b;
}

interface Draft {
  datatype?: string;
  readonly shape: number[];
  readonly range: number[];
}

interface Place {
  readonly field: string | number | undefined;
  readonly index: string | number | undefined;
  readonly value: unknown;
  readonly depth: number;
}

/** Puts a value where it belongs; answers whether it belongs anywhere. */
function fill(draft: Draft, { field, index, value, depth }: Place): boolean {
  if (field === 'dtype' && depth === 2 && typeof value === 'string') draft.datatype = value;
  else if (!isSize(value) || typeof index !== 'number') return false;
  else if (field === 'shape' && index < RANK_LIMIT) draft.shape.push(value);
  else if (field === 'data_offsets' && index < 2) draft.range.push(value);
  else return false;
  return true;
}

/** Reads the header and holds it to the rules of the format. */
export function readSafetensors(source: ByteSource): Safetensors {
  const length = Number(source.read(0, LENGTH_BYTES).readBigUInt64LE(0));
  const end = LENGTH_BYTES + length;
  if (end > source.sizeBytes) throw new Malformed(0, `a header of ${length} bytes is said to follow`);
  const header = new HeaderReader();
  const position = walkJson(source, header, { from: LENGTH_BYTES, to: end });
  const rest = source.read(position, Math.min(end - position, 4096)).toString('latin1');
  if (/[^ \t\r\n]/.test(rest)) header.problem(position, 'the header goes on after its end');
  const tensors = header.tensors();
  return {
    tensors,
    metadata: header.metadata,
    problems: [...header.problems, ...rangeProblems(tensors, end, source.sizeBytes)],
  };
}

class HeaderReader {
  readonly metadata = new Map<string, string>();
  readonly problems: { offset: number; detail: string }[] = [];
  readonly #drafts = new Map<string, Draft>();

  begin(path: readonly (string | number)[], kind: 'object' | 'list', offset: number): void {
    const [name = '', field] = path;
    const expected =
      path.length < 2 || (name !== '__metadata__' && (field === 'shape' || field === 'data_offsets'));
    if (!expected || path.length > 2 || (kind === 'list') !== (path.length === 2))
      this.problem(offset, `${describePath(path)} holds what no header has`);
    if (path.length === 1 && name !== '__metadata__') this.#draft(String(name), offset);
  }

  value(path: readonly (string | number)[], value: unknown, offset: number): void {
    const [name, field, index] = path;
    if (name === '__metadata__') {
      if (path.length !== 2 || typeof value !== 'string')
        this.problem(offset, `${describePath(path)}: metadata are texts`);
      else if (this.metadata.size < 1000) this.metadata.set(String(field), value);
      return;
    }
    if (!fill(this.#draft(String(name), offset), { field, index, value, depth: path.length }))
      this.problem(offset, `${describePath(path)} holds what no header has`);
  }

  duplicate(path: readonly (string | number)[], offset: number): void {
    this.problem(offset, `${describePath(path)} is there twice`);
  }

  problem(offset: number, detail: string): void {
    if (this.problems.length < 20) this.problems.push({ offset, detail });
  }

  tensors(): readonly SafetensorsTensor[] {
    return [...this.#drafts].flatMap(([name, { datatype, shape, range }]) => {
      const [from, to] = range;
      if (datatype !== undefined && from !== undefined && to !== undefined)
        return [{ name, datatype, shape, from, to }];
      this.problem(LENGTH_BYTES, `${JSON.stringify(name.slice(0, 80))} lacks its type or its place`);
      return [];
    });
  }

  #draft(name: string, offset: number): Draft {
    const draft = this.#drafts.get(name) ?? { shape: [], range: [] };
    if (this.#drafts.size >= TENSOR_LIMIT) throw new Malformed(offset, `more than ${TENSOR_LIMIT} tensors`);
    this.#drafts.set(name, draft);
    return draft;
  }
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const describePath = (path: readonly (string | number)[]): string =>
  JSON.stringify(path.join('.').slice(0, 120));

/** Bits of one item of each type that the library knows. */
const ITEM_BITS: Readonly<Record<string, number>> = {
  ...{ BOOL: 8, U8: 8, I8: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F4: 4, F6_E2M3: 6, F6_E3M2: 6 },
  ...{ I16: 16, U16: 16, F16: 16, BF16: 16, I32: 32, U32: 32, F32: 32, F64: 64, I64: 64, U64: 64, C64: 64 },
};

/** Tensors lie one behind the other, fill the file, and are as long as type and shape say. */
function rangeProblems(
  tensors: readonly SafetensorsTensor[],
  dataStart: number,
  sizeBytes: number,
): Safetensors['problems'] {
  const problems: { offset: number; detail: string }[] = [];
  const add = (offset: number, detail: string): unknown =>
    problems.length < 20 && problems.push({ offset, detail });
  let position = 0;
  for (const { name, datatype, shape, from, to } of [...tensors].sort(
    (a, b) => a.from - b.from || a.to - b.to,
  )) {
    const shown = JSON.stringify(name.slice(0, 80));
    if (from !== position) {
      const gap =
        from > position ? `${from - position} bytes before it belong to no tensor` : 'it overlaps another';
      add(dataStart + from, `${shown}: ${gap}`);
    }
    const bits = ITEM_BITS[datatype];
    const items = shape.reduce((product, dimension) => product * dimension, 1);
    if (bits === undefined)
      add(LENGTH_BYTES, `${shown}: ${JSON.stringify(datatype.slice(0, 20))} is no type`);
    else if ((items * bits) / 8 !== to - from)
      add(dataStart + from, `${shown}: its length is not that of its shape`);
    position = Math.max(position, to);
  }
  if (dataStart + position !== sizeBytes)
    add(dataStart + position, 'the file does not end with the last tensor');
  return problems;
}
