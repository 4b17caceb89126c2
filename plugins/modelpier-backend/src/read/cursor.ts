import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';

/** The sort values of the last row of a page. */
export type Cursor = readonly (string | number)[];
/** What a list is sorted by; PostgreSQL's driver writes wide numbers as text. */
export type SortKind = 'text' | 'number';

export const writeCursor = (values: Cursor): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

/** Throws `invalid-input` for anything that `writeCursor` did not write for this list. */
export function parseCursor(cursor: string, kinds: readonly SortKind[]): Cursor {
  const values = parseList(cursor);
  const read = kinds.map((kind, at) => readValue(values[at], kind));
  if (values.length === kinds.length && read.every(value => value !== undefined)) return read;
  throw new ModelpierError('invalid-input', 'the cursor is not one that this list gave', {
    hint: 'leave it out to begin with the first page',
  });
}

function parseList(cursor: string): readonly unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(values) ? (values as readonly unknown[]) : [];
  } catch {
    return [];
  }
}

function readValue(value: unknown, kind: SortKind): string | number | undefined {
  // PostgreSQL takes no zero byte in a text.
  if (kind === 'text') return typeof value === 'string' && !value.includes('\0') ? value : undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
