import { type Decoder, ModelpierError, parseWith } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { Wide } from './rows';

/** A 64-bit column as a number; sizes stay far below 2^53 bytes. */
export function wideNumber(value: Wide): number {
  const parsed = Number(value);
  if (Number.isSafeInteger(parsed)) return parsed;
  throw new ModelpierError('internal', `The database answered ${JSON.stringify(value)} for a whole number`);
}

export const isPostgres = (knex: Knex): boolean =>
  String((knex.client as { config: Knex.Config }).config.client).includes('pg');

/** A document that this plugin wrote, read again with the decoder it is kept by. */
export const readDocument = <T>(decoder: Decoder<T>, stored: string, what: string): T =>
  parseWith(decoder, JSON.parse(stored), `stored ${what}`);

/** SQLite takes at most 32,766 values in one statement, PostgreSQL 65,535; a row has up to ten. */
const ROWS_PER_STATEMENT = 500;

export function* chunks<T>(items: readonly T[], size: number = ROWS_PER_STATEMENT): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** Inserts in statements of a size that both databases take. */
export async function insertAll(trx: Knex, table: string, rows: readonly object[]): Promise<void> {
  for (const part of chunks(rows)) await trx(table).insert(part);
}

/** As `insertAll`; a row whose key is there already is left as it is. */
export async function insertMissing(
  trx: Knex,
  table: string,
  rows: readonly object[],
  key: readonly string[],
): Promise<void> {
  for (const part of chunks(rows))
    await trx(table)
      .insert(part)
      .onConflict([...key])
      .ignore();
}
