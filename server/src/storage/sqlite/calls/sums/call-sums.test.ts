import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CallPart, type CallRecord, extensionId, organizationId } from '@perch/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Added, CALL_SUMS, DAY_SUMS, type SumsWanted } from '../../../../records/ports.ts';
import { aCall, madePart } from '../../../../records/support/test-records.ts';
import { scratchFolder } from '../../../support/scratch-folder.ts';
import { Database } from '../../database.ts';
import { ArchiveKeys } from '../archive-keys.ts';
import { ArchiveWriter } from '../archive-writer.ts';
import { archiveMigrations } from '../migrations/index.ts';
import type { ArchiveSchema } from '../schema.ts';
import { makeSheets, sumsIn } from './call-sums.ts';
import { DaySheets } from './day-sheets.ts';
import { DAY_MS } from './sheet.ts';

const OURS = organizationId('ours');
const DAYS = 4;

let folder: string;
let files = 0;
beforeAll(() => void (folder = scratchFolder()));
afterAll(() => rmSync(folder, { recursive: true }));

interface Archive {
  readonly sheets: DaySheets;
  readonly keys: ArchiveKeys;
}

/** An archive, its sheets, and a way to write calls into it. */
async function open(path = join(folder, `${String(++files)}.db`)) {
  const db = new Database<ArchiveSchema>(path, 'crash');
  await db.migrate(archiveMigrations);
  const sheets = new DaySheets(db);
  const keys = new ArchiveKeys(db);
  const writer = new ArchiveWriter(db, keys, sheets);
  let sequence = 0;
  const write = (calls: readonly CallRecord[], organization: string = OURS): void => {
    db.transaction(() => {
      for (const record of calls) writer.write({ sequence: ++sequence, organization, record });
    });
  };
  return { db, archive: { sheets, keys }, write, path };
}

function sums({ sheets, keys }: Archive, wanted: Omit<SumsWanted, 'organization'>): Added {
  const asked = { organization: OURS, ...wanted };
  while (!makeSheets(sheets, keys, asked));
  return sumsIn(sheets, keys, asked);
}

/** The sums of a part, counted from its definition. */
function counted(part: CallPart, external: boolean): readonly number[] {
  const offered = part.role === 'callee' && part.result !== null;
  const isCounted = offered || part.role === 'caller';
  const rung = part.result === 'handled' && part.ringMs !== null;
  const used = part.talkMs + part.holdMs;
  const values: Record<(typeof CALL_SUMS)[number], number> = {
    offered: Number(offered),
    handled: Number(part.result === 'handled'),
    missed: Number(part.result === 'missed'),
    declined: Number(part.result === 'declined'),
    outgoing: Number(part.role === 'caller'),
    internal: Number(isCounted && !external),
    external: Number(isCounted && external),
    transferred: Number(part.transferred),
    rung: Number(rung),
    talked: Number(used > 0),
    ...{ talkMs: part.talkMs, holdMs: part.holdMs, rungMs: rung ? (part.ringMs ?? 0) : 0, longestMs: used },
  };
  return CALL_SUMS.map((sum) => values[sum]);
}

function together(all: readonly (readonly number[])[]): readonly number[] {
  const longest = CALL_SUMS.indexOf('longestMs');
  return CALL_SUMS.map((_, index) =>
    all.reduce(
      (sum, each) => (index === longest ? Math.max(sum, each[index] ?? 0) : sum + (each[index] ?? 0)),
      0,
    ),
  );
}

/** What `sumsIn` must find, by reading every part. */
function expected(calls: readonly CallRecord[], { windows, extensions }: Omit<SumsWanted, 'organization'>) {
  const pairs = new Map<string, (readonly number[])[]>();
  const byWindow = windows.map((): (readonly number[])[] => []);
  for (const { startedAt, external, parts } of calls)
    for (const part of parts)
      for (const [place, { from, until }] of windows.entries()) {
        if (startedAt < from || startedAt >= until) continue;
        if (extensions?.includes(extensionId(part.extension)) === false) continue;
        const key = `${part.extension} ${String(part.terminal)}`;
        pairs.set(key, [...(pairs.get(key) ?? []), counted(part, external)]);
        byWindow[place]?.push(counted(part, external));
      }
  const ofPairs = [...pairs].map(([key, all]) => [key, together(all)] as const);
  const ofDay = (sums: readonly number[]) => DAY_SUMS.map((sum) => sums[CALL_SUMS.indexOf(sum)]);
  return { pairs: Object.fromEntries(ofPairs), windows: byWindow.map((all) => ofDay(together(all))) };
}

