/** End to end, on real parts only; `test/cluster/prepare` brings them up. */
const base = require('../../jest.config.cjs');

module.exports = {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/e2e/**/*.test.ts', '<rootDir>/test/contract/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/e2e/setup.cjs',
  testTimeout: 300_000,
  bail: 1,
  verbose: true,
};
