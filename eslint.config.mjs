import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

/** Effects enter at the rim: these files may read the clock, the environment and the network. */
const RIM = [
  'action/src/index.ts',
  'action/src/post.ts',
  'plugins/*/src/plugin.ts',
  'plugins/*/src/legacy.ts',
  'plugins/*/dev/**',
  'plugins/*/src/module.ts',
  'plugins/modelpier-node/src/**/node-*.ts',
  'examples/**',
  'test/**',
  '**/*.test.{ts,tsx}',
];

export default ts.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/coverage/**',
      '**/dist-types/**',
      '.modelpier/**',
      '**/*.{cjs,mjs,js}',
    ],
  },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.frontend.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
      complexity: ['error', 12],
      'max-params': ['error', 4],
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'read it in the entry and pass it in' },
        { name: 'fetch', message: 'pass the port in' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'time is an argument',
        },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'time is an argument' },
        {
          selector:
            "CallExpression[callee.object.name='jest'][callee.property.name='mock'][arguments.0.value=/^\\./]",
          message: 'fake the world, not our own module',
        },
      ],
    },
  },
  {
    files: ['plugins/modelpier/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: hooks.configs.recommended.rules,
  },
  { files: RIM, rules: { 'no-restricted-globals': 'off', 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.test.{ts,tsx}', 'test/**/*.ts'],
    rules: {
      'max-lines': ['error', 400],
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
