import { freePort } from '../tools/free-port';
import { type Postgres, startPostgres } from './postgres';

/** Nothing here is to outlive a power cut; each test has some connections of its own. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'max_connections=300'];

let postgres: Postgres | undefined;

/** Starts the PostgreSQL that the backend's own tests run on once more. */
export async function startTestPostgres(): Promise<void> {
  const port = await freePort();
  postgres = await startPostgres({ port, settings: SETTINGS });
  const { POSTGRES_USER: user = '', POSTGRES_PASSWORD: password = '' } = postgres.environment;
  const server = `postgres://${user}:${password}@127.0.0.1:${port}`;
  process.env['MODELPIER_TEST_POSTGRES'] = server;
  process.env['BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING'] = server;
}

export async function stopTestPostgres(): Promise<void> {
  await postgres?.close();
}
