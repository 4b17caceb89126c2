import createKnex, { type Knex } from 'knex';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startPostgres } from '../../e2e/postgres';
import type { FleetSize } from '../../fleet/fleet-plan';
import { generateFleet } from '../../fleet/generate-fleet';
import type { DatabaseConfig } from './portal-process';

/** A database system that fleets can be generated in. */
export interface FleetDatabases {
  readonly name: string;
  /** Generates a fleet in a database of its own; answers what a backend is configured with. */
  create(size: FleetSize): Promise<DatabaseConfig>;
  close(): Promise<void>;
}

export interface FleetDatabasesOptions {
  /** Where databases that are files go. */
  readonly folder: string;
  readonly seed: number;
  readonly tell: (line: string) => void;
}

/** Backstage calls the plugin's database so, after a prefix. */
const PLUGIN = 'modelpier';
const PORT = 54_331;
/** As much memory as a small server of its own has; nothing here is to outlive a power cut. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'shared_buffers=512MB', 'max_wal_size=4GB'];

export function sqliteFleets(options: FleetDatabasesOptions): FleetDatabases {
  return {
    name: 'SQLite',
    create: async size => {
      const directory = join(options.folder, `sqlite-${size.models}`);
      await mkdir(directory, { recursive: true });
      const connection = join(directory, `${PLUGIN}.sqlite`);
      await fill({ client: 'better-sqlite3', connection, useNullAsDefault: true }, size, options);
      return { client: 'better-sqlite3', connection: { directory } };
    },
    close: () => Promise.resolve(),
  };
}

export async function postgresFleets(options: FleetDatabasesOptions): Promise<FleetDatabases> {
  const server = await startPostgres({ port: PORT, settings: SETTINGS });
  const connection = {
    host: server.environment['POSTGRES_HOST'] ?? '',
    port: PORT,
    user: server.environment['POSTGRES_USER'] ?? '',
    password: server.environment['POSTGRES_PASSWORD'] ?? '',
  };
  return {
    name: 'PostgreSQL',
    create: async size => {
      const prefix = `fleet_${size.models}_`;
      const database = `${prefix}${PLUGIN}`;
      await server.query('postgres', `create database ${database}`);
      await fill({ client: 'pg', connection: { ...connection, database } }, size, options);
      return { client: 'pg', connection, prefix };
    },
    close: () => server.close(),
  };
}

async function fill(
  config: Knex.Config,
  size: FleetSize,
  { seed, tell }: FleetDatabasesOptions,
): Promise<void> {
  const knex = createKnex(config);
  try {
    await generateFleet(knex, { size, seed, now: Date.now(), tell });
  } finally {
    await knex.destroy();
  }
}
