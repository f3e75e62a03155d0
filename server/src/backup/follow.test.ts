import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { organizationId } from '@perch/shared';
import SqliteConnection from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callRecord, storedCall } from '../storage/sqlite/calls/support/calls.ts';
import { openStorage } from '../storage/sqlite/open-storage.ts';
import { checkCopy } from '../storage/sqlite/copied-database.ts';
import { administrator, organization } from '../management/support/stored.ts';
import { ours, storedExtension } from '../storage/sqlite/support/organizations.ts';
import { systemWorld } from '../world/world.ts';
import { filesIn } from './files-in.ts';
import { follow } from './follow.ts';
import { restore } from './restore.ts';
import { ServedFolder } from './support/backed-up.ts';

let served: ServedFolder;
let stopped: AbortController;
let following: Promise<void> | undefined;
let reports: string[];
/** What every round gets for the time: one more. */
let rounds: number;
let written: number;
/** What goes on with the next round, where rounds wait for the test. */
let held: (() => void)[];
let isHeld: boolean;
const never = new AbortController().signal;
const inside = (...path: readonly string[]) => join(served.root, ...path);

beforeEach(async () => {
  served = await ServedFolder.start();
  [reports, rounds, written, following] = [[], 0, 0, undefined];
  [held, isHeld] = [[], false];
});
afterEach(async () => {
  await endFollowing();
  await served.end();
});

/** With rounds that come one after the other. */
function startFollowing(folder = served.copy): Promise<void> {
  stopped = new AbortController();
  const clock = {
    now: () => ++rounds,
    after: (_: number, callback: () => void) => {
      if (isHeld) {
        held.push(callback);
        return () => undefined;
      }
      const timer = setImmediate(callback);
      return () => clearImmediate(timer);
    },
  };
  const report = (sentence: string) => void reports.push(sentence);
  const { signal } = stopped;
  following = follow({ dataFolder: served.data, folder, version: '1.2.3', clock, signal, report });
  following.catch(() => undefined);
  return following;
}

async function endFollowing(): Promise<void> {
  if (!following) return;
  stopped.abort();
  await following.catch(() => undefined);
  following = undefined;
}

/** Resolves once the copy has everything that is committed now. */
async function caughtUp(): Promise<void> {
  const now = rounds + 1;
  const asOf = () => {
    const path = join(served.copy, 'as-of');
    return existsSync(path) && existsSync(join(served.copy, 'copy.json'))
      ? Date.parse(readFileSync(path, 'utf8').trim())
      : 0;
  };
  await expect.poll(asOf, { timeout: 15_000 }).toBeGreaterThanOrEqual(now);
}

/** No round begins from now on. */
async function holdRounds(): Promise<void> {
  isHeld = true;
  await expect.poll(() => held.length, { timeout: 15_000 }).toBe(1);
}

/** Changes `perch.db`, so often: each takes some pages of the log. */
async function change(times: number): Promise<void> {
  const book = served.storage.book(ours);
  for (let count = 0; count < times; count++) {
    const number = String(1_000 + written++);
    await book.insert(storedExtension(`extension-${number}`, number, ours));
  }
}

/** The same where others have their turns in between, as with a Perch that serves: a copy keeps up with it. */
async function changeInTurns(times: number): Promise<void> {
  for (let count = 0; count < times; count++) {
    await change(1);
    await new Promise(setImmediate);
  }
}

/** How many changes a copy has, once it is restored. */
async function changesIn(from: string): Promise<number> {
  const to = inside('restored');
  await restore(from, to, never);
  const connection = new SqliteConnection(join(to, 'perch.db'), { readonly: true });
  const count = connection
    .prepare("SELECT count(*) FROM extensions WHERE id LIKE 'extension-%'")
    .pluck()
    .get();
  connection.close();
  rmSync(to, { recursive: true });
  return Number(count);
}

const generations = () => readdirSync(served.copy).filter((name) => name.startsWith('databases-'));
const log = () => join(served.copy, generations()[0] ?? '', 'perch.db-wal');

test('it has what was committed before its last round, however often the log begins anew, and can be restored while it follows', async () => {
  void startFollowing();
  await caughtUp();
  const lives = new Set<string>();
  for (let round = 0; round < 5; round++) {
    await change(150);
    await caughtUp();
    expect(await changesIn(served.copy)).toBe(written);
    lives.add(readFileSync(join(served.data, 'perch.db-wal')).toString('hex', 16, 24));
  }
  // It was the server's log that began anew, and no copy was begun anew for that.
  expect(lives.size).toBeGreaterThan(1);
  expect(reports).toEqual([`${served.copy} follows ${served.data}.`]);
});

