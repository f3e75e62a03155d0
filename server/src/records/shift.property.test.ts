import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FIGURES, type Figures, type Report } from '@perch/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ArchiveKeys } from '../storage/sqlite/calls/archive-keys.ts';
import { claim } from '../storage/sqlite/calls/claims.ts';
import { ArchiveWriter } from '../storage/sqlite/calls/archive-writer.ts';
import { archiveMigrations } from '../storage/sqlite/calls/migrations/index.ts';
import type { ArchiveSchema } from '../storage/sqlite/calls/schema.ts';
import { makeSheets } from '../storage/sqlite/calls/sums/call-sums.ts';
import { summed } from '../storage/sqlite/calls/support/summed.ts';
import { CallSheets } from '../storage/sqlite/calls/sums/call-sheets.ts';
import { Database } from '../storage/sqlite/database.ts';
import { scratchFolder } from '../storage/support/scratch-folder.ts';
import type { SumsWanted } from './ports.ts';
import { windowsOf } from './windows.ts';
import { reportOf, type WholeReport } from './report.ts';
import { reportPage, rowsTable } from './report-tables.ts';
import { AGENTS, CALLERS, type Count, type Move, Shift, STATIONS } from './support/test-shift.ts';

/*
 * The promise of extension virtualization: agents move over stations, send each other home and transfer calls to each other, and every
 * figure stays with the extension. The test counts by itself, as the agents would.
 */

let folder: string;
let runs = 0;
beforeAll(() => void (folder = scratchFolder()));
afterAll(() => rmSync(folder, { recursive: true }));

const ORGANIZATION = 'o' as never;
const DAYS = {
  ...{ from: '1970-01-01', until: '1970-01-02', dayStart: '00:00', dayEnd: '24:00' },
  ...{ weekdays: [1, 2, 3, 4, 5, 6, 7], timeZone: 'Europe/Berlin' },
};

/** The report of a shift, as it would be read from the archive. */
async function reportsOf({ house, stays, claims }: Shift): Promise<readonly [Shown, Shown]> {
  const db = new Database<ArchiveSchema>(join(folder, `${String(++runs)}.db`), 'crash');
  await db.migrate(archiveMigrations);
  const sheets = new CallSheets(db);
  const keys = new ArchiveKeys(db);
  const writer = new ArchiveWriter(db, keys, sheets);
  db.transaction(() => {
    for (const [index, record] of house.store.records.entries())
      writer.write({ sequence: index + 1, organization: ORGANIZATION, record });
  });
  // The sums of each day are there before calls are claimed, which has to change them.
  const all = { organization: ORGANIZATION, windows: windowsOf(DAYS) };
  makeSheets(sheets, keys, all);
  for (const { call, claimant, station, since } of claims) {
    const by = house.directory.byNumber(claimant);
    const at = house.directory.byNumber(station);
    if (by === undefined || at === undefined) throw new Error('nobody has that number');
    const desk = { extension: at.id, terminal: at.terminal };
    const wanted = { organization: ORGANIZATION, call, desk, since, at: since + 1 };
    const person = { extension: by.id, number: by.number, name: by.name };
    expect(claim(db, keys, writer, { ...wanted, claimant: person })).toBe(true);
    expect(claim(db, keys, writer, { ...wanted, claimant: person })).toBe(false);
  }
  const everyone = [...house.directory.all()].map(({ id, terminal, number, name }) => ({
    ...{ extension: id, terminal, number, name, group: null },
  }));
  const additions = {
    calls: async (asked: Omit<SumsWanted, 'organization'>) =>
      summed({ sheets, keys }, { organization: ORGANIZATION, ...asked }),
    loggedIn: async () => stays.map((stay) => ({ ...stay, ms: stay.until - stay.from })),
    everyone: async () => everyone,
  };
  const reports = await Promise.all(
    (['extension', 'station'] as const).map((per) => reportOf(additions, { ...DAYS, per, sort: 'number' })),
  );
  db.close();
  return reports.map((whole) => ({ ...pagesOf(whole), file: rowsTable(whole) })) as [Shown, Shown];
}

/** What people see of a report: its pages put together, and its file. */
type Shown = Omit<Report, 'timeZone'> & { readonly file: ReturnType<typeof rowsTable> };

function pagesOf(whole: WholeReport): Omit<Report, 'timeZone'> {
  const pages = [0, 2, 4, 6, 8].map((skip) => reportPage(whole, skip, 2));
  return { ...reportPage(whole, 0, 1), rows: pages.flatMap(({ rows }) => rows) };
}

