/** What a pickle would make, as far as anyone asks: names, numbers and how they hang together. */
export type Value = string | number | boolean | null | Structure;

export type Structure =
  | { readonly kind: 'opaque' }
  | { readonly kind: 'bytes'; readonly length: number }
  | { readonly kind: 'tuple'; readonly items: Value[] }
  | { readonly kind: 'list'; readonly items: Value[] }
  | { readonly kind: 'dict'; readonly entries: [Value, Value][] }
  | { readonly kind: 'global'; readonly module: string; readonly name: string }
  | ObjectValue
  | { readonly kind: 'persistent'; readonly id: Value };

/** What a call of `callee` would have given. */
export interface ObjectValue {
  readonly kind: 'object';
  readonly callee: Value;
  readonly args: Value;
  /** What BUILD gave it. */
  state?: Value;
  /** What was set by key, where it is a mapping. */
  readonly entries: [Value, Value][];
}

/** A value of which nothing is kept. */
export const OPAQUE: Value = { kind: 'opaque' };

export function isStructure<K extends Structure['kind']>(
  value: Value | undefined,
  kind: K,
): value is Extract<Structure, { kind: K }> {
  return typeof value === 'object' && value !== null && value.kind === kind;
}

/** `torch._utils._rebuild_tensor_v2` of a global, else nothing. */
export const globalName = (value: Value | undefined): string | undefined =>
  isStructure(value, 'global') ? `${value.module}.${value.name}` : undefined;

export const itemsOf = (value: Value | undefined): readonly Value[] =>
  isStructure(value, 'tuple') || isStructure(value, 'list') ? value.items : [];

/** The pairs of a dict, or of an object that is a mapping such as an `OrderedDict`. */
const entriesOf = (value: Value | undefined): readonly (readonly [Value, Value])[] =>
  isStructure(value, 'dict') || isStructure(value, 'object') ? value.entries : [];

export const entryOf = (value: Value | undefined, key: string): Value | undefined =>
  entriesOf(value).find(([name]) => name === key)?.[1];

/** The type of an array as NumPy pickles it: letter and bytes an item. */
export interface NumpyType {
  readonly code: string;
  readonly itemBytes: number;
}

/** A value and all that it is made of, each structure once. */
export function* structuresIn(value: Value | undefined): Generator<Structure, void> {
  const seen = new Set<Value>();
  const waiting: Value[] = value === undefined ? [] : [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    yield next;
    for (const part of partsOf(next)) waiting.push(part);
  }
}

function partsOf(value: Structure): readonly Value[] {
  if (isStructure(value, 'tuple') || isStructure(value, 'list')) return value.items;
  if (isStructure(value, 'dict')) return value.entries.flat();
  if (!isStructure(value, 'object')) return [];
  return [value.args, ...value.entries.flat(), ...(value.state === undefined ? [] : [value.state])];
}
