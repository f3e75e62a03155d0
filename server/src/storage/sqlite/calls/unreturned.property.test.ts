import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aCall, madePart } from '../../../records/support/test-records.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { Database } from '../database.ts';
import { planOf } from '../support/query-plan.ts';
import { ArchiveKeys } from './archive-keys.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { archiveMigrations } from './migrations/index.ts';
import type { ArchiveSchema } from './schema.ts';
import { CallSheets } from './sums/call-sheets.ts';
import { unreturnedPairs, UnreturnedPairs } from './unreturned.ts';

let folder: string;
let runs = 0;
beforeAll(() => void (folder = scratchFolder()));
afterAll(() => rmSync(folder, { recursive: true }));

async function open(): Promise<Database<ArchiveSchema>> {
  const db = new Database<ArchiveSchema>(join(folder, `${String(++runs)}.db`), 'crash');
  await db.migrate(archiveMigrations);
  return db;
}

const calls = fc.array(
  fc.record({
    caller: fc.integer({ min: 1, max: 4 }),
    callee: fc.integer({ min: 1, max: 4 }),
    startedAt: fc.integer({ min: 1, max: 10 }),
    isMissed: fc.boolean(),
    /** The caller has withheld their number. */
    isWithheld: fc.boolean(),
    /** The archive is opened anew before it is written. */
    isLater: fc.boolean(),
  }),
  { maxLength: 30 },
);

test('a missed call is returned once the two have talked later and both know it, in whatever order the calls are written, and by which writer', async () => {
  await fc.assert(
    fc.asyncProperty(calls, async (all) => {
      const db = await open();
      const opened = () => new ArchiveWriter(db, new ArchiveKeys(db), new CallSheets(db));
      let writer = opened();
      const written = all.filter(({ caller, callee }) => caller !== callee);
      for (const [
        sequence,
        { caller, callee, startedAt, isMissed, isWithheld, isLater },
      ] of written.entries()) {
        if (isLater) writer = opened();
        const talkMs = isMissed ? 0 : 1_000;
        const parts = [
          madePart(String(caller), { other: `extension-${String(callee)}`, talkMs }),
          madePart(String(callee), {
            ...{ role: 'callee', result: isMissed ? 'missed' : 'handled', talkMs },
            other: isWithheld ? null : `extension-${String(caller)}`,
          }),
        ];
        const record = aCall(String(sequence), { startedAt, parts });
        db.transaction(() => writer.write({ sequence, organization: 'o', record }));
      }
      /** As far as the one who has missed it knows: whose number was withheld is nobody to them. */
      const isReturned = ({ caller, callee, startedAt, isWithheld }: (typeof written)[number]): boolean =>
        !isWithheld &&
        written.some(
          (later) =>
            !later.isMissed &&
            later.startedAt > startedAt &&
            ((later.caller === callee && later.callee === caller) ||
              (later.caller === caller && later.callee === callee && !later.isWithheld)),
        );
      const stored = db.sql
        .selectFrom('call_parts')
        .select(['sequence', 'returned'])
        .where('result', '=', 'missed')
        .orderBy('sequence');
      expect(db.all(stored)).toEqual(
        [...written.entries()]
          .filter(([, { isMissed }]) => isMissed)
          .map(([sequence, call]) => ({ sequence, returned: Number(isReturned(call)) })),
      );
      db.close();
    }),
    { numRuns: 60 },
  );
});

test('who has anything to return is read from its index alone', async () => {
  const db = await open();
  expect(planOf(db, unreturnedPairs(db))).toEqual([
    'SCAN call_parts USING COVERING INDEX call_parts_to_return',
  ]);
  db.close();
});

test('of pairs that were not added, few are taken for such', async () => {
  const db = await open();
  const pairs = new UnreturnedPairs(db);
  for (let extension = 1; extension <= 300; extension++)
    for (let other = 301; other <= 600; other++) pairs.add(extension, other);
  const others = Array.from({ length: 300 * 300 }, (_, at) => [301 + Math.floor(at / 300), 1 + (at % 300)]);
  const mistaken = others.filter(([extension = 0, other = 0]) => pairs.mayHave(extension, other));
  expect(pairs.mayHave(300, 301)).toBe(true);
  expect(mistaken.length / others.length).toBeLessThan(0.15);
  db.close();
});
