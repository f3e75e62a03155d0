import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { terminalId } from '@perch/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aCall, madePart } from '../../../../records/support/test-records.ts';
import { scratchFolder } from '../../../support/scratch-folder.ts';
import { Database } from '../../database.ts';
import { ArchiveKeys } from '../archive-keys.ts';
import { placesIn } from '../call-places.ts';
import { ArchiveWriter } from '../archive-writer.ts';
import type { ArchiveSchema } from '../schema.ts';
import { CallSheets } from '../sums/call-sheets.ts';
import { archiveMigrations } from './index.ts';

let folder: string;
beforeAll(() => void (folder = scratchFolder()));
afterAll(() => rmSync(folder, { recursive: true }));

test('calls are found by their terminals whatever numbers those have', async () => {
  const db = new Database<ArchiveSchema>(join(folder, 'records.db'), 'crash');
  const earlier = Object.entries(archiveMigrations).filter(([name]) => name !== '011');
  await db.migrate(Object.fromEntries(earlier));
  // As they were given once. 101 and 102 have the numbers before each other's phone.
  const ids = ['o', 'extension-101', 'phone-102', 'extension-102', 'phone-101', 'phone-103', 'extension-103'];
  for (const [index, id] of ids.entries())
    db.run(db.sql.insertInto('call_keys').values({ number: index + 1, id }));
  const writer = new ArchiveWriter(db, new ArchiveKeys(db), new CallSheets(db));
  const write = (sequence: number, extension: string, terminal: string) => {
    const parts = [madePart(extension, { terminal })];
    const record = aCall(String(sequence), { startedAt: sequence * 1_000, parts });
    writer.write({ sequence, organization: 'o', record });
  };
  write(1, '101', 'phone-101');
  write(2, '102', 'phone-102');
  write(3, '101', 'phone-102');
  write(4, '103', 'phone-103');
  write(5, '102', 'phone-101');
  await db.migrate(archiveMigrations);
  write(6, '102', 'phone-102');
  write(7, '101', 'phone-102');

  const keys = new ArchiveKeys(db);
  const from = { through: 10, startedAt: Number.MAX_SAFE_INTEGER, sequence: 0 };
  const at = (terminal: string) =>
    placesIn(db, keys, {
      ...{ organization: 'o', from, limit: 10 },
      filter: { terminal: terminalId(terminal) },
    }).map(({ sequence }) => sequence);
  expect(at('phone-101')).toEqual([5, 1]);
  expect(at('phone-102')).toEqual([7, 6, 3, 2]);
  expect(at('phone-103')).toEqual([4]);
  expect(at('phone-104')).toEqual([]);
  db.close();
});