/** Has the file the figures of the pages? It has seconds for milliseconds. */
function expectSame({ rows, total, count, file }: Shown): void {
  expect(rows).toHaveLength(count);
  for (const [index, row] of [...rows, { number: '', name: 'Total', figures: total }].entries()) {
    const figures = Object.entries(row.figures).map(([name, value]) =>
      value !== null && FIGURES[name as keyof Figures].unit === 'ms' ? value / 1_000 : value,
    );
    expect(file.rows[index]).toEqual([row.number, row.name, ...figures]);
  }
  expect(file.rows).toHaveLength(count + 1);
}

const figuresFor = (report: Shown, number: string): Partial<Figures> =>
  report.rows.find((row) => row.number === number)?.figures ?? {};

const SUMS = [
  ...['offered', 'handled', 'missed', 'declined', 'outgoing', 'internal', 'external'],
  ...['transferred', 'talkMs', 'holdMs', 'loggedInMs'],
] as const satisfies readonly (keyof Figures)[];

const ms = fc.integer({ min: 1, max: 90 }).map((seconds) => seconds * 1_000);
const agent = fc.constantFrom(...AGENTS);
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constant('sits' as const), agent, station: fc.constantFrom(...STATIONS) }),
  fc.record({ kind: fc.constant('leaves' as const), agent }),
  fc.record({ kind: fc.constant('waits' as const), ms }),
  fc.record({
    kind: fc.constant('called' as const),
    ...{
      agent,
      caller: fc.constantFrom(...CALLERS),
      ringMs: ms,
      talkMs: ms,
      holdMs: fc.oneof(fc.constant(0), ms),
    },
    outcome: fc.constantFrom(...(['answers', 'answers', 'declines', 'gives up', 'nobody'] as const)),
    transferred: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('calls' as const), agent, talkMs: ms }),
  fc.record({
    kind: fc.constant('calls first' as const),
    ...{ agent, station: fc.constantFrom(...STATIONS), talkMs: ms, isClaimed: fc.boolean() },
  }),
);

test('whatever happens in a shift, every figure stays with the extension, and the parts are the whole', async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 5, maxLength: 25, size: 'max' }), async (moves) => {
      const shift = new Shift();
      for (const each of moves) await shift.make(each);
      shift.end();
      const [byExtension, byStation] = await reportsOf(shift);
      for (const number of [...AGENTS, ...CALLERS, ...STATIONS]) {
        const counted: Count = shift.countOf(number);
        const none = Object.values(counted).every((value) => value === 0);
        if (!none)
          expect({ number, ...figuresFor(byExtension, number) }).toMatchObject({ number, ...counted });
        if (counted.transferred > 0) reached.add('transferred');
        if (counted.handled > 0 && counted.loggedInMs > 0) reached.add('handled as a guest');
      }
      if (shift.wasSentHome) reached.add('sent home');
      if (shift.claims.length > 0) reached.add('claimed');
      for (const { rows, total } of [byExtension, byStation])
        for (const figure of SUMS) {
          const sum = rows.reduce((all, row) => all + (row.figures[figure] ?? NaN), 0);
          expect([figure, sum]).toEqual([figure, total[figure]]);
        }
      expect(byStation.total).toEqual(byExtension.total);
      for (const shown of [byExtension, byStation]) expectSame(shown);
      for (const { figures } of byExtension.rows)
        expect(figures.offered).toBe(
          (figures.handled ?? NaN) + (figures.missed ?? NaN) + (figures.declined ?? NaN),
        );
      const perDay = byExtension.days.map(({ handled, missed, declined }) => handled + missed + declined);
      expect(perDay.reduce((one, other) => one + other, 0)).toBe(byExtension.total.offered);
    }),
    { numRuns: 60 },
  );
  expect([...reached].sort()).toEqual(['claimed', 'handled as a guest', 'sent home', 'transferred']);
}, 60_000);

test('an agent who has handled calls at three stations has them all, and the stations have their own', async () => {
  const shift = new Shift();
  const call = { kind: 'called', agent: '101', caller: '103', ringMs: 5_000, talkMs: 60_000 } as const;
  for (const station of STATIONS) {
    await shift.make({ kind: 'sits', agent: '101', station });
    await shift.make({ ...call, holdMs: 10_000, outcome: 'answers', transferred: false });
  }
  shift.end();
  const [byExtension, byStation] = await reportsOf(shift);
  expect(figuresFor(byExtension, '101')).toMatchObject({
    ...{ offered: 3, handled: 3, answerRate: 1, talkMs: 180_000, holdMs: 30_000 },
    ...{ averageHandleMs: 70_000, averageAnswerMs: 5_000, longestMs: 70_000 },
    ...{ loggedInMs: 225_000, occupancy: 210_000 / 225_000 },
  });
  for (const station of STATIONS)
    expect(figuresFor(byStation, station)).toMatchObject({ handled: 1, loggedInMs: 75_000 });
});