test('a call that has ended is in it, exactly once, and so is the message that was left', async () => {
  void startFollowing();
  await caughtUp();
  const calls = served.storage.calls(ours);
  await calls.save(storedCall('one'));
  await calls.finish(callRecord('one'));
  writeFileSync(join(served.recordings, 'left.opus'), 'left');
  await caughtUp();
  await restore(served.copy, inside('restored'), never);
  expect(await filesIn(inside('restored', 'voicemail'))).toEqual(['o/left.opus', 'o/message.opus']);
  const restored = await openStorage(inside('restored'), systemWorld, () => undefined);
  const { records } = await restored.records(ours).calls({}, 9);
  await restored.close();
  expect(records.map(({ id }) => id)).toEqual(['one']);
  rmSync(join(served.recordings, 'left.opus'));
  await caughtUp();
  expect(await filesIn(join(served.copy, 'voicemail'))).toEqual(['o/message.opus']);
});

test('what is left when it is killed at any instant is whole', async () => {
  void startFollowing();
  await caughtUp();
  const begun = statSync(log()).size;
  await change(20);
  await caughtUp();
  const whole = statSync(log()).size;
  await endFollowing();
  let [before, last] = [0, 0];
  for (let octets = begun; octets < whole; octets += 3_331) {
    const killed = inside('killed');
    cpSync(served.copy, killed, { recursive: true });
    truncateSync(join(killed, generations()[0] ?? '', 'perch.db-wal'), octets);
    // Left by a copy of a recording, and by what was begun anew.
    writeFileSync(join(killed, 'incoming.part'), 'half');
    mkdirSync(join(killed, 'databases-99'));
    last = await changesIn(killed);
    expect(last).toBeGreaterThanOrEqual(before);
    before = last;
    rmSync(killed, { recursive: true });
  }
  expect([before, last]).toEqual([19, 19]);
  expect(await changesIn(served.copy)).toBe(20);
});

test('another start goes on with it, and the one that was begun anew takes its place only once it is whole', async () => {
  void startFollowing();
  await caughtUp();
  await endFollowing();
  await change(5);
  const [first] = generations();
  void startFollowing();
  await caughtUp();
  expect(generations()).toHaveLength(1);
  expect(generations()).not.toContain(first);
  expect(await changesIn(served.copy)).toBe(5);
});

test('one that was cut off while it was begun for the first time is gone on with, also on a disk of its own', async () => {
  const copied = join(served.copy, 'voicemail', 'o');
  for (const folder of ['lost+found', 'databases-9000', 'voicemail/o'])
    mkdirSync(join(served.copy, folder), { recursive: true });
  for (const file of ['databases-9000/perch.db', 'incoming.part', 'copy.json.part'])
    writeFileSync(join(served.copy, file), 'half');
  copyFileSync(join(served.recordings, 'message.opus'), join(copied, 'message.opus'));
  writeFileSync(join(copied, 'deleted.opus'), 'deleted meanwhile');
  void startFollowing();
  await caughtUp();
  expect(generations()).toEqual([expect.not.stringMatching(/^databases-9000$/)]);
  expect(await changesIn(served.copy)).toBe(0);
  expect(await filesIn(join(served.copy, 'voicemail'))).toEqual(['o/message.opus']);
});

test('a Perch that ends while a copy is begun has not kept its files: what was there before stays, and one attempt beside it', async () => {
  void startFollowing();
  await caughtUp();
  await endFollowing();
  const described = readFileSync(join(served.copy, 'copy.json'), 'utf8');
  await change(3);
  for (const name of ['perch.db-wal', 'records.db-wal']) copyFileSync(join(served.data, name), inside(name));
  await served.stop();
  for (const name of ['perch.db-wal', 'records.db-wal']) copyFileSync(inside(name), join(served.data, name));
  const perch = createServer((socket) => {
    socket.once('data', () => {
      socket.write('{"kind":"done"}\n');
      socket.once('data', () => socket.destroy());
    });
  }).listen(join(served.data, 'perch.sock'));
  await once(perch, 'listening');
  void startFollowing();
  await expect
    .poll(() => reports.filter((report) => report.includes('begun anew')).length, { timeout: 15_000 })
    .toBeGreaterThan(2);
  await endFollowing();
  perch.close();
  expect(readFileSync(join(served.copy, 'copy.json'), 'utf8')).toBe(described);
  expect(generations().length).toBeLessThanOrEqual(2);
});