const rowAt = (all: Float64Array, place: number, width: number): readonly number[] => [
  ...all.subarray(place * width, (place + 1) * width),
];
const found = ({ ids, pairs, ofPairs, ofWindows }: Added, windows: number) => ({
  pairs: Object.fromEntries(
    Array.from(pairs.extensions, (extension, place) => [
      `${String(ids[extension])} ${ids[pairs.terminals[place] ?? -1] ?? 'null'}`,
      rowAt(ofPairs, place, CALL_SUMS.length),
    ]),
  ),
  windows: Array.from({ length: windows }, (_, place) => rowAt(ofWindows, place, DAY_SUMS.length)),
});

const ms = fc.oneof(fc.constant(0), fc.nat(600_000));
const part = (number: string): fc.Arbitrary<CallPart> =>
  fc
    .record({
      terminal: fc.constantFrom('phone-1', 'phone-2', null),
      role: fc.constantFrom('caller' as const, 'callee' as const, 'joined' as const),
      result: fc.constantFrom('handled' as const, 'missed' as const, 'declined' as const, null),
      ...{ ringMs: fc.option(fc.nat(30_000)), talkMs: ms, holdMs: ms, transferred: fc.boolean() },
    })
    .map((given) => madePart(number, { ...given, result: given.role === 'callee' ? given.result : null }));
const calls = fc.array(
  fc
    .record({
      startedAt: fc.nat(DAYS * DAY_MS - 1),
      external: fc.boolean(),
      parts: fc.tuple(part('101'), part('102')).map(([one, other]) => [one, other]),
    })
    .map((given) => aCall('x', given)),
  { maxLength: 40, size: 'max' },
);
/** Parts of days, in the order of time. */
const windows = fc
  .uniqueArray(fc.nat(DAYS * DAY_MS), { minLength: 2, maxLength: 8 })
  .map((edges) => edges.toSorted((a, b) => a - b))
  .map((edges) =>
    Array.from({ length: Math.floor(edges.length / 2) }, (_, index) => ({
      from: edges[2 * index] ?? 0,
      until: edges[2 * index + 1] ?? 0,
    })),
  );
const extensions = fc.constantFrom<SumsWanted['extensions']>(
  undefined,
  ...[
    [extensionId('extension-101')],
    [],
    Array.from({ length: 60 }, (_, at) => extensionId(`extension-${String(at + 60)}`)),
  ],
);

test('whatever the days, the windows and the extensions, each part is counted once, also those that come late', async () => {
  await fc.assert(
    fc.asyncProperty(calls, calls, windows, extensions, async (early, late, asked, of) => {
      const { db, archive, write, path } = await open();
      const wanted = { windows: asked, ...(of && { extensions: of }) };
      write(early);
      write(late, 'theirs');
      expect(found(sums(archive, wanted), asked.length)).toEqual(expected(early, wanted));
      write(late);
      expect(found(sums(archive, wanted), asked.length)).toEqual(expected([...early, ...late], wanted));
      db.close();
      const again = await open(path);
      expect(found(sums(again.archive, wanted), asked.length)).toEqual(expected([...early, ...late], wanted));
      again.db.close();
    }),
    { numRuns: 100 },
  );
}, 60_000);

test('a sheet is made once for a day that is over, some at a time, and never for the latest day', async () => {
  const { db, archive, write } = await open();
  const { sheets, keys } = archive;
  write(Array.from({ length: 10 }, (_, day) => aCall('x', { startedAt: day * DAY_MS })));
  const days = () =>
    db.all(db.sql.selectFrom('day_sheets').select('day').orderBy('day')).map(({ day }) => day);
  const span = { from: -5, until: 20 };
  expect(sheets.make(keys.of(OURS), span, 4)).toBe(false);
  expect(days()).toEqual([0, 1, 2, 3]);
  expect(sheets.make(keys.of(OURS), span, 5)).toBe(true);
  expect(days()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  write([aCall('late', { startedAt: 3 * DAY_MS + 5 })]);
  expect(days()).toEqual([0, 1, 2, 4, 5, 6, 7, 8]);
  write([aCall('now', { startedAt: 9 * DAY_MS + 5 })]);
  expect(sheets.make(keys.of(OURS), span, 5)).toBe(true);
  expect(days()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  db.close();
});
