import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { extensionId, terminalId } from '@perch/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aCall, madePart } from '../../../records/support/test-records.ts';
import type { CallFilter } from '../../../records/ports.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { Database } from '../database.ts';
import { ArchiveKeys } from './archive-keys.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { partsOf, placesIn, placesOf, type Position } from './call-places.ts';
import { archiveMigrations } from './migrations/index.ts';
import { callsWith } from './named-calls.ts';
import type { ArchiveSchema } from './schema.ts';
import { CallSheets, partsQuery } from './sums/call-sheets.ts';
import { planOf } from '../support/query-plan.ts';
import { toReturn } from './unreturned.ts';

let folder: string;
let db: Database<ArchiveSchema>;
let keys: ArchiveKeys;

beforeAll(async () => {
  folder = scratchFolder();
  db = new Database<ArchiveSchema>(join(folder, 'records.db'), 'crash');
  await db.migrate(archiveMigrations);
  keys = new ArchiveKeys(db);
  const writer = new ArchiveWriter(db, keys, new CallSheets(db));
  db.transaction(() => {
    for (let sequence = 1; sequence <= 500; sequence++) {
      const called = sequence % 4 === 0 ? '102' : '103';
      const parts = [
        madePart('101', { terminal: `phone-${String(100 + (sequence % 3))}` }),
        madePart(called, {
          ...{ role: 'callee', result: sequence % 5 === 0 ? 'missed' : 'handled', terminal: 'phone-101' },
        }),
      ];
      const result = (['answered', 'busy', 'no-answer'] as const)[sequence % 3] ?? 'busy';
      const record = aCall(String(sequence), { startedAt: sequence * 10, result, parts });
      writer.write({ sequence, organization: 'o', record });
    }
  });
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const from: Position = { through: 1_000, startedAt: 2_000, sequence: 9 };

test.for([undefined, [1], [1, 2]])(
  'the parts of days are read in the order of time, or from the index of their extension: %j',
  (extensions) => {
    const plan = planOf(db, partsQuery(db, 1, { from: 1, until: 2 }, extensions));
    const found = extensions
      ? String.raw`INDEX call_parts_extension \(organization=\? AND extension=\? AND `
      : String.raw`PRIMARY KEY \(organization=\? AND `;
    expect(plan[0]).toMatch(
      new RegExp(String.raw`^SEARCH call_parts USING ${found}started_at>\? AND started_at<\?\)$`),
    );
  },
);

test('what a call returns is found without reading the other calls of the extension', () => {
  const pair = { organization: 1, extension: 2, other: 3, at: 2_000 };
  expect(planOf(db, toReturn(db, pair))).toEqual([
    expect.stringMatching(
      /^SEARCH call_parts USING INDEX call_parts_to_return \(extension=\? AND other=\?\)$/,
    ),
  ]);
});

test('how many calls have to do with somebody is counted in indexes', () => {
  const person = { id: extensionId('extension-101'), terminal: terminalId('phone-101') };
  const plan = planOf(db, callsWith(db, keys, 'o', person));
  const by = (column: string): unknown =>
    expect.stringMatching(String.raw`INDEX call_parts_${column} \(organization=\? AND ${column}=\?\)$`);
  expect(plan.filter((step) => step.startsWith('SEARCH') || step.startsWith('SCAN'))).toEqual([
    by('extension'),
    by('terminal'),
    by('extension'),
  ]);
});

/** Every combination of what can be asked. */
const span = [{}, { from: 1 }, { from: 1, until: 2_000 }];
const where = [{}, { terminal: terminalId('phone-101') }];
const directions = [{}, { direction: 'made' as const }, { direction: 'received' as const }];
const results = [{}, { result: 'busy' as const }, { result: 'answered' as const }];
const misses = [{}, { missed: 'all' as const }, { missed: 'unreturned' as const }];
const filters: readonly CallFilter[] = [span, where, directions, results, misses].reduce<CallFilter[]>(
  (all, choices) => all.flatMap((filter) => choices.map((choice) => ({ ...filter, ...choice }))),
  [{}],
);
/** Those that are looked up at once: missed calls are by their results. */
const answerable = filters.filter(({ missed, result, terminal }) => !missed || result || terminal);

/** Where the plan must begin: the index, and what is looked up there before the time. */
function beginning(filter: CallFilter, extension: number | undefined, isOfParts: boolean): string {
  const { terminal, direction, result, missed } = filter;
  const parts = (index: string, column: string): string =>
    String.raw`call_parts USING (COVERING )?INDEX call_parts_${index} \(organization=\? AND ${column}=\?`;
  if (extension !== undefined) return parts('extension', 'extension');
  if (terminal) return parts('terminal', 'terminal');
  if (missed) return parts(missed === 'all' ? 'missed' : missed, 'call_result');
  if (result === 'busy')
    return String.raw`call_records USING COVERING INDEX call_records_result \(organization=\? AND result=\?`;
  if (direction || isOfParts) return String.raw`call_parts USING PRIMARY KEY \(organization=\?`;
  return String.raw`call_records USING (COVERING )?INDEX call_records_started \(organization=\?`;
}

const TIME = String.raw` AND (started_at<\?|\(started_at,sequence\)<\(\?,\?\))\)$`;
const PARTS_OF_RECORD =
  /^SEARCH call_parts USING PRIMARY KEY \(organization=\? AND started_at=\? AND sequence=\?\)$/;

test.for<readonly [CallFilter, number | undefined]>([
  ...answerable.map((filter) => [filter, undefined] as const),
  ...filters.map((filter) => [filter, 1] as const),
])('a page is read from the index that has the least to look at: %j, extension %j', ([filter, extension]) => {
  const wanted = { organization: 'o', filter, from, limit: 51 };
  const since = filter.from === undefined ? '' : String.raw` AND started_at>\?`;
  const expectPlan = ([first, ...more]: readonly string[], isOfParts: boolean): void => {
    expect(first).toMatch(new RegExp(`^SEARCH ${beginning(filter, extension, isOfParts)}${since}${TIME}`));
    for (const step of more) expect(step).toMatch(PARTS_OF_RECORD);
  };
  expectPlan(planOf(db, placesOf(db, keys, wanted, extension)), false);
  if (extension === undefined) expectPlan(planOf(db, partsOf(db, keys, wanted)), true);
});

test('those of many extensions are the same, however far the calls of all are read for them', () => {
  const others = Array.from({ length: 60 }, (_, index) => extensionId(`other-${String(index)}`));
  const theirs = { extensions: [...others, extensionId('extension-102')] };
  const wanted = { organization: 'o', from: { ...from, startedAt: 1e9 }, limit: 7 };
  for (const each of filters.map((filter) => ({ ...wanted, filter: { ...filter, ...theirs } }))) {
    const found = (walks: readonly number[]) =>
      placesIn(db, keys, each, walks).map(({ sequence }) => sequence);
    for (const walks of [[1], [3, 20], [5_000]]) expect(found(walks)).toEqual(found([]));
  }
});

test('calls at a terminal are found, whether somebody else was there first or not', () => {
  const wanted = { organization: 'o', from: { ...from, startedAt: 1e9 }, limit: 500 };
  // 101 was at 101, 102 and 100 in turns; those who are called are always at 101.
  const at = { 'phone-100': 0, 'phone-102': 2 };
  for (const [phone, turn] of Object.entries(at)) {
    const expected = Array.from({ length: 500 }, (_, index) => 500 - index).filter(
      (each) => each % 3 === turn,
    );
    const found = placesIn(db, keys, { ...wanted, filter: { terminal: terminalId(phone) } });
    expect(found.map(({ sequence }) => sequence)).toEqual(expected);
  }
  const all = placesIn(db, keys, { ...wanted, filter: { terminal: terminalId('phone-101') } });
  expect(all).toHaveLength(500);
  const made = { terminal: terminalId('phone-101'), direction: 'made' as const };
  expect(placesIn(db, keys, { ...wanted, filter: made }).map(({ sequence }) => sequence % 3)).toEqual(
    Array.from({ length: 167 }, () => 1),
  );
});
