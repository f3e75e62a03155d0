import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import SqliteConnection from 'better-sqlite3';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Database } from '../storage/sqlite/database.ts';
import { scratchFolder } from '../storage/support/scratch-folder.ts';
import { Disjoined, FollowedDatabase } from './followed-database.ts';

let root: string;
let database: Database<object>;
let followed: FollowedDatabase;
const original = () => join(root, 'original.db');
const copy = () => join(root, 'copy.db');
const never = new AbortController().signal;

beforeEach(async () => {
  root = scratchFolder();
  database = new Database<object>(original(), 'power-cut');
  run('CREATE TABLE texts (text TEXT)');
  database.hold();
  followed = new FollowedDatabase(original(), copy());
  await followed.begin(never);
});
afterEach(async () => {
  await followed.close();
  database.close();
  rmSync(root, { recursive: true });
});

const run = (text: string) => database.run({ compile: () => sql.raw(text).compile(database.sql) });
const change = () => run('INSERT INTO texts VALUES (hex(randomblob(2000)))');
const copyRound = async (last?: number) => followed.write(await followed.read(last));

/** What the copy has, without touching it. */
function changesInCopy(): number {
  const other = join(root, 'looked-at.db');
  for (const suffix of ['', '-wal'])
    if (existsSync(copy() + suffix)) writeFileSync(other + suffix, readFileSync(copy() + suffix));
  const connection = new SqliteConnection(other);
  const count = connection.prepare('SELECT count(*) FROM texts').pluck().get();
  connection.close();
  for (const name of readdirSync(root)) if (name.startsWith('looked-at')) rmSync(join(root, name));
  return Number(count);
}

test('what is committed is in it, also once the log has begun anew', async () => {
  for (let life = 1; life <= 3; life++) {
    change();
    await copyRound();
    expect(changesInCopy()).toBe(2 * life - 1);
    change();
    await copyRound(database.checkpoint());
    expect(changesInCopy()).toBe(2 * life);
    expect(followed.pages).toBe(0);
  }
});

test('a Perch that has removed its log, or emptied it, may have changed the file: nothing is taken for up to date', async () => {
  change();
  await copyRound(database.checkpoint());
  change();
  database.clean();
  await expect(followed.read()).rejects.toThrow(Disjoined);
  database.close();
  await expect(followed.read()).rejects.toThrow(Disjoined);
  database = new Database<object>(original(), 'power-cut');
});

test('a log that has begun anew before all of it was copied is not gone on with', async () => {
  change();
  await copyRound();
  change();
  database.checkpoint();
  change();
  await expect(followed.read()).rejects.toThrow(Disjoined);
});

test('a log that has begun anew more than once since its pages were in their places is not gone on with', async () => {
  change();
  await copyRound();
  await copyRound(database.checkpoint());
  change();
  database.checkpoint();
  change();
  await expect(followed.read()).rejects.toThrow('The log of the server has begun anew.');
});

test('a log whose pages are in their places has nothing more, however often they are put there', async () => {
  change();
  await copyRound();
  for (let times = 0; times < 3; times++) await copyRound(database.checkpoint());
  change();
  await copyRound();
  expect(changesInCopy()).toBe(2);
});

test('a log of which not all is there that was put into its places is not gone on with', async () => {
  change();
  await copyRound();
  change();
  await expect(followed.read(database.checkpoint() + 1)).rejects.toThrow('More was written meanwhile');
});

test('a log of which more was overwritten than had been copied is not gone on with', async () => {
  change();
  await copyRound();
  const last = database.checkpoint();
  for (let count = 0; count < 5; count++) change();
  await expect(followed.read(last + 1)).rejects.toThrow('More was written meanwhile than could be read.');
});

test('a copy that somebody else reads, or whose log is somebody else’s, is not gone on with', async () => {
  change();
  await copyRound();
  const reader = new SqliteConnection(copy());
  try {
    reader.exec('BEGIN; SELECT * FROM texts');
    await expect(copyRound(database.checkpoint())).rejects.toThrow(/was opened or changed/);
  } finally {
    reader.close();
  }
  const other = new FollowedDatabase(original(), copy());
  writeFileSync(`${copy()}-wal`, 'of somebody else');
  await expect(other.write(await other.read())).rejects.toThrow(/was opened or changed/);
});

test.for<[string, () => void]>([
  ['has been removed', () => rmSync(`${copy()}-wal`)],
  ['has been replaced', () => renameSync(`${copy()}-aside`, `${copy()}-wal`)],
  ['has grown', () => appendFileSync(`${copy()}-wal`, 'of somebody else')],
])('a copy whose log %s is not gone on with', async ([, meddle]) => {
  change();
  await copyRound();
  copyFileSync(`${copy()}-wal`, `${copy()}-aside`);
  meddle();
  change();
  await expect(copyRound()).rejects.toThrow(/was opened or changed/);
});

test.for([16, 20])(
  'a last frame that another checksum (octet %i) stands in is not gone on from',
  async (at) => {
    const server = join(root, 'server.db');
    for (const suffix of ['', '-wal']) copyFileSync(original() + suffix, server + suffix);
    const from = new FollowedDatabase(server, join(root, 'followed.db'));
    await from.begin(never);
    change();
    const log = readFileSync(`${original()}-wal`);
    writeFileSync(`${server}-wal`, log);
    const { end, life } = await from.read();
    await from.write(await from.read());
    const octet = end - (24 + (life?.pageSize ?? 0)) + at;
    writeFileSync(`${server}-wal`, log.fill((log[octet] ?? 0) ^ 1, octet, octet + 1));
    await expect(from.read()).rejects.toThrow('has taken back what it had written');
    await from.close();
  },
);

test('a log that begins anew while it is read is not taken for one that has nothing new', async () => {
  for (let round = 0; round < 40; round++) {
    const from = new FollowedDatabase(original(), join(root, `copy-${String(round)}.db`));
    database.checkpoint();
    database.hold();
    await from.begin(never);
    await from.write(await from.read());
    change();
    const reading = from.read().catch((error: unknown) => error);
    for (let turns = round % 8; turns > 0; turns--) await setImmediate();
    database.checkpoint();
    for (let count = 0; count < 10; count++) change();
    const read = await reading;
    if (read instanceof Error) expect(read).toBeInstanceOf(Disjoined);
    else expect(read).toMatchObject({ octets: { length: expect.toSatisfy((length: number) => length > 0) } });
    await from.close();
  }
});

test('a change that the server has taken back, as the disk failed, is not gone on from', async () => {
  const server = join(root, 'server.db');
  const putLog = (from: string) => writeFileSync(`${server}-wal`, readFileSync(`${from}-wal`));
  change();
  // What would be the server's log if the next change had never been.
  const other = join(root, 'other.db');
  for (const suffix of ['', '-wal']) copyFileSync(original() + suffix, other + suffix);
  const without = new Database<object>(other, 'power-cut');
  without.hold();
  copyFileSync(original(), server);
  const from = new FollowedDatabase(server, join(root, 'followed.db'));
  await from.begin(never);
  change();
  putLog(original());
  await from.write(await from.read());
  const insert = sql.raw('INSERT INTO texts VALUES (hex(randomblob(2000)))').compile(without.sql);
  for (let count = 0; count < 5; count++) {
    without.run({ compile: () => insert });
    putLog(other);
    await expect(from.read()).rejects.toThrow('has taken back what it had written');
  }
  await from.close();
  without.close();
});
