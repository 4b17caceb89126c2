/**
 * Since when the catalog has not told of a model: a catalog that is empty for a moment costs no history.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('models', table => {
    table.string('missing_since', 32);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('models', table => {
    table.dropColumn('missing_since');
  });
};
