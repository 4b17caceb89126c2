/**
 * Workflows that somebody had started, so that none is started twice for one intention.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('dispatches', table => {
    table.integer('model_id').notNullable().references('id').inTable('models').onDelete('CASCADE');
    table.string('request_id', 64).notNullable();
    table.string('started_at', 32).notNullable().index();
    // What was asked for, and what was answered; nothing while nobody knows whether it was started.
    table.text('asked').notNullable();
    table.text('answer');
    table.primary(['model_id', 'request_id']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTableIfExists('dispatches');
};
