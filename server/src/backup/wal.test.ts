import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Database } from '../storage/sqlite/database.ts';
import { scratchFolder } from '../storage/support/scratch-folder.ts';
import {
  checksumOf,
  committed,
  frameSize,
  isNextLife,
  isSameLife,
  lifeOf,
  WAL_HEADER,
  type WalLife,
} from './wal.ts';

let root: string;
let log: Buffer;
let life: WalLife;
/** Where transactions end, counted from the first frame. */
let ends: readonly number[];

beforeEach(() => {
  root = scratchFolder();
  const database = new Database<object>(join(root, 'a.db'), 'power-cut');
  const run = (text: string) => database.run({ compile: () => sql.raw(text).compile(database.sql) });
  run('CREATE TABLE texts (text TEXT)');
  database.hold();
  // Of several pages each.
  for (let count = 0; count < 3; count++) run('INSERT INTO texts VALUES (hex(randomblob(8000)))');
  log = readFileSync(join(root, 'a.db-wal'));
  database.close();
  const read = lifeOf(log);
  if (!read) throw new Error('there is no log');
  life = read;
  const found: number[] = [];
  for (let at = WAL_HEADER; at + frameSize(life) <= log.length; at += frameSize(life))
    if (log.readUInt32BE(at + 4) > 0) found.push(at + frameSize(life) - WAL_HEADER);
  ends = found;
});
afterEach(() => rmSync(root, { recursive: true }));

const endOf = (frames: Buffer) => committed(life, frames, life.checksum).end;
const frames = () => Buffer.from(log.subarray(WAL_HEADER));

test('a log is read up to where its last transaction ends, however much of it is there', () => {
  expect(endOf(frames())).toBe(ends.at(-1));
  expect(ends.length).toBeGreaterThan(3);
  for (let length = 0; length <= frames().length; length += 1_031)
    expect(endOf(frames().subarray(0, length))).toBe(ends.findLast((end) => end <= length) ?? 0);
});

test('it is gone on with where a transaction has ended, by the checksum there', () => {
  const [first, last] = [ends[0] ?? 0, ends.at(-1) ?? 0];
  const { checksum } = committed(life, frames().subarray(0, first), life.checksum);
  expect(committed(life, frames().subarray(first), checksum).end).toBe(last - first);
  expect(committed(life, frames().subarray(first), life.checksum).end).toBe(0);
});

test('nothing is taken from where an octet was altered, or where an earlier life of the log has left its frames', () => {
  const [before, until] = [ends.at(-2) ?? 0, ends.at(-1) ?? 0];
  const size = frameSize(life);
  // In its last frame: the page’s number, both parts of the salt, both of the checksum, the page.
  for (const at of [0, 8, 12, 16, 20, 24, 2_000, size - 1]) {
    const altered = frames();
    const place = until - size + at;
    altered.writeUInt8(altered.readUInt8(place) ^ 1, place);
    expect(endOf(altered), String(at)).toBe(before);
  }
});

test('a header that is altered, not whole or not one is none', () => {
  for (const length of [0, 1, WAL_HEADER - 1]) expect(lifeOf(log.subarray(0, length))).toBeUndefined();
  for (const at of [0, 8, 16, 20, 24, 28]) {
    const altered = Buffer.from(log);
    altered.writeUInt8(altered.readUInt8(at) ^ 0x40, at);
    expect(lifeOf(altered), String(at)).toBeUndefined();
  }
});

test('octets that are all 0, as a disk may have after a power cut, are no header, although their checksum is right', () => {
  expect(lifeOf(Buffer.alloc(WAL_HEADER))).toBeUndefined();
});

test('two logs are one life where both parts of their salt are the same', () => {
  expect(isSameLife(life, { ...life })).toBe(true);
  expect(isSameLife(life, { ...life, salt: life.salt ^ 1 })).toBe(false);
  expect(isSameLife(life, { ...life, chance: life.chance ^ 1 })).toBe(false);
});

test('a frame says its checksum as soon as its header is there', () => {
  const [size, header] = [frameSize(life), frameSize(life) - life.pageSize];
  const expected = [log.readUInt32BE(WAL_HEADER + size + 16), log.readUInt32BE(WAL_HEADER + size + 20)];
  expect(checksumOf(frames().subarray(0, size + header), size)).toEqual(expected);
  expect(checksumOf(frames().subarray(0, size + header - 1), size)).toBeUndefined();
});

test('a log has begun anew once where its number is one more, also after the highest', () => {
  const numbered = (salt: number): WalLife => ({ ...life, salt });
  expect(isNextLife(numbered(7), numbered(8))).toBe(true);
  for (const other of [6, 7, 9]) expect(isNextLife(numbered(7), numbered(other))).toBe(false);
  expect(isNextLife(numbered(0xffff_ffff), numbered(0))).toBe(true);
});
