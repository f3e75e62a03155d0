import { defineConfig, type OxlintConfig } from 'oxlint';
import tseslint from 'typescript-eslint';
import { TESTS_AND_SUPPORT, TYPED_RULES, TYPED_RULES_OF_TESTS } from './eslint.config.js';

const THEIRS = '@typescript-eslint/';
/** Rules of typescript-eslint that oxlint does not have yet. */
const MISSING = ['no-unsafe-class-instance-assignment', 'no-unsafe-enum-assignment'];

type Rules = NonNullable<OxlintConfig['rules']>;
interface Described {
  readonly rules: Readonly<
    Record<string, { readonly meta: { readonly docs: { readonly requiresTypeChecking?: boolean } } }>
  >;
}
const { rules: described } = tseslint.plugin as Described;

/** Those that need types, by their names here. ESLint has the others. */
const typed = (rules: Rules): Rules =>
  Object.fromEntries(
    Object.entries(rules)
      .map(([name, how]) => [name.replace(THEIRS, ''), how] as const)
      .filter(([name]) => described[name]?.meta.docs.requiresTypeChecking === true && !MISSING.includes(name))
      .map(([name, how]) => [`typescript/${name}`, how]),
  );

const strict: Rules = {};
for (const { rules } of tseslint.configs.strictTypeChecked as readonly OxlintConfig[])
  Object.assign(strict, rules);

/** The rules that need types, for everything but components: the same as ESLint's (eslint.config.js), in a tenth of the time. */
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
  rules: typed({ ...strict, ...(TYPED_RULES as Rules) }),
  overrides: [{ files: TESTS_AND_SUPPORT, rules: typed(TYPED_RULES_OF_TESTS as Rules) }],
});
