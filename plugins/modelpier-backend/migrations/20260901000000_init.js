/**
 * Times are RFC 3339 text in UTC, which SQLite and PostgreSQL both keep and sort as they are.
 * What registries name by digest gets a whole number here: two million layer rows of 71-byte
 * digests would be most of the database otherwise.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await createSources(knex);
  await createModels(knex);
  await createContents(knex);
  await createVersions(knex);
  await createSnapshots(knex);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  const tables = [
    'workload_digests',
    'workload_models',
    'workloads',
    'tags',
    'version_images',
    'versions',
    'manifest_layers',
    'manifests',
    'configs',
    'layers',
    'model_repositories',
    'repositories',
    'models',
    'sources',
  ];
  for (const table of tables) await knex.schema.dropTableIfExists(table);
};

const digest = (table, name) => table.string(name, 71);
const time = (table, name) => table.string(name, 32);
const child = (table, name, parent) =>
  table.integer(name).notNullable().references('id').inTable(parent).onDelete('CASCADE');

/** A registry or a cluster, how the last collection went and when it last went well. */
async function createSources(knex) {
  await knex.schema.createTable('sources', table => {
    table.increments('id');
    table.string('kind', 16).notNullable();
    table.string('name', 255).notNullable();
    table.string('state', 16).notNullable();
    table.text('message');
    time(table, 'observed_at');
    time(table, 'attempted_at');
    table.integer('duration_ms');
    table.text('details');
    // Counts collections that have begun: one that another has overtaken writes nothing any more.
    table.integer('turn').notNullable().defaultTo(0);
    table.unique(['kind', 'name']);
  });
}

/** Catalog entities that are models, as the catalog last said, and the repositories they name. */
async function createModels(knex) {
  await knex.schema.createTable('models', table => {
    table.increments('id');
    table.string('entity_ref', 255).notNullable().unique();
    table.string('kind', 64).notNullable();
    table.string('namespace', 64).notNullable();
    table.string('name', 64).notNullable();
    table.string('title', 255);
    table.string('owner', 255);
    table.string('workload_namespace', 255);
    table.text('workload_selector');
    table.text('problems').notNullable();
    table.index(['name']);
  });
  await knex.schema.createTable('repositories', table => {
    table.increments('id');
    table.string('registry', 255).notNullable();
    table.string('path', 255).notNullable();
    table.string('state', 16).notNullable();
    table.text('message');
    time(table, 'observed_at');
    // Whether its layers are in the counts: those of a repository that no model names are not.
    table.smallint('is_counted').notNullable().defaultTo(0);
    table.unique(['registry', 'path']);
  });
  await knex.schema.createTable('model_repositories', table => {
    child(table, 'model_id', 'models');
    child(table, 'repository_id', 'repositories').index();
    table.integer('position').notNullable();
    table.primary(['model_id', 'repository_id']);
  });
}

/** What registries hold, by digest: fetched once, whichever repositories have it. */
async function createContents(knex) {
  await knex.schema.createTable('layers', table => {
    table.increments('id');
    digest(table, 'digest').notNullable().unique();
    table.bigInteger('size_bytes').notNullable();
    // Over the images of all versions; kept up with `repository_layers`.
    table.integer('occurrences').notNullable().defaultTo(0);
    table.integer('base_occurrences').notNullable().defaultTo(0);
    table.integer('versions').notNullable().defaultTo(0);
  });
  await knex.schema.createTable('configs', table => {
    table.increments('id');
    digest(table, 'digest').notNullable().unique();
    table.text('document').notNullable();
  });
  await knex.schema.createTable('manifests', table => {
    table.increments('id');
    digest(table, 'digest').notNullable().unique();
    table.string('media_type', 255).notNullable();
    table.string('platform', 64);
    table.integer('config_id').references('id').inTable('configs').index();
    table.bigInteger('size_bytes').notNullable();
    table.text('annotations').notNullable();
    table.text('children').notNullable();
    // Since when no version stands for it; kept for a while, as tags come back.
    time(table, 'unused_since');
  });
  await knex.schema.createTable('manifest_layers', table => {
    child(table, 'manifest_id', 'manifests');
    table.integer('position').notNullable();
    table.integer('layer_id').notNullable().references('id').inTable('layers').index();
    table.string('media_type', 255).notNullable();
    table.string('kind', 16);
    table.text('files');
    table.primary(['manifest_id', 'position']);
  });
}

/** A digest in a repository, the images it stands for by platform, and the tags that name it now. */
async function createVersions(knex) {
  await knex.schema.createTable('versions', table => {
    table.increments('id');
    child(table, 'repository_id', 'repositories');
    table.integer('manifest_id').notNullable().references('id').inTable('manifests').index();
    table.string('version', 255);
    table.string('version_key', 255).notNullable();
    time(table, 'ordered_at').notNullable();
    time(table, 'first_seen_at').notNullable();
    table.bigInteger('size_bytes').notNullable();
    table.integer('previous_id');
    table.bigInteger('new_bytes');
    table.double('reuse_ratio');
    table.text('facts').notNullable();
    // When its referrers were last asked for.
    time(table, 'referred_at');
    table.unique(['repository_id', 'manifest_id']);
    table.index(['repository_id', 'ordered_at', 'version_key', 'id']);
  });
  if (knex.client.config.client.includes('pg')) {
    // By bytes, as SQLite sorts: a language's order would put a pre-release after its release.
    await knex.schema.raw('ALTER TABLE versions ALTER COLUMN version_key TYPE varchar(255) COLLATE "C"');
  }
  await knex.schema.createTable('version_images', table => {
    child(table, 'version_id', 'versions');
    table.integer('manifest_id').notNullable().references('id').inTable('manifests').index();
    table.string('platform', 64).notNullable();
    table.integer('position').notNullable();
    table.primary(['version_id', 'manifest_id']);
  });
  await knex.schema.createTable('tags', table => {
    child(table, 'repository_id', 'repositories');
    table.string('name', 128).notNullable();
    child(table, 'version_id', 'versions').index();
    time(table, 'first_seen_at').notNullable();
    time(table, 'verified_at').notNullable();
    table.primary(['repository_id', 'name']);
  });
}

/** What a cluster last showed; one collection brings all of a cluster's rows up to date at once. */
async function createSnapshots(knex) {
  await knex.schema.createTable('workloads', table => {
    table.increments('id');
    child(table, 'source_id', 'sources');
    table.string('api_version', 64).notNullable();
    table.string('kind', 64).notNullable();
    table.string('namespace', 255).notNullable();
    table.string('name', 255).notNullable();
    // As the workload's label says, whether some entity claims it or not.
    table.string('model_name', 63);
    table.text('document').notNullable();
    table.unique(['source_id', 'kind', 'namespace', 'name']);
  });
  await knex.schema.createTable('workload_models', table => {
    child(table, 'workload_id', 'workloads');
    child(table, 'model_id', 'models').index();
    table.primary(['workload_id', 'model_id']);
  });
  await knex.schema.createTable('workload_digests', table => {
    child(table, 'workload_id', 'workloads');
    digest(table, 'digest').notNullable().index();
    table.primary(['workload_id', 'digest']);
  });
}
