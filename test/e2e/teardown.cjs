const { stopTestPostgres } = require('./setup-postgres');

module.exports = stopTestPostgres;
