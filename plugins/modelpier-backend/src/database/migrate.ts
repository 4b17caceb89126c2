import { type DatabaseService, resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/** The plugin's database with its tables in place. */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (database.migrations?.skip !== true) await migrate(knex);
  return knex;
}

export async function migrate(knex: Knex): Promise<void> {
  await knex.migrate.latest({
    directory: resolvePackagePath('@modelpier/backstage-plugin-modelpier-backend', 'migrations'),
  });
}
