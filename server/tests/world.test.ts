import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const eslint = new ESLint({ cwd: fileURLToPath(new URL('../..', import.meta.url)) });

/** The rules that this line breaks in that file. */
async function broken(line: string, file: string): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(`${line}\n`, { filePath: file });
  return result?.messages.map(({ ruleId }) => ruleId) ?? [];
}

/** One line for each way of asking the machine for time or chance. */
const planted = [
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

test.for(planted)('%s finds: %s', async ([rule, line]) => {
  expect(await broken(line, 'server/src/storage/planted.ts')).toEqual([rule]);
});

test('a given instant, and the folder that asks the machine, break no rule', async () => {
  expect(await broken('export const day = new Date(86_400_000);', 'server/src/storage/planted.ts')).toEqual(
    [],
  );
  for (const [, line] of planted) expect(await broken(line, 'server/src/world/planted.ts'), line).toEqual([]);
});
