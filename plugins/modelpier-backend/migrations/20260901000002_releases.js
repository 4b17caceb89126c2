/**
 * What the Action wrote of its releases, and what others attached to images.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await createReleases(knex);
  await createReferrers(knex);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of ['referrers', 'ledger_models', 'releases']) await knex.schema.dropTableIfExists(table);
};

const time = (table, name) => table.string(name, 32);
const child = (table, name, parent) =>
  table.integer(name).notNullable().references('id').inTable(parent).onDelete('CASCADE');

/** Releases stay when their ledger, which holds a hundred, has dropped them. */
async function createReleases(knex) {
  await knex.schema.createTable('releases', table => {
    child(table, 'source_id', 'sources');
    table.string('namespace', 255).notNullable();
    table.string('model_name', 63).notNullable();
    table.string('release_id', 64).notNullable();
    time(table, 'started_at').notNullable();
    table.string('verdict', 32).notNullable();
    table.text('document').notNullable();
    table.primary(['source_id', 'namespace', 'model_name', 'release_id']);
    table.index(['source_id', 'namespace', 'model_name', 'started_at']);
    table.index(['started_at']);
  });
  await knex.schema.createTable('ledger_models', table => {
    child(table, 'model_id', 'models');
    child(table, 'source_id', 'sources');
    table.string('namespace', 255).notNullable();
    table.string('model_name', 63).notNullable();
    table.primary(['model_id', 'source_id', 'namespace']);
    table.index(['source_id']);
  });
}

/** Signatures, SBOMs and other documents that name a version as their subject. */
async function createReferrers(knex) {
  await knex.schema.createTable('referrers', table => {
    child(table, 'version_id', 'versions');
    // A digest, or the tag that older tools keep it under.
    table.string('name', 128).notNullable();
    table.string('kind', 16).notNullable();
    table.string('artifact_type', 255).notNullable();
    time(table, 'first_seen_at').notNullable();
    table.primary(['version_id', 'name']);
  });
}
