import createKnex, { type Knex } from 'knex';
import { randomUUID } from 'node:crypto';

/** A PostgreSQL server as `postgres://user:password@host:port`; the databases on it go with it. */
const SERVER = process.env['MODELPIER_TEST_POSTGRES'];

/** An empty database: in memory, or one of its own on the server that MODELPIER_TEST_POSTGRES names. */
export async function openDatabase(): Promise<Knex> {
  if (SERVER === undefined) {
    return createKnex({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true });
  }
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const server = createKnex({ client: 'pg', connection: `${SERVER}/postgres` });
  try {
    await server.raw('create database ??', [name]);
  } finally {
    await server.destroy();
  }
  return createKnex({ client: 'pg', connection: `${SERVER}/${name}` });
}
