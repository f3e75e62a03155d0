import { fileURLToPath } from 'node:url';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { expect, test } from 'vitest';

/** A planted line is in no file that TypeScript knows: it is checked by the rules that need no types. */
const eslint = new ESLint({
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  overrideConfig: tseslint.configs.disableTypeChecked as Linter.Config,
});

/** The rules that this line breaks in that file. */
async function broken(line: string, file: string): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(`${line}\n`, { filePath: file });
  return result?.messages.map(({ ruleId }) => ruleId) ?? [];
}

/** One line for each way in which the server could ask the machine for time or chance. */
const machineAsked = [
  ['no-restricted-globals', 'setTimeout(() => undefined, 1_000);'],
  ['no-restricted-globals', 'export const timer = setInterval(() => undefined, 1_000);'],
  ['no-restricted-globals', 'export const now = performance.now();'],
  ['no-restricted-globals', 'export const id = crypto.randomUUID();'],
  ['no-restricted-properties', 'export const now = Date.now();'],
  ['no-restricted-properties', 'export const chance = Math.random();'],
  ['no-restricted-properties', 'export const limit = AbortSignal.timeout(1_000);'],
  ['no-restricted-properties', 'export const now = process.hrtime();'],
  ['no-restricted-syntax', 'export const now = new Date();'],
  ['no-restricted-syntax', 'export const now = Date();'],
  ['no-restricted-imports', "export { randomBytes } from 'node:crypto';"],
  ['no-restricted-imports', "import { randomUUID } from 'node:crypto';\nexport const id = randomUUID();"],
  ['no-restricted-imports', "import { setTimeout as delay } from 'node:timers/promises';\nawait delay(1);"],
  ['no-restricted-imports', "export { performance } from 'node:perf_hooks';"],
] as const;

test.for(machineAsked)('%s finds: %s', async ([rule, line]) => {
  expect(await broken(line, 'server/src/storage/planted.ts')).toEqual([rule]);
});

test.for([
  ['a sentence', '<p>Nobody is here</p>'],
  ['a label', '<button aria-label="Close" />'],
  ['a choice between words', "<p>{busy ? 'Saving' : m.save()}</p>"],
  ['a name', '<p>{caller.name}</p>'],
  ['a name in its place', '{#if true}{name}{/if}'],
  ['a number as the browser writes it', '<p>{count.toLocaleString()}</p>'],
] as const)('in the markup of pages, %s is found: %s', async ([, markup]) => {
  expect(await broken(markup, 'client/src/pages/planted.svelte')).toEqual(['no-restricted-syntax']);
});

test.for([
  '<p>{m.nobody()}: 101 · *</p>',
  '<p><b class="number">{number}</b> <bdi>{name}</bdi></p>',
  '<Field label={m.name()} value={name} placeholder="https://" />',
  '<p><code>Authorization: Bearer</code></p>',
  '<style>\n  /* Words of ours. */\n  p { color: red; }\n</style>',
])('what may be in the markup of pages is not: %s', async (markup) => {
  expect(await broken(markup, 'client/src/pages/planted.svelte')).toEqual([]);
});

test('a file of the product has 300 lines at most', async () => {
  const long = Array.from({ length: 301 }, (_, line) => `// ${line}`).join('\n');
  for (const file of ['server/src/storage/planted.ts', 'client/src/pages/planted.svelte']) {
    expect(await broken(long, file), file).toEqual(['max-lines']);
    expect(await broken(long.replace('\n// 300', ''), file), file).toEqual([]);
  }
});

test('a given instant, and the folder that asks the machine, break no rule', async () => {
  expect(await broken('export const day = new Date(86_400_000);', 'server/src/storage/planted.ts')).toEqual(
    [],
  );
  for (const [, line] of machineAsked)
    expect(await broken(line, 'server/src/world/planted.ts'), line).toEqual([]);
});

test.for([
  ['no-restricted-globals', 'setTimeout(() => undefined, 1_000);'],
  ['no-restricted-globals', 'export const timer = setInterval(() => undefined, 1_000);'],
  ['no-restricted-properties', 'window.setTimeout(() => undefined, 1_000);'],
  ['no-restricted-properties', 'globalThis.setInterval(() => undefined, 1_000);'],
  ['no-restricted-properties', 'export const now = Date.now();'],
  ['no-restricted-properties', 'export const chance = Math.random();'],
  ['no-restricted-properties', 'export const now = performance.now();'],
  ['no-restricted-syntax', 'export const now = new Date();'],
] as const)('in the pages, %s finds: %s', async ([rule, line]) => {
  expect(await broken(line, 'client/src/state/planted.ts')).toEqual([rule]);
  expect(await broken(line, 'client/src/world/planted.ts')).toEqual([]);
});

/** A feature code that is spelt where `shared/src/feature-codes.ts` should have been asked. */
const spelt = [
  ['server/src/exchange/planted.ts', "export const center = '*30';"],
  ['server/src/world/planted.ts', "export const center = '*30';"],
  ['server/bench/planted.ts', 'export const center = (number: string) => `*30${number}`;'],
  ['shared/src/planted.ts', "export const voicemail = '*97';"],
  ['client/src/phone/planted.ts', 'export const isCenter = (dialled: string) => /^\\*30/.test(dialled);'],
  ['client/src/pages/planted.svelte', '<p>*97</p>'],
] as const;

test.for(spelt)('in %s, a feature code is found: %s', async ([file, line]) => {
  expect(await broken(line, file)).toEqual(['no-restricted-syntax']);
});

test('feature codes are spelt in one file, and in tests', async () => {
  expect(await broken("export const center = '*30';", 'shared/src/feature-codes.ts')).toEqual([]);
  expect(await eslint.isPathIgnored('server/src/exchange/numbering/numbering.test.ts')).toBe(true);
});
