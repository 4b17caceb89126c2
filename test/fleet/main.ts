import createKnex from 'knex';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { fleetEntity } from './fleet-entity';
import { FULL_SIZE, sizeFor } from './fleet-plan';
import { generateFleet } from './generate-fleet';

const USAGE = `usage: npm run fleet -- --database TARGET [--models N] [--seed N] [--catalog FILE]

Fills a database with a fleet: models, versions, layers, clusters and pods, the same for the same seed.

--database TARGET  a file for SQLite, such as modelpier.sqlite in the portal's folder, or postgres://...
--models N         how many (default ${FULL_SIZE.models}: ${FULL_SIZE.versions} versions, ${FULL_SIZE.pods} pods); the rest goes with it
--seed N           another fleet of the same size (default 1)
--catalog FILE     also writes the models' catalog entities, for a catalog location of type "file"`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      database: { type: 'string' },
      models: { type: 'string', default: String(FULL_SIZE.models) },
      seed: { type: 'string', default: '1' },
      catalog: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const models = Number(values.models);
  const seed = Number(values.seed);
  const isWrong = !Number.isInteger(models) || models < 1 || !Number.isInteger(seed);
  if (values.help || isWrong || values.database === undefined) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const size = models === FULL_SIZE.models ? FULL_SIZE : sizeFor(models);
  const knex = createKnex(
    values.database.startsWith('postgres')
      ? { client: 'pg', connection: values.database }
      : { client: 'better-sqlite3', connection: values.database, useNullAsDefault: true },
  );
  try {
    const tell = (line: string) => console.log(line);
    const planned = await generateFleet(knex, { size, seed, now: Date.now(), tell });
    if (values.catalog !== undefined) {
      await writeFile(values.catalog, planned.map(model => stringify(fleetEntity(model))).join('---\n'));
    }
  } finally {
    await knex.destroy();
  }
  return 0;
}

main().then(
  code => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
