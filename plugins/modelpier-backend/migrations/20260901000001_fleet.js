/**
 * What pages over many rows would otherwise compute at each read. Collectors write these tables in
 * the transaction that changes what they are made of.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await createLayerCounts(knex);
  await createFleet(knex);
  await createAllocations(knex);
  await createHistory(knex);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  const tables = [
    'history',
    'cluster_allocations',
    'allocations',
    'totals',
    'model_places',
    'fleet_documents',
    'fleet',
    'repository_layers',
  ];
  for (const table of tables) await knex.schema.dropTableIfExists(table);
};

const time = (table, name) => table.string(name, 32);
const child = (table, name, parent) =>
  table.integer(name).notNullable().references('id').inTable(parent).onDelete('CASCADE');

/** How often a layer occurs in a repository: the base that everybody has is one row for each, not thousands. */
async function createLayerCounts(knex) {
  await knex.schema.createTable('repository_layers', table => {
    child(table, 'repository_id', 'repositories');
    table.integer('layer_id').notNullable().references('id').inTable('layers');
    table.integer('occurrences').notNullable();
    table.integer('base_occurrences').notNullable();
    table.integer('versions').notNullable();
    table.primary(['repository_id', 'layer_id']);
    table.index(['layer_id', 'repository_id']);
  });
  // Sums over everything, by name, as JSON.
  await knex.schema.createTable('totals', table => {
    table.string('name', 32).primary();
    table.text('document').notNullable();
  });
}

/** Whole numbers that are -1, ratios that are -1 and texts that are empty are not known. */
const FLEET_COLUMNS = {
  name: 'text',
  owner: 'text',
  newest_at: 'text',
  place: 'text',
  versions: 'whole',
  health: 'whole',
  ready: 'whole',
  desired: 'whole',
  image_bytes: 'whole',
  reuse_ratio: 'ratio',
  cpu_requested: 'whole',
  cpu_share: 'ratio',
  memory_requested: 'whole',
  memory_share: 'ratio',
  gpu_requested: 'whole',
  gpu_share: 'ratio',
};

/** One slim row for each model, which any column sorts: what a page shows of it lies beside. */
async function createFleet(knex) {
  await knex.schema.createTable('fleet', table => {
    table.integer('model_id').primary().references('id').inTable('models').onDelete('CASCADE');
    table.string('entity_ref', 255).notNullable().unique();
    table.text('search').notNullable();
    table.smallint('drift').notNullable();
    for (const [name, kind] of Object.entries(FLEET_COLUMNS)) {
      if (kind === 'text') table.string(name, 255).notNullable();
      else if (kind === 'whole') table.bigInteger(name).notNullable();
      else table.double(name).notNullable();
      table.index([name, 'entity_ref']);
    }
  });
  await sortByBytes(knex, 'fleet', ['entity_ref', ...textColumns()]);
  await knex.schema.createTable('fleet_documents', table => {
    table.integer('model_id').primary().references('id').inTable('models').onDelete('CASCADE');
    table.text('document').notNullable();
  });
  await knex.schema.createTable('model_places', table => {
    child(table, 'model_id', 'models');
    child(table, 'source_id', 'sources');
    table.string('namespace', 255).notNullable();
    table.string('environment', 255).notNullable();
    table.primary(['model_id', 'source_id', 'namespace', 'environment']);
    table.index(['source_id', 'namespace']);
  });
}

const textColumns = () => Object.keys(FLEET_COLUMNS).filter(name => FLEET_COLUMNS[name] === 'text');

/** As SQLite does: a language's order would not be the one that a cursor goes on by. */
async function sortByBytes(knex, table, columns) {
  if (!knex.client.config.client.includes('pg')) return;
  for (const column of columns) {
    await knex.schema.raw(`ALTER TABLE ${table} ALTER COLUMN ${column} TYPE varchar(255) COLLATE "C"`);
  }
}

/** R = T / N as the last collection of a cluster found it; an empty namespace or pool stands for all. */
async function createAllocations(knex) {
  await knex.schema.createTable('allocations', table => {
    child(table, 'model_id', 'models');
    child(table, 'source_id', 'sources').index();
    table.integer('position').notNullable();
    table.text('document').notNullable();
    table.primary(['model_id', 'source_id', 'position']);
  });
  await knex.schema.createTable('cluster_allocations', table => {
    child(table, 'source_id', 'sources');
    table.integer('position').notNullable();
    table.text('document').notNullable();
    table.primary(['source_id', 'position']);
  });
}

/** Replicas, allocation and use of a model in a cluster, an hour or a day a row. */
async function createHistory(knex) {
  await knex.schema.createTable('history', table => {
    child(table, 'model_id', 'models');
    child(table, 'source_id', 'sources').index();
    table.string('span', 4).notNullable();
    time(table, 'at').notNullable();
    table.integer('samples').notNullable();
    table.integer('desired').notNullable();
    table.integer('ready').notNullable();
    table.integer('least_ready').notNullable();
    table.text('resources').notNullable();
    table.primary(['model_id', 'source_id', 'span', 'at']);
    table.index(['span', 'at']);
  });
}
