import { type DatabaseService, resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { isPostgres } from './values';

/** The plugin's database with its tables in place. */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (database.migrations?.skip !== true) await migrate(knex);
  return knex;
}

/** Any number that nobody else locks in the plugin's database. */
const LOCK = 20_260_901;

/** Brings the tables up to date; of instances that start at once one does, and the others wait. */
export async function migrate(knex: Knex): Promise<void> {
  const directory = resolvePackagePath('@modelpier/backstage-plugin-modelpier-backend', 'migrations');
  if (!isPostgres(knex)) {
    await knex.migrate.latest({ directory });
    return;
  }
  // The first start makes the table that knex keeps its own lock in: that needs a lock as well.
  await knex.transaction(async trx => {
    await trx.raw('select pg_advisory_xact_lock(?)', [LOCK]);
    await trx.migrate.latest({ directory });
  });
}
