import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { extensionId, terminalId } from '@perch/shared';
import type { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aCall, madePart } from '../../../records/support/test-records.ts';
import type { CallFilter } from '../../../records/ports.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { Database } from '../database.ts';
import { type Position, placesOf } from './archive-queries.ts';
import { ArchiveKeys } from './archive-keys.ts';
import { ArchiveWriter, toReturn } from './archive-writer.ts';
import { archiveMigrations } from './migrations/index.ts';
import type { ArchiveSchema } from './schema.ts';
import { DaySheets, partsQuery } from './sums/day-sheets.ts';

let folder: string;
let db: Database<ArchiveSchema>;
let keys: ArchiveKeys;

beforeAll(async () => {
  folder = scratchFolder();
  db = new Database<ArchiveSchema>(join(folder, 'records.db'), 'crash');
  await db.migrate(archiveMigrations);
  keys = new ArchiveKeys(db);
  const writer = new ArchiveWriter(db, keys, new DaySheets(db));
  db.transaction(() => {
    for (let sequence = 1; sequence <= 500; sequence++) {
      const parts = ['101', '102'].map((number) => madePart(number, { result: 'missed' }));
      writer.write({ sequence, organization: 'o', record: aCall(String(sequence), { parts }) });
    }
  });
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

/** How SQLite answers that query, a step a line. */
function planOf(query: { compile(): CompiledQuery }): readonly string[] {
  const { sql, ...rest } = query.compile();
  const explained = { compile: () => ({ ...rest, sql: `explain query plan ${sql}` }) };
  return db.all<{ detail: string }>(explained as never).map(({ detail }) => detail);
}

const from: Position = { through: 1_000, startedAt: 2_000, sequence: 9 };
const EXTENSION = extensionId('extension-101');

test.for([undefined, [1], [1, 2]])(
  'the parts of days are read in the order of time, or from the index of their extension: %j',
  (extensions) => {
    const plan = planOf(partsQuery(db, 1, { from: 1, until: 2 }, extensions));
    expect(plan[0]).toMatch(
      /^SEARCH call_parts USING (PRIMARY KEY|INDEX \w+) \(organization=\? AND (extension=\? AND )?started_at>\? AND started_at<\?\)$/,
    );
  },
);

test('what a call returns is found without reading the other calls of the extension', () => {
  const pair = { organization: 1, extension: 2, other: 3, at: 2_000 };
  expect(planOf(toReturn(db, pair))).toEqual([
    expect.stringMatching(
      /^SEARCH call_parts USING INDEX call_parts_to_return \(extension=\? AND other=\?\)$/,
    ),
  ]);
});

/** Every combination of what can be asked. */
const filters = [{}, { from: 1 }, { from: 1, until: 2_000 }].flatMap((span) =>
  [{}, { extensions: [EXTENSION] }].flatMap((who) =>
    [{}, { terminal: terminalId('phone-101') }].flatMap((where) =>
      [{}, { direction: 'made' as const }].flatMap((direction) =>
        [{}, { result: 'busy' as const }, { result: 'answered' as const }].flatMap((result) =>
          [{}, { missed: 'all' as const }, { missed: 'unreturned' as const }].map((missed) => ({
            ...{ ...span, ...who, ...where },
            ...{ ...direction, ...result, ...missed },
          })),
        ),
      ),
    ),
  ),
);

test.for<readonly [CallFilter]>(filters.map((filter) => [filter]))(
  'a page is read from an index, in its order: %j',
  ([filter]) => {
    const wanted = { organization: 'o', filter, from, limit: 51 };
    const plan = planOf(placesOf(db, keys, wanted, filter.extensions?.[0]));
    expect(plan).toHaveLength(1);
    const bound = filter.from === undefined ? '' : String.raw` AND started_at>\?`;
    expect(plan[0]).toMatch(
      new RegExp(
        String.raw`^SEARCH call_(parts|records) USING (PRIMARY KEY|(COVERING )?INDEX \w+) \(organization=\?.*${bound} AND (started_at<\?|\(started_at,sequence\)<\(\?,\?\))\)$`,
      ),
    );
  },
);
