import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { extensionId, organizationId, terminalId } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aCall, at, madePart } from '../../../records/support/test-records.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { Database } from '../database.ts';
import { ArchiveKeys } from './archive-keys.ts';
import { find } from './archive-queries.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { claim } from './claims.ts';
import { readRecord } from './forms/record-form.ts';
import { archiveMigrations } from './migrations/index.ts';
import type { ArchiveSchema } from './schema.ts';
import { json } from '../columns.ts';
import { rowAt, rowsOf, summed, windowAt } from './support/summed.ts';
import { CallSheets } from './sums/call-sheets.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const organization = organizationId('o');

let folder: string;
let db: Database<ArchiveSchema>;
beforeEach(async () => {
  folder = scratchFolder();
  db = new Database<ArchiveSchema>(join(folder, 'records.db'), 'crash');
  await db.migrate(archiveMigrations);
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

test('a claim changes the record, its parts, and the sums of a day that were added up long before', () => {
  const keys = new ArchiveKeys(db);
  const sheets = new CallSheets(db);
  const writer = new ArchiveWriter(db, keys, sheets);
  const desk = at('201');
  const since = 20 * MINUTE_MS;
  const calls = [
    { id: 'first', startedAt: since - MINUTE_MS },
    { id: 'a day later', startedAt: DAY_MS + since },
  ];
  db.transaction(() => {
    for (const [index, { id, startedAt }] of calls.entries()) {
      const parts = [madePart('201', { other: 'extension-102', talkMs: 1_000 })];
      const record = aCall(id, { startedAt, caller: desk, legs: [], attempts: [], parts });
      writer.write({ sequence: index + 1, organization, record });
    }
  });
  const wanted = {
    organization,
    windows: [
      { from: 0, until: DAY_MS },
      { from: DAY_MS, until: 2 * DAY_MS },
    ],
  };
  const numbers = ['101', '201'];
  const outgoing = () => {
    const added = summed({ sheets, keys }, { ...wanted, rows: rowsOf(numbers) });
    const of = numbers.map((number, row) => [number, rowAt(added, row).outgoing]);
    const days = wanted.windows.map((_, index) => windowAt(added, index).outgoing);
    return { ...(Object.fromEntries(of) as Record<string, number>), days };
  };
  expect(outgoing()).toEqual({ '101': 0, '201': 2, days: [1, 1] });
  expect(db.all(db.sql.selectFrom('call_sheets').select('day'))).toHaveLength(1);

  const claimed = {
    ...{ organization, since, at: since + 1 },
    desk: { extension: extensionId('extension-201'), terminal: terminalId('phone-201') },
    claimant: { extension: 'extension-101', number: '101', name: 'Ada' },
  };
  expect(claim(db, keys, writer, { ...claimed, call: 'nothing' })).toBe(false);
  expect(claim(db, keys, writer, { ...claimed, call: 'a day later' })).toBe(false);
  expect(claim(db, keys, writer, { ...claimed, call: 'first' })).toBe(true);
  expect(outgoing()).toEqual({ '101': 1, '201': 1, days: [1, 1] });

  const from = { through: 9, startedAt: Number.MAX_SAFE_INTEGER, sequence: 9 };
  const filter = { extensions: [extensionId('extension-101')] };
  const found = find(db, keys, { organization, filter, from, limit: 9 });
  expect(found.map(({ record }) => readRecord(json.read(record)))).toMatchObject([
    { id: 'first', caller: { number: '101' }, claimed: { by: { number: '101' }, at: since + 1 } },
  ]);
});
