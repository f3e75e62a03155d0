import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { extensionId, terminalId } from '@perch/shared';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallFilter } from '../../../../records/ports.ts';
import { aCall, madePart } from '../../../../records/support/test-records.ts';
import { scratchFolder } from '../../../support/scratch-folder.ts';
import { json } from '../../columns.ts';
import { Database } from '../../database.ts';
import { ArchiveKeys } from '../archive-keys.ts';
import { find } from '../archive-queries.ts';
import { readRecord } from '../forms/record-form.ts';
import type { ArchiveSchema } from '../schema.ts';
import { archiveMigrations } from './index.ts';

let folder: string;
beforeAll(() => void (folder = scratchFolder()));
afterAll(() => rmSync(folder, { recursive: true }));

test('records and parts with ids are found by their numbers', async () => {
  const db = new Database<ArchiveSchema>(join(folder, 'records.db'), 'crash');
  const before = Object.fromEntries(Object.entries(archiveMigrations).filter(([name]) => name < '007'));
  await db.migrate(before);
  const old = db.sql as unknown as Kysely<Record<'call_records' | 'call_parts', Record<string, unknown>>>;
  const missed = madePart('102', { role: 'callee', result: 'missed', other: 'extension-101', ringMs: 5 });
  const calls = [aCall('one'), aCall('two', { startedAt: 2_000, result: 'no-answer', parts: [missed] })];
  for (const [index, record] of calls.entries()) {
    const { id, startedAt, result } = record;
    const common = { sequence: index + 1, organization_id: 'o', started_at: startedAt };
    db.run(old.insertInto('call_records').values({ ...common, id, result, record: JSON.stringify(record) }));
    for (const part of record.parts)
      db.run(
        old.insertInto('call_parts').values({
          ...{ ...common, extension_id: part.extension, terminal_id: part.terminal, other_id: part.other },
          ...{ role: part.role, result: part.result, call_result: result, external: 0, ring_ms: part.ringMs },
          ...{ talk_ms: part.talkMs, hold_ms: 0, wait_ms: 0, transferred: 0, returned: 0 },
        }),
      );
  }
  await db.migrate(archiveMigrations);

  const keys = new ArchiveKeys(db);
  const from = { through: 10, startedAt: Number.MAX_SAFE_INTEGER, sequence: 0 };
  const found = (filter: CallFilter, organization = 'o') =>
    find(db, keys, { organization, filter, from, limit: 10 }).map(({ record }) =>
      readRecord(json.read(record)),
    );
  const [one, two] = calls;
  expect(found({})).toEqual([two, one]);
  expect(found({ result: 'no-answer' })).toEqual([two]);
  expect(found({ result: 'answered' })).toEqual([one]);
  expect(found({ extensions: [extensionId('extension-101')] })).toEqual([one]);
  expect(found({ terminal: terminalId('phone-102') })).toEqual([two, one]);
  expect(found({ missed: 'unreturned' })).toEqual([two]);
  expect(found({}, 'another')).toEqual([]);
  db.close();
});
