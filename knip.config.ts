import type { KnipConfig } from 'knip';

/** What is started by a name that no import says. */
const config: KnipConfig = {
  // An exported function's parameter types are exported with it.
  rules: { types: 'off' },
  // Found by their names: Backstage's build, its test environment, and the drivers of its database.
  ignoreDependencies: [
    '@backstage/cli',
    '@backstage/cli-defaults',
    '@backstage/backend-defaults',
    '@backstage/frontend-defaults',
    '@jest/environment-jsdom-abstract',
    '@vercel/ncc',
    'better-sqlite3',
    'jsdom',
    'pg',
    'portal-app',
    '@types/.+',
    'react',
    'react-dom',
    '@testing-library/jest-dom',
  ],
  ignore: ['**/*.d.ts'],
  workspaces: {
    '.': { entry: ['examples/demo/main.ts'], project: ['examples/demo/**/*.ts'] },
    action: { entry: ['scripts/*.ts'], project: ['src/**/*.ts', 'scripts/**/*.ts'] },
    'plugins/modelpier-common': { project: ['src/**/*.ts'] },
    'plugins/modelpier-node': { project: ['src/**/*.ts'] },
    'plugins/modelpier-backend': { entry: ['migrations/*.js'], project: ['src/**/*.ts'] },
    'plugins/catalog-backend-module-modelpier': { project: ['src/**/*.ts'] },
    'plugins/modelpier': {
      entry: ['dev/**/*.{ts,tsx}', 'src/setupTests.ts'],
      project: ['src/**/*.{ts,tsx}'],
    },
    'examples/portal/packages/app': { project: ['src/**/*.{ts,tsx}'] },
    'examples/portal/packages/backend': { entry: ['src/owners-release.ts'], project: ['src/**/*.ts'] },
    test: {
      entry: [
        '**/*.test.ts',
        'e2e/*.cjs',
        'bench/main.ts',
        'bench/suites/*.ts',
        'bench/portal/backend.ts',
        'fleet/main.ts',
        'fuzz/main.ts',
        'bench/scan/probe.ts',
        'conformance/main.ts',
        'portal/backend-main.ts',
      ],
      project: ['**/*.ts'],
    },
  },
};

export default config;
