/** Unit and server tests of all packages but the frontend plugin, which runs in a DOM of its own. */
const esmOnly = [
  '@actions',
  '@octokit',
  'before-after-hook',
  'json-with-bigint',
  'universal-user-agent',
  '@kubernetes/client-node',
  'oauth4webapi',
  'openid-client',
  'jose',
  'jsonpath-plus',
  'agent-base',
  'http-proxy-agent',
  'https-proxy-agent',
  'proxy-agent-negotiate',
];

module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  resolver: '<rootDir>/jest.resolver.cjs',
  testMatch: ['<rootDir>/{action,plugins,test}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/plugins/modelpier/', '<rootDir>/test/e2e/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/plugins/[^/]+/dist/'],
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [`^(?!.*/node_modules/(?:${esmOnly.join('|')})/).*/node_modules/`],
  maxWorkers: 2,
};
