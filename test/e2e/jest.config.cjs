/** End to end, on real parts only; `test/cluster/prepare` brings them up. */
const base = require('../../jest.config.cjs');

module.exports = {
  ...base,
  rootDir: '../..',
  testMatch: [
    '<rootDir>/test/e2e/**/*.test.ts',
    '<rootDir>/test/contract/**/*.test.ts',
    // Once more, on PostgreSQL.
    '<rootDir>/plugins/modelpier-backend/src/**/*.test.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/e2e/setup.cjs',
  globalTeardown: '<rootDir>/test/e2e/teardown.cjs',
  testTimeout: 300_000,
  bail: 1,
  verbose: true,
};
