import js from '@eslint/js';
import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

const TESTS_AND_SUPPORT = [
  '**/*.test.ts',
  '**/*.fixture.ts',
  '**/*.contract.ts',
  '**/support/**',
  '**/test-*.ts',
];
/** Texts and patterns that spell a feature code, such as `*30`. */
const FEATURE_CODES = ['Literal', 'TemplateElement', 'SvelteText'].map((node) => ({
  selector: `${node}[${node === 'TemplateElement' ? 'value.raw' : node === 'Literal' ? 'raw' : 'value'}=/\\*(30|97)/]`,
  message: 'Feature codes are spelt in shared/src/feature-codes.ts only.',
}));
const ASK_THE_WORLD = 'Time, chance and ids are arguments: see server/src/world.';

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      'data/',
      'client/src/paraglide/',
      'test-results/',
      'playwright-report/',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['**/*.ts', '**/*.svelte', '**/*.svelte.ts'], rules: { 'no-undef': 'off' } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    files: ['server/src/**/*.ts'],
    ignores: ['server/src/world/**', ...TESTS_AND_SUPPORT],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'performance', 'crypto'].map((name) => ({
          name,
          message: ASK_THE_WORLD,
        })),
      ],
      'no-restricted-properties': [
        'error',
        ...[
          ['Date', 'now'],
          ['Math', 'random'],
          ['AbortSignal', 'timeout'],
          ['process', 'hrtime'],
        ].map(([object, property]) => ({ object, property, message: ASK_THE_WORLD })),
      ],
      'no-restricted-syntax': [
        'error',
        ...FEATURE_CODES,
        {
          selector: ":matches(NewExpression[arguments.length=0], CallExpression)[callee.name='Date']",
          message: ASK_THE_WORLD,
        },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            ...['node:timers', 'node:timers/promises', 'node:perf_hooks'].map((name) => ({
              name,
              message: ASK_THE_WORLD,
            })),
            {
              name: 'node:crypto',
              importNames: [
                'randomBytes',
                'randomUUID',
                'randomInt',
                'getRandomValues',
                'webcrypto',
                'default',
              ],
              message: ASK_THE_WORLD,
            },
          ],
        },
      ],
    },
  },
  {
    files: ['shared/src/**', 'client/src/**', 'client/bench/**', 'server/bench/**', 'server/src/world/**'],
    ignores: ['shared/src/feature-codes.ts', ...TESTS_AND_SUPPORT],
    rules: { 'no-restricted-syntax': ['error', ...FEATURE_CODES] },
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  {
    files: [
      'server/scripts/**',
      'server/bench/**',
      'server/src/demo/**',
      'client/tests/**',
      'client/bench/**',
    ],
    rules: { 'no-console': 'off' },
  },
);
