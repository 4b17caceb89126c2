/**
 * How much each container of a model used on a day; only the days of a week are told, and kept.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('history', table => {
    table.text('containers');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('history', table => {
    table.dropColumn('containers');
  });
};
