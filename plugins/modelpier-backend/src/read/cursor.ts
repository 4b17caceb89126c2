import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';

/** The sort values of the last row of a page. */
export type Cursor = readonly (string | number)[];

export const writeCursor = (values: Cursor): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

/** Throws `invalid-input` for anything that `writeCursor` did not write. */
export function parseCursor(cursor: string, length: number): Cursor {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.length === length && values.every(isSortValue)) return values;
  } catch {
    // Told below: whatever the text is, it is no cursor.
  }
  throw new ModelpierError('invalid-input', 'the cursor is not one that this list gave', {
    hint: 'leave it out to begin with the first page',
  });
}

const isSortValue = (value: unknown): value is string | number =>
  typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
