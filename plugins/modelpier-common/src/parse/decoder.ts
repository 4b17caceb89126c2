import { type Fault, ModelpierError } from '../error';

/**
 * Reads an untrusted value as a `T`, or records why it is not one.
 * After a recorded fault the returned value is meaningless; `parseWith` never lets it out.
 */
export type Decoder<T> = (value: unknown, path: string, faults: Fault[]) => T;
export type Decoded<D> = D extends Decoder<infer T> ? T : never;

/** The value as a `T`, or one error that lists every fault with its path. */
export function parseWith<T>(decoder: Decoder<T>, value: unknown, what: string): T {
  const faults: Fault[] = [];
  const decoded = decoder(value, '', faults);
  if (faults.length === 0) return decoded;
  const shown = faults
    .slice(0, 20)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const rest = faults.length - shown.length;
  if (rest > 0) shown.push(`and ${rest} more`);
  throw new ModelpierError('invalid-document', `${what} is not valid: ${shown.join('; ')}`, { faults });
}

/** What a message quotes of a foreign value or key; documents may be hostile and huge. */
const SHOWN_CHARACTERS = 80;

/** A short, safe picture of a refused value for an error message. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'string':
      return quote(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
    case 'bigint':
      return cut(String(value));
    case 'number':
    case 'boolean':
      return String(value);
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
  }
}

const cut = (digits: string): string =>
  digits.length > SHOWN_CHARACTERS ? `${digits.slice(0, SHOWN_CHARACTERS - 3)}...` : digits;

const quote = (value: string): string =>
  value.length > SHOWN_CHARACTERS
    ? `${JSON.stringify(value.slice(0, SHOWN_CHARACTERS - 3))}...`
    : JSON.stringify(value);

/** Records the fault; what it returns is never let out. */
export function refuse(faults: Fault[], path: string, message: string): never {
  faults.push({ path, message });
  return undefined as never;
}

const join = (path: string, key: string | number): string => {
  if (typeof key === 'number') return `${path}[${key}]`;
  const plain = /^[A-Za-z_$][\w$-]{0,79}$/.test(key);
  if (!plain) return `${path}[${quote(key)}]`;
  return path === '' ? key : `${path}.${key}`;
};

export const text: Decoder<string> = (value, path, faults) =>
  typeof value === 'string' ? value : refuse(faults, path, `expected a string, got ${describe(value)}`);

/** As `text`, but what was given is never shown. */
export const secretText: Decoder<string> = (value, path, faults) =>
  typeof value === 'string' ? value : refuse(faults, path, 'expected a string');

export const flag: Decoder<boolean> = (value, path, faults) =>
  typeof value === 'boolean' ? value : refuse(faults, path, `expected true or false, got ${describe(value)}`);

/** A finite number; NaN and the infinities have no place in JSON. */
export const number: Decoder<number> = (value, path, faults) =>
  typeof value === 'number' && Number.isFinite(value)
    ? value
    : refuse(faults, path, `expected a number, got ${describe(value)}`);

export const integer: Decoder<number> = (value, path, faults) =>
  Number.isSafeInteger(value)
    ? (value as number)
    : refuse(faults, path, `expected a whole number, got ${describe(value)}`);

/** A count or a size in bytes: a whole number from 0. */
export const count: Decoder<number> = (value, path, faults) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? (value as number)
    : refuse(faults, path, `expected a whole number of 0 or more, got ${describe(value)}`);

export const unknownValue: Decoder<unknown> = value => value;

export const literal =
  <const L extends string>(...accepted: readonly L[]): Decoder<L> =>
  (value, path, faults) =>
    accepted.includes(value as L)
      ? (value as L)
      : refuse(faults, path, `expected ${accepted.join(' | ')}, got ${describe(value)}`);

export const list =
  <T>(item: Decoder<T>): Decoder<readonly T[]> =>
  (value, path, faults) =>
    Array.isArray(value)
      ? value.map((entry, index) => item(entry, join(path, index), faults))
      : refuse(faults, path, `expected a list, got ${describe(value)}`);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const record =
  <T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> =>
  (value, path, faults) => {
    if (!isObject(value)) return refuse(faults, path, `expected an object, got ${describe(value)}`);
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, item(entry, join(path, key), faults)]),
    );
  };

/** A field that may be missing; `null` counts as missing, as Go writes empty fields that way. */
export const optional = <T>(item: Decoder<T>): OptionalDecoder<T> =>
  Object.assign(
    (value: unknown, path: string, faults: Fault[]) =>
      value === undefined || value === null ? undefined : item(value, path, faults),
    { optional: true as const },
  );

/** A value that is known to be absent, as opposed to a field left out. */
export const nullable =
  <T>(item: Decoder<T>): Decoder<T | null> =>
  (value, path, faults) =>
    value === null ? null : item(value, path, faults);

/** A decoder whose outcome goes through a check that throws, such as `parseDigest`. */
export const checked =
  <T>(parse: (value: string) => T): Decoder<T> =>
  (value, path, faults) => {
    if (typeof value !== 'string') return refuse(faults, path, `expected a string, got ${describe(value)}`);
    try {
      return parse(value);
    } catch (error) {
      return refuse(faults, path, error instanceof Error ? error.message : String(error));
    }
  };

export interface OptionalDecoder<T> extends Decoder<T | undefined> {
  readonly optional: true;
}
type Fields = Readonly<Record<string, Decoder<unknown>>>;
type OptionalKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends { readonly optional: true } ? K : never;
}[keyof F];
type Simplify<T> = { readonly [K in keyof T]: T[K] };
type ObjectOf<F extends Fields> = Simplify<
  { [K in Exclude<keyof F, OptionalKeys<F>>]: Decoded<F[K]> } & {
    [K in OptionalKeys<F>]?: Exclude<Decoded<F[K]>, undefined> | undefined;
  }
>;

/** An object with these fields; others are passed over, for a newer writer may have added them. */
export const object =
  <F extends Fields>(fields: F): Decoder<ObjectOf<F>> =>
  (value, path, faults) => {
    if (!isObject(value)) return refuse(faults, path, `expected an object, got ${describe(value)}`);
    return decodeFields(fields, { value, path, faults }) as ObjectOf<F>;
  };

/** As `object`, but a field that is not named is a fault: for documents that people write by hand. */
export const strictObject =
  <F extends Fields>(fields: F): Decoder<ObjectOf<F>> =>
  (value, path, faults) => {
    if (!isObject(value)) return refuse(faults, path, `expected an object, got ${describe(value)}`);
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(fields, key)) continue;
      faults.push({
        path: join(path, key),
        message: `unknown field; known are ${Object.keys(fields).join(', ')}`,
      });
    }
    return decodeFields(fields, { value, path, faults }) as ObjectOf<F>;
  };

function decodeFields(
  fields: Fields,
  at: { value: Record<string, unknown>; path: string; faults: Fault[] },
): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const [key, decode] of Object.entries(fields)) {
    const given = Object.hasOwn(at.value, key) ? at.value[key] : undefined;
    const result = decode(given, join(at.path, key), at.faults);
    if (result !== undefined) decoded[key] = result;
  }
  return decoded;
}
