import { defineConfig, type OxlintConfig } from 'oxlint';
import { GENERAL_RULES, PRINTING, TESTS_AND_SUPPORT, TYPED_RULES_OF_TESTS } from './eslint.config.js';

const THEIRS = '@typescript-eslint/';
/** Rules that oxlint does not have: the last two are about what TypeScript refuses. */
const MISSING = [
  'no-unsafe-class-instance-assignment',
  'no-unsafe-enum-assignment',
  'no-octal',
  'no-dupe-args',
];

type Rules = NonNullable<OxlintConfig['rules']>;

/** By their names here. */
const named = (rules: Rules): Rules =>
  Object.fromEntries(
    Object.entries(rules)
      .map(([name, how]) => [name.replace(THEIRS, 'typescript/'), how] as const)
      .filter(([name]) => !MISSING.includes(name.replace('typescript/', ''))),
  );

const switchedOn = Object.fromEntries(
  // TypeScript knows what is defined.
  Object.entries(GENERAL_RULES as Rules).filter(([name, how]) => how !== 'off' && name !== 'no-undef'),
);

/** The rules of ESLint (eslint.config.js) that are not about places of ours, for everything but components, in a tenth of the time. */
export default defineConfig({
  options: { typeAware: true },
  plugins: ['typescript'],
  categories: { correctness: 'off' },
  ignorePatterns: [
    '**/dist/',
    'data/',
    'client/src/words/texts.ts',
    'test-results/',
    '**/*.{js,mjs,cjs,svelte}',
  ],
  rules: named(switchedOn),
  overrides: [
    { files: TESTS_AND_SUPPORT, rules: named(TYPED_RULES_OF_TESTS as Rules) },
    { files: PRINTING, rules: { 'no-console': 'off' } },
  ],
});
