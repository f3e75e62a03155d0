import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CallPart, type CallRecord, extensionId, organizationId } from '@perch/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Added, ROW_SUMS, type SumsWanted } from '../../../../records/ports.ts';
import { aCall, madePart } from '../../../../records/support/test-records.ts';
import { scratchFolder } from '../../../support/scratch-folder.ts';
import { Database } from '../../database.ts';
import { ArchiveKeys } from '../archive-keys.ts';
import { ArchiveWriter } from '../archive-writer.ts';
import { archiveMigrations } from '../migrations/index.ts';
import type { ArchiveSchema } from '../schema.ts';
import { rowAt, rowsOf, summed, type Sums, windowAt } from '../support/summed.ts';
import { CallSheets, LONG } from './call-sheets.ts';
import { DAY_MS } from './sheet.ts';

type Counted = Record<(typeof ROW_SUMS)[number], number>;
type Asked = Omit<SumsWanted, 'organization'>;

const OURS = organizationId('ours');
/** Two long sheets, and some days. */
const DAYS = 70;
const HOUR_MS = 3_600_000;

let folder: string;
let files = 0;
beforeAll(() => void (folder = scratchFolder()));
afterAll(() => rmSync(folder, { recursive: true }));

/** An archive, its sheets, and a way to write calls into it. */
async function open(path = join(folder, `${String(++files)}.db`)) {
  const db = new Database<ArchiveSchema>(path, 'crash');
  await db.migrate(archiveMigrations);
  const sheets = new CallSheets(db);
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

/** The sums of a part, counted from its definition. */
function counted(part: CallPart, external: boolean): Counted {
  const offered = part.role === 'callee' && part.result !== null;
  const isCounted = offered || part.role === 'caller';
  const rung = part.result === 'handled' && part.ringMs !== null;
  const used = part.talkMs + part.holdMs;
  const isAway = part.terminal !== null && part.terminal !== homeOf(part.extension);
  return {
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
    busyThereMs: isAway ? used : 0,
  };
}

/** Of somebody who is not known, no phone is their own. */
function homeOf(extension: string): string | undefined {
  const number = KNOWN.find((each) => extension === `extension-${each}`);
  return number && `phone-${number}`;
}

const NOTHING = Object.fromEntries(ROW_SUMS.map((sum) => [sum, 0])) as Counted;

const together = (all: readonly Counted[]): Counted =>
  all.reduce(
    (whole, each) => ({
      ...(Object.fromEntries(ROW_SUMS.map((sum) => [sum, whole[sum] + each[sum]])) as Counted),
      longestMs: Math.max(whole.longestMs, each.longestMs),
    }),
    NOTHING,
  );

/** Who is known: 101 and 102, but not 103. */
const KNOWN = ['101', '102'];

/** What the archive must add up, by reading every part. */
function expected(calls: readonly CallRecord[], { windows, extensions, rows: { by } }: Asked) {
  const rows = [...KNOWN, 'nobody'].map((): Counted[] => []);
  const byWindow = windows.map((): Counted[] => []);
  for (const { startedAt, external, parts } of calls)
    for (const part of parts) {
      const place = windows.findIndex(({ from, until }) => startedAt >= from && startedAt < until);
      if (place < 0 || extensions?.includes(extensionId(part.extension)) === false) continue;
      const whose = by === 'extension' ? part.extension : part.terminal;
      const row = KNOWN.findIndex((number) =>
        [`extension-${number}`, `phone-${number}`].includes(whose ?? ''),
      );
      rows.at(row)?.push(counted(part, external));
      byWindow[place]?.push(counted(part, external));
    }
  const ofDay = ({ handled, missed, declined, outgoing }: Counted) => ({
    handled,
    missed,
    declined,
    outgoing,
  });
  return {
    rows: rows.map((all) => ({ hasCalls: Number(all.length > 0), ...together(all) })),
    windows: byWindow.map((all) => ofDay(together(all))),
  };
}

const found = (added: Added, windows: number) => ({
  rows: Array.from(added.hasCalls, (hasCalls, row) => ({ hasCalls, ...rowAt(added, row) })),
  windows: Array.from({ length: windows }, (_, place) => windowAt(added, place)),
});

const ms = fc.oneof(fc.constant(0), fc.nat(600_000));
const part = (number: string): fc.Arbitrary<CallPart> =>
  fc
    .record({
      terminal: fc.constantFrom('phone-101', 'phone-102', 'phone-103', null),
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
      parts: fc.tuple(part('101'), part('102'), part('103')).map((all) => [...all]),
    })
    .map((given) => aCall('x', given)),
  { minLength: 10, maxLength: 40, size: 'max' },
);
/** Parts of days, in the order of time. */
const parts = fc
  .uniqueArray(fc.nat(DAYS * DAY_MS), { minLength: 2, maxLength: 8 })
  .map((edges) => edges.toSorted((a, b) => a - b))
  .map((edges) =>
    Array.from({ length: Math.floor(edges.length / 2) }, (_, index) => ({
      from: edges[2 * index] ?? 0,
      until: edges[2 * index + 1] ?? 0,
    })),
  );
/** Whole days of a time zone, one of which may be left out; clocks that are no quarter of an hour apart, too. */
const wholeDays = fc
  .record({
    first: fc.nat(2),
    count: fc.integer({ min: 35, max: DAYS }),
    zone: fc.constantFrom(0, HOUR_MS, -5 * HOUR_MS, 5.75 * HOUR_MS, 1_172_000),
    out: fc.option(fc.nat(DAYS), { freq: 1 }),
  })
  .map(({ first, count, zone, out }) =>
    Array.from({ length: count }, (_, index) => (first + index) * DAY_MS - zone)
      .map((from) => ({ from, until: from + DAY_MS }))
      .filter((_, index) => index !== out),
  );
