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
    '.': {
      entry: ['jest.resolver.cjs', 'eslint.config.mjs', 'examples/demo/main.ts', 'schemas/*.ts'],
      project: ['examples/demo/**/*.ts'],
    },
    action: { entry: ['src/index.ts', 'scripts/*.ts'], project: ['src/**/*.ts', 'scripts/**/*.ts'] },
    'plugins/modelpier-common': { entry: ['src/index.ts', 'src/permissions.ts'], project: ['src/**/*.ts'] },
    'plugins/modelpier-node': { entry: ['src/index.ts'], project: ['src/**/*.ts'] },
    'plugins/modelpier-backend': {
      entry: ['src/index.ts', 'migrations/*.js', 'config.d.ts'],
      project: ['src/**/*.ts'],
    },
    'plugins/catalog-backend-module-modelpier': {
      entry: ['src/index.ts', 'config.d.ts'],
      project: ['src/**/*.ts'],
    },
    'plugins/modelpier': {
      entry: [
        'src/index.ts',
        'src/legacy.ts',
        'src/translations/index.ts',
        'dev/**/*.{ts,tsx}',
        'src/setupTests.ts',
      ],
      project: ['src/**/*.{ts,tsx}'],
    },
    'examples/portal/packages/app': { entry: ['src/index.tsx'], project: ['src/**/*.{ts,tsx}'] },
    'examples/portal/packages/backend': { entry: ['src/index.ts'], project: ['src/**/*.ts'] },
    test: {
      entry: ['**/*.test.ts', 'e2e/*.cjs', 'bench/main.ts', 'bench/suites/*.ts', 'conformance/main.ts'],
      project: ['**/*.ts'],
    },
  },
};

export default config;
