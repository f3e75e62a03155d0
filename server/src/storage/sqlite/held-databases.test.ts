import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scratchFolder } from '../support/scratch-folder.ts';
import type { RecordArchive } from './calls/record-archive.ts';
import { Database } from './database.ts';
import { HeldDatabases } from './held-databases.ts';
import type { OrganizationSchema } from './schema.ts';

let folder: string;
let main: Database<OrganizationSchema>;
let told: string[];

beforeEach(() => {
  folder = scratchFolder();
  told = [];
  main = new Database<OrganizationSchema>(join(folder, 'perch.db'), 'power-cut');
  main.run(raw('CREATE TABLE texts (text TEXT)'));
});
afterEach(() => {
  main.close();
  rmSync(folder, { recursive: true });
});

const raw = (text: string) => ({ compile: () => sql.raw(text).compile(main.sql) });
const change = () => main.run(raw('INSERT INTO texts VALUES (hex(randomblob(2000)))'));
/** Which life of the log this is. */
const life = () => readFileSync(join(folder, 'perch.db-wal')).toString('hex', 16, 24);

/** @param letGo when the archive has been let go */
function held(letGo = Promise.resolve()): HeldDatabases {
  const archive: Pick<RecordArchive, 'hold' | 'letGo' | 'checkpoint' | 'newest'> = {
    hold: async () => void told.push('archive held'),
    letGo: () => {
      told.push('archive let go');
      return letGo;
    },
    checkpoint: async () => told.push('archive checkpoint'),
    newest: async () => 0,
  };
  return new HeldDatabases(main, archive as RecordArchive);
}

test('where the disk is full, no copy holds the files any longer, and the log begins anew', async () => {
  await held().hold(() => void told.push('broken'));
  for (let count = 0; count < 20; count++) change();
  const before = life();
  const [{ max_page_count: most }] = main.all<{ max_page_count: number }>(
    raw('PRAGMA max_page_count = 1'),
  ) as [{ max_page_count: number }];
  expect(() => {
    for (let count = 0; count < most; count++) main.transaction(() => change());
  }).toThrow();
  await expect.poll(() => told).toEqual(['archive held', 'broken', 'archive let go', 'archive checkpoint']);
  main.all(raw('PRAGMA max_page_count = 1000000'));
  change();
  expect(life()).not.toBe(before);
});

test('a disk that is full while nobody holds anything changes nothing', async () => {
  const databases = held();
  const hold = await databases.hold(() => void told.push('broken'));
  await hold.release();
  told.length = 0;
  main.all(raw('PRAGMA max_page_count = 1'));
  expect(() => {
    for (let count = 0; count < 50; count++) change();
  }).toThrow();
  await setImmediate();
  expect(told).toEqual([]);
});

test('a copy that begins while room is made has files that stay as they are', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const databases = held(promise);
  await databases.hold(() => void told.push('broken'));
  main.all(raw('PRAGMA max_page_count = 1'));
  expect(() => {
    for (let count = 0; count < 50; count++) change();
  }).toThrow();
  await setImmediate();
  main.all(raw('PRAGMA max_page_count = 1000000'));
  await databases.hold(() => void told.push('broken again'));
  change();
  const file = readFileSync(join(folder, 'perch.db'));
  resolve(undefined);
  await setImmediate();
  expect(readFileSync(join(folder, 'perch.db')).equals(file)).toBe(true);
  expect(told).toEqual(['archive held', 'broken', 'archive let go', 'archive checkpoint', 'archive held']);
});
