import './eslint.components.js';
import js from '@eslint/js';
import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

export const TESTS_AND_SUPPORT = ['**/*.test.ts', '**/support/**', '{server,client}/tests/**'];
/** Texts and patterns that spell a feature code, such as `*30`. */
const FEATURE_CODES = ['Literal', 'TemplateElement', 'SvelteText'].map((node) => ({
  selector: `${node}[${node === 'TemplateElement' ? 'value.raw' : node === 'Literal' ? 'raw' : 'value'}=/\\*(30|97)/]`,
  message: 'Feature codes are spelt in shared/src/feature-codes.ts only.',
}));
/** What people read is in the catalogues, in each language (`client/messages`). */
const TEXTS_IN_MARKUP = [
  ':not(SvelteStyleElement, SvelteElement[name.name=code]) > SvelteText[value=/\\p{L}{2}/u]',
  'SvelteAttribute[key.name=/^(aria-(label|description|roledescription|valuetext)|alt|hint|label|placeholder|text|title)$/] > SvelteLiteral[value=/\\p{L}{2}(?!.*:\\/\\/)/u]',
  ":not(SvelteAttribute) > SvelteMustacheTag[kind='text'] Literal[value=/^\\p{Lu}\\p{L}/u]",
].map((selector) => ({ selector, message: 'Texts are in client/messages, one file for each language.' }));
/** A name may be written in the other direction than the text around it. */
const NAMES_ALONE = ['MemberExpression[property.name', 'Identifier[name'].map((named) => ({
  selector: `:not(SvelteAttribute, SvelteElement[name.name=/^(bdi|option)$/]) > SvelteMustacheTag[kind='text'] > ${named}=/^(name|group|place|email)$/]`,
  message: 'A name stands in <bdi>.',
}));
const ASK_THE_WORLD = 'Time, chance and ids are arguments: see server/src/world.';
const ASK_THE_CLIENT_WORLD = 'Time and chance are arguments: see client/src/world.';

/** What differs from the rules of typescript-eslint that need types. */
export const TYPED_RULES = {
  // `() => port.tell(x)` is how a listener is written here, and `return refuse(x)` how a function that returns nothing is left early.
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
  ],
  // Texts are taken apart into digits, and names into characters of which none may be halved: code points are what is meant.
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string', { from: 'lib', name: 'Storage' }] }],
  // A number reads the same in every text that we write.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  // Ports answer with promises. One that has nothing to wait for, as a fake, is async so that what it throws is a rejection.
  '@typescript-eslint/require-await': 'off',
};
/** The same, for tests and what supports them. */
export const TYPED_RULES_OF_TESTS = {
  // `expect.stringMatching` and its like are `any`.
  '@typescript-eslint/no-unsafe-assignment': 'off',
  // A test makes the part of an object that its subject looks at.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  // `'0123456789'` is spread into digits, and a fake's parts into ports.
  '@typescript-eslint/no-misused-spread': 'off',
  // `{ codec = 'opus' as Codec } = {}` is what makes the other codecs possible.
  '@typescript-eslint/no-unnecessary-type-assertion': 'off',
  // What a subject is made of are functions without `this`, declared as methods.
  '@typescript-eslint/unbound-method': 'off',
};

const OWN_RULES = {
  eqeqeq: 'error',
  'no-console': 'error',
  ...TYPED_RULES,
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
};
const rulesOf = (configs) => Object.assign({}, ...configs.map(({ rules }) => rules));
/** Everything that is not about places of ours. Scripts are checked by it with oxlint (oxlint.config.ts), in a tenth of the time; it knows no components. */
export const GENERAL_RULES = {
  ...rulesOf([js.configs.recommended, ...tseslint.configs.strictTypeChecked]),
  ...OWN_RULES,
};
const off = (rules) => Object.fromEntries(Object.keys(rules).map((name) => [name, 'off']));
/** What runs at a prompt. */
export const PRINTING = [
  'server/scripts/**',
  'server/bench/**',
  'server/simulator/**',
  'server/fuzz/**',
  'server/src/demo/**',
  'client/tests/**',
  'client/bench/**',
];

export default tseslint.config(
  {
    ignores: [
      // Only the rules about places would be left.
      ...['**/*.test.ts', '**/support/**/*.ts', '{server,client}/tests/**/*.ts'],
      '**/dist/',
      '**/node_modules/',
      'data/',
      'client/.svelte-check/',
      'client/src/words/texts.ts',
      'test-results/',
      'playwright-report/',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.node, ...globals.browser },
      parserOptions: {
        projectService: true,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: OWN_RULES,
  },
  { files: ['**/*.svelte'], rules: { 'no-undef': 'off' } },
  { files: ['**/*.ts'], rules: off(GENERAL_RULES), linterOptions: { reportUnusedDisableDirectives: 'off' } },
  { files: ['**/*.ts'], ignores: ['**/*.svelte.ts'], rules: off(rulesOf(svelte.configs.recommended)) },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  // A file that has to be scrolled through for longer has two subjects.
  {
    files: ['{client,runtime,server,shared}/**/*.{ts,svelte}'],
    ignores: TESTS_AND_SUPPORT,
    rules: { 'max-lines': ['error', 300] },
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
  {
    files: ['client/src/**/*.ts', 'client/src/**/*.svelte'],
    ignores: ['client/src/world/**', ...TESTS_AND_SUPPORT],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval'].map((name) => ({ name, message: ASK_THE_CLIENT_WORLD })),
      ],
      'no-restricted-properties': [
        'error',
        ...[
          ['Date', 'now'],
          ['Math', 'random'],
          ['performance', 'now'],
          ['window', 'setTimeout'],
          ['window', 'setInterval'],
          ['globalThis', 'setTimeout'],
          ['globalThis', 'setInterval'],
        ].map(([object, property]) => ({ object, property, message: ASK_THE_CLIENT_WORLD })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: ":matches(NewExpression[arguments.length=0], CallExpression)[callee.name='Date']",
          message: ASK_THE_CLIENT_WORLD,
        },
        ...FEATURE_CODES,
        ...TEXTS_IN_MARKUP,
        ...NAMES_ALONE,
        {
          selector:
            'CallExpression[arguments.length=0][callee.property.name=/^toLocale(?!(Upper|Lower)Case)/]',
          message: 'The page has a locale of its own: `locale()`.',
        },
      ],
    },
  },
  {
    // svelte-check knows more about a component than TypeScript does here: for it the arguments of callbacks are `any`,
    // and a `$state` never has any but its first value.
    files: ['**/*.svelte'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // `void rows` in an effect says that it runs again when the rows change.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
    },
  },
  // They are in no program of TypeScript's.
  { files: ['**/*.{ts,js,mjs,cjs}'], extends: [tseslint.configs.disableTypeChecked] },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  { files: PRINTING, rules: { 'no-console': 'off' } },
);
