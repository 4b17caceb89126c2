import type { Cursor } from './cursor';
import { Malformed } from './byte-source';

export const VARINT = 0;
export const LENGTH_DELIMITED = 2;

/** One field of a message (protobuf.dev, "Encoding"); the cursor stands at its value while it is looked at. */
export interface Field {
  readonly number: number;
  readonly wire: number;
  /** Of a varint. */
  readonly value: number;
  /** Where the value ends. */
  readonly to: number;
}

/** The fields of the message that lies between the cursor and `to`; whatever is not looked at is passed over. */
export function* fieldsOf(cursor: Cursor, to: number): Generator<Field, void> {
  while (cursor.position < to) {
    const tag = varint(cursor);
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (number < 1 || number > 0x1fffffff) throw cursor.fault('a field has no valid number');
    const field = readField(cursor, number, wire);
    if (field.to > to) throw cursor.fault('a field is longer than its message');
    yield field;
    if (cursor.position > field.to) throw new Malformed(field.to, 'a message is longer than its field');
    cursor.skip(field.to - cursor.position);
  }
  if (cursor.position !== to) throw cursor.fault('a message does not end where it must');
}

function readField(cursor: Cursor, number: number, wire: number): Field {
  switch (wire) {
    case VARINT: {
      const value = varint(cursor);
      return { number, wire, value, to: cursor.position };
    }
    case 1:
      return { number, wire, value: 0, to: cursor.position + 8 };
    case LENGTH_DELIMITED: {
      const length = varint(cursor);
      if (length < 0 || length > cursor.left) throw cursor.fault(`${length} bytes are said to follow`);
      return { number, wire, value: 0, to: cursor.position + length };
    }
    case 5:
      return { number, wire, value: 0, to: cursor.position + 4 };
    default:
      throw cursor.fault(`wire type ${wire} is not in use`);
  }
}

/** Seven bits a byte; as signed 64 bits where it is that long. */
function varint(cursor: Cursor): number {
  let value = 0;
  let factor = 1;
  for (let index = 0; index < 7; index++) {
    const byte = cursor.u8();
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
    factor *= 128;
  }
  let long = BigInt(value);
  for (let shift = 49n; shift < 70n; shift += 7n) {
    const byte = cursor.u8();
    long |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return Number(BigInt.asIntN(64, long));
  }
  throw cursor.fault('a number does not end');
}

/** Names are short; what is longer is refused, not cut. */
const TEXT_LIMIT = 64 * 1024;

export const textOf = (cursor: Cursor, { to }: Field): string =>
  cursor.text(to - cursor.position, TEXT_LIMIT);

/** Repeated numbers, packed into one field or one a field. */
export function numbersOf(cursor: Cursor, field: Field, limit: number): readonly number[] {
  if (field.wire === VARINT) return [field.value];
  const numbers: number[] = [];
  while (cursor.position < field.to) {
    if (numbers.length === limit) throw cursor.fault(`more than ${limit} numbers`);
    numbers.push(varint(cursor));
  }
  return numbers;
}