test('a Perch that stops is waited for by nobody, and nothing of it is missing; the next one is followed', async () => {
  void startFollowing();
  await caughtUp();
  await change(7);
  await served.stop();
  expect(await changesIn(served.copy)).toBe(7);
  await served.startAgain();
  await expect.poll(() => reports.length, { timeout: 15_000 }).toBeGreaterThan(1);
  await change(1);
  await caughtUp();
  expect(await changesIn(served.copy)).toBe(8);
});

test('what asks a Perch that has ended the connection gets no answer, and has the files until it goes', async () => {
  const copy = connect({ path: join(served.data, 'perch.sock'), allowHalfOpen: true });
  copy.write('follow\n');
  await once(copy, 'data');
  await change(1);
  const stopped = served.stop();
  const answers: unknown[] = [];
  copy.on('data', (answer) => answers.push(answer));
  await once(copy, 'end');
  copy.write('archived\n');
  // Longer than an answer would take.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(answers).toEqual([]);
  expect(existsSync(`${join(served.data, 'perch.db')}-wal`)).toBe(true);
  copy.end();
  await stopped;
});

test('what is committed after its last round, before Perch has ended, is in it, and so is what the demo has besides', async () => {
  writeFileSync(join(served.data, 'demo-seed'), 'seed');
  void startFollowing();
  await caughtUp();
  await holdRounds();
  await change(7);
  await served.stop();
  expect(await changesIn(served.copy)).toBe(7);
  expect(await filesIn(join(served.copy, generations()[0] ?? ''))).toContain('demo-seed');
});

test('what has happened to calls is in it before what the other database knows of them', async () => {
  void startFollowing();
  await caughtUp();
  await holdRounds();
  const before = statSync(log()).size;
  await change(1);
  const calls = served.storage.calls(ours);
  await calls.save(storedCall('one'));
  await calls.finish(callRecord('one'));
  appendFileSync(log().replace('perch.db', 'records.db'), 'of somebody else');
  held.shift()?.();
  await expect.poll(() => reports.at(-1), { timeout: 15_000 }).toMatch(/records\.db was opened or changed/);
  expect(statSync(log()).size).toBe(before);
});

test('of somebody who was erased nothing is left in it', async () => {
  void startFollowing();
  await caughtUp();
  const secret = 'a name that is to be forgotten';
  const extension = storedExtension('extension-1001', '1001', ours);
  await served.storage.book(ours).insert({ ...extension, name: secret });
  await caughtUp();
  const [first] = generations();
  expect(readFileSync(log()).includes(secret)).toBe(true);
  await served.storage.book(ours).update(extension);
  await served.storage.erasures.clean();
  await expect.poll(() => generations().includes(first ?? ''), { timeout: 15_000 }).toBe(false);
  await caughtUp();
  const files = readdirSync(served.copy, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const { parentPath, name } of files)
    expect(readFileSync(join(parentPath, name)).includes(secret), name).toBe(false);
});

test('a backup is made while it follows, and it goes on afterwards', async () => {
  void startFollowing();
  await caughtUp();
  await changeInTurns(300);
  await served.backUp(never, inside('backup'));
  await changeInTurns(300);
  await caughtUp();
  checkCopy(inside('backup', 'perch.db'));
  expect(await changesIn(served.copy)).toBe(600);
  expect(await changesIn(inside('backup'))).toBe(300);
  expect(reports).toHaveLength(1);
});

test('a copy that somebody else has opened is begun anew', async () => {
  void startFollowing();
  await caughtUp();
  await change(1);
  await caughtUp();
  const path = log().slice(0, -'-wal'.length);
  new SqliteConnection(path).close();
  rmSync(`${path}-wal`, { force: true });
  await change(1);
  await expect
    .poll(() => reports.join('\n'), { timeout: 15_000 })
    .toMatch(/was opened or changed by something else/);
  await caughtUp();
  expect(await changesIn(served.copy)).toBe(2);
});