const windows = fc.oneof({ weight: 1, arbitrary: parts }, { weight: 2, arbitrary: wholeDays });
const by = fc.constantFrom('extension' as const, 'terminal' as const);
const extensions = fc.constantFrom<SumsWanted['extensions']>(
  undefined,
  ...[
    [extensionId('extension-101')],
    [],
    // 101 is the last of many.
    Array.from({ length: 60 }, (_, at) => extensionId(`extension-${String(at + 42)}`)),
  ],
);

test('whatever the days, the windows and the extensions, each part is counted once, also those that come late', async () => {
  let whole = 0;
  await fc.assert(
    fc.asyncProperty(calls, calls, windows, extensions, by, async (early, late, asked, of, whose) => {
      const { db, archive, write, path } = await open();
      const wanted = { windows: asked, rows: rowsOf(KNOWN, whose), ...(of && { extensions: of }) };
      const sums = (of: Sums) => found(summed(of, { organization: OURS, ...wanted }), asked.length);
      write(early);
      write(late, 'theirs');
      expect(sums(archive)).toEqual(expected(early, wanted));
      write(late);
      expect(sums(archive)).toEqual(expected([...early, ...late], wanted));
      const long = db.sql.selectFrom('call_sheets').select('sums').where('days', '=', LONG);
      whole += db.all(long).filter((sheet) => sheet.sums !== null).length;
      db.close();
      const again = await open(path);
      expect(sums(again.archive)).toEqual(expected([...early, ...late], wanted));
      again.db.close();
    }),
    { numRuns: 40 },
  );
  expect(whole).toBeGreaterThan(0);
}, 60_000);

test('a sheet is made once for days that are over, some at a time, and never for the latest day', async () => {
  const { db, archive, write } = await open();
  const { sheets, keys } = archive;
  write(Array.from({ length: 10 }, (_, index) => aCall('x', { startedAt: (30 + index) * DAY_MS })));
  write(Array.from({ length: 30 }, (_, index) => aCall('x', { startedAt: (40 + index) * DAY_MS })));
  const made = () =>
    db
      .all(db.sql.selectFrom('call_sheets').select(['days', 'day']).orderBy('days').orderBy('day'))
      .map(({ days, day }) => (days === 1 ? day : `${String(day)} to ${String(day + days)}`));
  const daysBut = (missing?: number) =>
    Array.from({ length: 39 }, (_, index) => 30 + index).filter((day) => day !== missing);
  const span = { from: -5, until: 80 };
  expect(sheets.make(keys.of(OURS), span, 4)).toBe(false);
  expect(made()).toEqual([30, 31, 32, 33]);
  expect(sheets.make(keys.of(OURS), span, 35)).toBe(false);
  expect(sheets.make(keys.of(OURS), span, 1)).toBe(true);
  expect(made()).toEqual([...daysBut(), '32 to 64']);
  write([aCall('late', { startedAt: 33 * DAY_MS + 5 })]);
  expect(made()).toEqual(daysBut(33));
  write([aCall('now', { startedAt: 69 * DAY_MS + 5 })]);
  expect(sheets.make(keys.of(OURS), span, 2)).toBe(true);
  expect(made()).toEqual([...daysBut(), '32 to 64']);
  write([aCall('late', { startedAt: 31 * DAY_MS + 5 })]);
  expect(made()).toEqual([...daysBut(31), '32 to 64']);
  db.close();
});

test.for([0, HOUR_MS / 4, 1_172_000])(
  'days that begin %i ms after those of UTC have the calls of their first and last instants',
  async (zone) => {
    const { db, archive, write } = await open();
    const windows = Array.from({ length: DAYS }, (_, day) => day * DAY_MS + zone).map((from) => ({
      ...{ from, until: from + DAY_MS },
    }));
    write(
      windows.flatMap(({ from, until }) =>
        [from, until - 1].map((startedAt) => aCall('x', { startedAt, parts: [madePart('101')] })),
      ),
    );
    const added = summed(archive, { organization: OURS, windows, rows: rowsOf(KNOWN) });
    expect(windows.map((_, index) => windowAt(added, index).outgoing)).toEqual(windows.map(() => 2));
    db.close();
  },
);

test('organizations have sums of their own, however often both are asked', async () => {
  const { db, archive, write } = await open();
  const made = (day: number) => aCall('x', { startedAt: day * DAY_MS, parts: [madePart('101')] });
  const theirs = organizationId('theirs');
  write([LONG, 40, DAYS].map(made), OURS);
  write([LONG, 41, 42, DAYS].map(made), theirs);
  const windows = [{ from: LONG * DAY_MS, until: 2 * LONG * DAY_MS }];
  const outgoing = (organization: typeof OURS): number =>
    rowAt(summed(archive, { organization, windows, rows: rowsOf(KNOWN) }), 0).outgoing;
  expect([OURS, theirs, OURS, theirs].map(outgoing)).toEqual([2, 3, 2, 3]);
  db.close();
});

test('what 32 bits do not hold is counted from the parts', async () => {
  const { db, archive, write } = await open();
  const talkMs = 30 * DAY_MS;
  write(
    [1, 2, 40].map((day) => aCall('x', { startedAt: day * DAY_MS, parts: [madePart('101', { talkMs })] })),
  );
  const windows = [{ from: 0, until: 64 * DAY_MS }];
  const added = summed(archive, { organization: OURS, windows, rows: rowsOf(KNOWN) });
  expect(rowAt(added, 0)).toMatchObject({ outgoing: 3, talkMs: 3 * talkMs });
  db.close();
});
