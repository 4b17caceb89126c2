import type { Knex } from 'knex';

/** Writes rows in great numbers, without the query builder's work for each. */
export interface RowWriter {
  /** Every row has the same columns. */
  write(table: FleetTable, row: object): Promise<void>;
  flush(): Promise<void>;
}

/** Enough for a statement to be worth its way, few enough to hold in memory. */
const ROWS_AT_ONCE = 5_000;

type Insert = (table: string, rows: readonly object[]) => Promise<void>;

/** A row comes after those that it refers to. */
const TABLES = [
  'models',
  'repositories',
  'model_repositories',
  'layers',
  'configs',
  'manifests',
  'manifest_layers',
  'versions',
  'version_images',
  'tags',
  'repository_layers',
] as const;
export type FleetTable = (typeof TABLES)[number];

/** In one transaction. */
export function createRowWriter(trx: Knex.Transaction, isPostgres: boolean): RowWriter {
  const insert = isPostgres ? insertAsJson(trx) : insertPrepared(trx);
  let tables = new Map<FleetTable, object[]>();
  let waiting = 0;
  const flush = async (): Promise<void> => {
    const rows = tables;
    tables = new Map();
    waiting = 0;
    for (const table of TABLES) {
      const part = rows.get(table) ?? [];
      if (part.length > 0) await insert(table, part);
    }
  };
  return {
    write: async (table, row) => {
      const rows = tables.get(table) ?? [];
      rows.push(row);
      tables.set(table, rows);
      waiting += 1;
      if (waiting >= ROWS_AT_ONCE) await flush();
    },
    flush,
  };
}

/** As one parameter, whatever the columns' types. */
function insertAsJson(trx: Knex.Transaction): Insert {
  return async (table, rows) => {
    const columns = Object.keys(rows[0] ?? {});
    const names = columns.map(() => '??').join(', ');
    await trx.raw(`insert into ?? (${names}) select ${names} from json_populate_recordset(null::??, ?)`, [
      table,
      ...columns,
      ...columns,
      table,
      JSON.stringify(rows),
    ]);
  };
}

/** What this uses of the driver that knex holds. */
interface Driver {
  prepare(sql: string): { run(values: readonly unknown[]): unknown };
}

function insertPrepared(trx: Knex.Transaction): Insert {
  return async (table, rows) => {
    const columns = Object.keys(rows[0] ?? {});
    const client = trx.client as { acquireConnection(): Promise<Driver> };
    const driver = await client.acquireConnection();
    const marks = columns.map(() => '?').join(', ');
    const statement = driver.prepare(`insert into ${table} (${columns.join(', ')}) values (${marks})`);
    for (const row of rows) statement.run(Object.values(row));
  };
}