test('recordings whose folder is gone, as is a disk that is not mounted, stay in the copy', async () => {
  void startFollowing();
  await caughtUp();
  renameSync(served.recordings, inside('unmounted'));
  await change(1);
  await caughtUp();
  expect(await filesIn(join(served.copy, 'voicemail'))).toEqual(['o/message.opus']);
  renameSync(inside('unmounted'), served.recordings);
  rmSync(join(served.recordings, 'message.opus'));
  await caughtUp();
  expect(await filesIn(join(served.copy, 'voicemail'))).toEqual([]);
});

test('a Perch that was started on an empty folder does not take the place of what is in the copy', async () => {
  void startFollowing();
  await caughtUp();
  await change(3);
  await caughtUp();
  await endFollowing();
  await served.stop();
  renameSync(served.data, inside('unmounted'));
  await served.startAgain();
  const nothing = startFollowing();
  await expect(nothing).rejects.toThrow(/has none of the organizations of which .* is a copy/);
  const other = { ...organization, id: organizationId('other') };
  await served.storage.organizations.create(other, { ...administrator, organization: other.id });
  await expect(startFollowing()).rejects.toThrow(/has none of the organizations/);
  expect(await changesIn(served.copy)).toBe(3);
  expect(await filesIn(join(served.copy, 'voicemail'))).toEqual(['o/message.opus']);
  await served.stop();
  rmSync(served.data, { recursive: true });
  renameSync(inside('unmounted'), served.data);
  await served.startAgain();
  void startFollowing();
  await caughtUp();
  expect(await changesIn(served.copy)).toBe(3);
});

test('nor does it take the place of organizations that have come since the copy was begun', async () => {
  await served.stop();
  renameSync(served.data, inside('used'));
  await served.startAgain();
  void startFollowing();
  await caughtUp();
  await served.storage.organizations.create(organization, administrator);
  await caughtUp();
  await endFollowing();
  await served.stop();
  renameSync(served.data, inside('unmounted'));
  await served.startAgain();
  await expect(startFollowing()).rejects.toThrow(/has none of the organizations of which .* is a copy/);
});

test('a copy that is damaged is begun anew', async () => {
  await served.storage.erasures.clean();
  void startFollowing();
  await caughtUp();
  await endFollowing();
  const path = log().slice(0, -'-wal'.length);
  writeFileSync(path, readFileSync(path).fill(0xa5, 4_096));
  await change(1);
  void startFollowing();
  await caughtUp();
  expect(await changesIn(served.copy)).toBe(1);
});

test('what cannot be followed is refused with a sentence', async () => {
  mkdirSync(inside('used'));
  writeFileSync(inside('used', 'file'), '');
  await expect(startFollowing(inside('used'))).rejects.toThrow(/is not empty, and no copy that follows/);
  // Recordings that are of no copy, which would be deleted as those of somebody else.
  mkdirSync(inside('recordings', 'voicemail'), { recursive: true });
  await expect(startFollowing(inside('recordings'))).rejects.toThrow(/is not empty, and no copy/);
  mkdirSync(inside('recordings', 'databases-1'));
  writeFileSync(inside('recordings', 'perch.db'), '');
  await expect(startFollowing(inside('recordings'))).rejects.toThrow(/is not empty, and no copy/);
  await expect(startFollowing(join(served.data, 'copy'))).rejects.toThrow(/is in the data folder/);
  await expect(startFollowing(inside('no', 'copy'))).rejects.toThrow(/There is no folder/);
  const first = startFollowing();
  await caughtUp();
  const one = stopped;
  await expect(startFollowing(inside('second'))).rejects.toThrow('Another copy follows this Perch already.');
  one.abort();
  await first;
});

test('an altered copy is refused, and so is one of a newer Perch', async () => {
  await served.storage.erasures.clean();
  void startFollowing();
  await caughtUp();
  await endFollowing();
  const path = log().slice(0, -'-wal'.length);
  copyFileSync(path, inside('sound'));
  writeFileSync(path, readFileSync(path).fill(0xa5, 4_096));
  await expect(restore(served.copy, inside('restored'), never)).rejects.toThrow(/perch\.db is damaged/);
  copyFileSync(inside('sound'), path);
  const connection = new SqliteConnection(path);
  connection.prepare("INSERT INTO kysely_migration VALUES ('999-newer', '')").run();
  connection.close();
  await expect(restore(served.copy, inside('restored'), never)).rejects.toThrow(
    /made by a newer Perch, 1\.2\.3/,
  );
  expect(existsSync(inside('restored'))).toBe(false);
});
