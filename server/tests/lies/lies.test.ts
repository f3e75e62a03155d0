import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, test } from 'vitest';
import { isOnce } from '../../altered/broken-lines.ts';
import { tableOf, writeFigures, writtenRows } from '../../figures/figures.ts';
import { scratchFolder } from '../../src/storage/support/scratch-folder.ts';
import { stage } from '../support/fixtures.ts';
import { METRICS_TOKEN } from './disclosure.ts';
import { GUARDS, type GuardName } from './guards.ts';
import type { Stand } from './lie.ts';
import { LIES } from './lies.ts';

/** A server with these guards, and what is known of it. */
function stand(guards: 'all' | 'none'): Stand {
  const folder = scratchFolder();
  const file = join(folder, 'hashes');
  const on = stage(
    {
      PERCH_METRICS_TOKEN: METRICS_TOKEN,
      PERCH_LOG: 'debug',
      PERCH_TEST_HASHES: file,
      PERCH_TEST_GUARDS: guards,
    },
    'server/tests/lies/counted.ts',
  );
  afterAll(() => rmSync(folder, { recursive: true }));
  return Object.assign(on, { hashes: () => (existsSync(file) ? statSync(file).size : 0) });
}

test.for(Object.entries(GUARDS))('the guard “%s” is there, once', ([, guard]) => {
  expect(isOnce(guard)).toBe(true);
});

test('each guard stands against a lie', () => {
  const named = new Set<GuardName>(LIES.flatMap(({ guards }) => guards));
  expect([...named].sort()).toEqual(Object.keys(GUARDS).sort());
});

test('docs/reliability.md has the same list', async () => {
  const rows = [
    ['Lie', 'What stands against it'],
    ...LIES.map(({ name, guards }) => [name, guards.join('; ')]),
  ];
  const command = 'PERCH_TEST_FIGURES=yes npm run test:integration -- lies';
  if (process.env['PERCH_TEST_FIGURES'] === 'yes')
    await writeFigures({ name: 'lies', command, body: tableOf(rows) });
  expect(writtenRows('lies')).toEqual(rows);
});

describe('without the guards, it works:', () => {
  const on = stand('none');
  test.for(LIES)('$name', async ({ works }) => {
    expect(await works(on)).toBe(true);
  });
});

describe('as it is, it does not:', () => {
  const on = stand('all');
  test.for(LIES)('$name', async ({ works }) => {
    expect(await works(on)).toBe(false);
  });
});
