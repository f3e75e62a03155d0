import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { join } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { callRecord, storedCall } from '../storage/sqlite/calls/support/calls.ts';
import { ours, storedExtension } from '../storage/sqlite/support/organizations.ts';
import { openStorage } from '../storage/sqlite/open-storage.ts';
import { systemWorld } from '../world/world.ts';
import { checkCopy } from '../storage/sqlite/copied-database.ts';
import { filesIn } from './files-in.ts';
import { type Manifest, manifestText } from './manifest.ts';
import { restore } from './restore.ts';
import { databasesToCopy } from './copied-databases.ts';
import { ServedFolder } from './support/backed-up.ts';

let served: ServedFolder;
const never = new AbortController().signal;

beforeEach(async () => {
  served = await ServedFolder.start();
});
afterEach(() => served.end());

const inside = (...path: readonly string[]) => join(served.root, ...path);
const namesIn = (folder: string) => readdirSync(folder).toSorted();

test('a call is in the backup exactly once where it had ended, however many end while it is made', async () => {
  const calls = served.storage.calls(ours);
  let ended = 0;
  const end = async () => {
    const id = `call-${String(++ended)}`;
    await calls.save(storedCall(id));
    await calls.finish(callRecord(id));
  };
  while (ended < 1_500) await Promise.all(Array.from({ length: 100 }, end));
  const before = ended;
  const backup = { isMade: false };
  const load = (async () => {
    while (!backup.isMade) await end();
  })();
  const manifest = await served.backUp();
  backup.isMade = true;
  await load;
  await served.stop();

  await restore(served.copy, inside('restored'), never);
  const restored = await openStorage(inside('restored'), systemWorld, (_, error) =>
    served.failures.push(error),
  );
  const { records } = await restored.records(ours).calls({}, ended + 1);
  expect(await restored.calls(ours).load()).toEqual([]);
  // The next call gets a number of its own.
  await restored.calls(ours).finish(callRecord('next'));
  const later = (await restored.records(ours).calls({}, ended + 2)).records;
  await restored.close();

  const ids = records.map(({ id }) => Number(id.slice('call-'.length))).toSorted((one, other) => one - other);
  expect(ids.length).toBeGreaterThanOrEqual(before);
  expect(ids).toEqual(ids.map((_, index) => index + 1));
  expect(later).toHaveLength(records.length + 1);
  expect(manifest.files.map(({ path }) => path)).toEqual([
    'perch.db',
    'records.db',
    'voicemail/o/message.opus',
  ]);
  expect(served.failures).toEqual([]);
}, 60_000);

test('a message that comes after the databases is in it, one that is deleted then or not finished is not', async () => {
  await served.stop();
  await served.startAgain(() => {
    writeFileSync(join(served.recordings, 'later.opus'), 'later');
    writeFileSync(join(served.recordings, 'under-way.part'), 'unde');
    rmSync(join(served.recordings, 'message.opus'));
  });
  await served.backUp();
  expect(await filesIn(join(served.copy, 'voicemail'))).toEqual(['o/later.opus']);
});

test('of a folder that no Perch uses all of it is kept, also what a crash has left unfinished', async () => {
  await served.storage.calls(ours).save(storedCall('under way'));
  await served.stop();
  writeFileSync(join(served.recordings, 'cut-off.part'), 'cut');
  writeFileSync(join(served.data, 'demo-seed'), 'seed');
  await served.backUp();
  expect(namesIn(served.data)).not.toContain('snapshot');
  await restore(served.copy, inside('restored'), never);
  expect(await filesIn(inside('restored'))).toEqual([
    ...['calls.db', 'demo-seed', 'perch.db', 'records.db'],
    ...['voicemail/o/cut-off.part', 'voicemail/o/message.opus'],
  ]);
  const restored = await openStorage(inside('restored'), systemWorld, () => undefined);
  expect(await restored.calls(ours).load()).toEqual([storedCall('under way')]);
  await restored.close();
});

test('backups and what is restored are for the user alone', async () => {
  const mask = process.umask(0);
  try {
    await served.backUp();
    await restore(served.copy, inside('restored'), never);
  } finally {
    process.umask(mask);
  }
  const modes = ['copy', 'restored'].flatMap((top) =>
    ['', ...readdirSync(inside(top), { recursive: true, encoding: 'utf8' })].map((path) => {
      const entry = statSync(inside(top, path));
      return entry.mode & 0o777 & (entry.isDirectory() ? ~0o700 : ~0o600);
    }),
  );
  expect(new Set(modes)).toEqual(new Set([0]));
  expect(statSync(join(served.data, 'perch.sock')).mode & 0o077).toBe(0);
});

test.for<readonly [string, (folder: string) => void, RegExp]>([
  ['an altered database', (folder) => flip(join(folder, 'perch.db')), /perch\.db is not as it was backed up/],
  [
    'an altered recording',
    (folder) => flip(join(folder, 'voicemail/o/message.opus')),
    /message\.opus is not as/,
  ],
  [
    'a shorter recording',
    (folder) => writeFileSync(join(folder, 'voicemail/o/message.opus'), 'hell'),
    /not as/,
  ],
  [
    'a missing recording',
    (folder) => rmSync(join(folder, 'voicemail/o/message.opus')),
    /message\.opus is missing/,
  ],
  [
    'one file more',
    (folder) => writeFileSync(join(folder, 'voicemail/more'), ''),
    /more is not part of the backup/,
  ],
  [
    'an altered list',
    (folder) => alter(join(folder, 'backup.json'), /1\.2\.3/, '1.2.4'),
    /not as it was written/,
  ],
  ['half a list', (folder) => writeFileSync(join(folder, 'backup.json'), '{'), /not as it was written/],
  ['no list', (folder) => rmSync(join(folder, 'backup.json')), /is no backup of Perch, or not a whole one/],
  ['no folder', (folder) => rmSync(folder, { recursive: true }), /is no backup of Perch/],
])('%s is refused, and nothing is restored', async ([, spoil, sentence]) => {
  await served.stop();
  await served.backUp();
  spoil(served.copy);
  await expect(restore(served.copy, inside('restored'), never)).rejects.toThrow(sentence);
  expect(existsSync(inside('restored'))).toBe(false);
  mkdirSync(inside('empty'));
  await expect(restore(served.copy, inside('empty'), never)).rejects.toThrow(sentence);
  expect(namesIn(inside('empty'))).toEqual([]);
});

/** Changes one octet in the middle. */
function flip(path: string): void {
  const contents = readFileSync(path);
  const at = contents.length >> 1;
  contents.writeUInt8(contents.readUInt8(at) ^ 1, at);
  writeFileSync(path, contents);
}

const alter = (path: string, from: RegExp, to: string) =>
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));

test('a used folder is refused, be it served or not, and stays as it is', async () => {
  await served.backUp();
  await expect(restore(served.copy, served.data, never)).rejects.toThrow(/Perch is using .*data/);
  await served.stop();
  const before = namesIn(served.data);
  expect(before).not.toContain('snapshot');
  await expect(restore(served.copy, served.data, never)).rejects.toThrow(/is not empty/);
  expect(namesIn(served.data)).toEqual(before);
  mkdirSync(inside('mounted', 'lost+found'), { recursive: true });
  await restore(served.copy, inside('mounted'), never);
  expect(namesIn(inside('mounted'))).toEqual(['lost+found', 'perch.db', 'records.db', 'voicemail']);
});

test('a folder into which a backup is being restored is not backed up as if it were whole', async () => {
  await served.stop();
  mkdirSync(join(served.data, 'restore.part'));
  await expect(served.backUp()).rejects.toThrow(/is being restored into .*data, or that was cut off/);
  expect(namesIn(served.root)).toEqual(['data']);
});

test('what is not of Perch’s making is left out, and no link is followed', async () => {
  await served.stop();
  writeFileSync(join(served.recordings, '.probe-1'), 'left by a Perch that was killed');
  writeFileSync(join(served.recordings, 'a b.opus'), 'by hand');
  const manifest = await served.backUp();
  expect(manifest.files.map(({ path }) => path)).toContain('voicemail/o/message.opus');
  expect(await filesIn(join(served.copy, 'voicemail'))).toEqual(['o/message.opus']);
  await restore(served.copy, inside('restored'), never);
  writeFileSync(inside('secret'), 'of somebody else');
  symlinkSync(inside('secret'), join(served.recordings, 'linked.opus'));
  await expect(served.backUp(never, inside('second'))).rejects.toThrow(/linked\.opus/);
  expect(namesIn(served.root)).toEqual(['copy', 'data', 'restored', 'secret']);
});

test('of two that restore into one folder, the second is refused, and the first is whole', async () => {
  await served.backUp();
  mkdirSync(inside('restored'));
  const both = [
    restore(served.copy, inside('restored'), never),
    restore(served.copy, inside('restored'), never),
  ];
  const outcomes = await Promise.allSettled(both);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const refused = outcomes.find((outcome) => outcome.status === 'rejected');
  expect(String(refused?.reason)).toMatch(/Another backup is being restored|is not empty/);
  expect(namesIn(inside('restored'))).toEqual(['perch.db', 'records.db', 'voicemail']);
});

test('what a Perch has begun in the folder meanwhile is not replaced, and stays', async () => {
  await served.backUp();
  mkdirSync(inside('restored'));
  const meanwhile = { throwIfAborted: () => writeFileSync(inside('restored', 'perch.db'), 'of a Perch') };
  await expect(restore(served.copy, inside('restored'), meanwhile as AbortSignal)).rejects.toThrow(
    /is not empty/,
  );
  expect(namesIn(inside('restored'))).toEqual(['perch.db']);
  expect(readFileSync(inside('restored', 'perch.db'), 'utf8')).toBe('of a Perch');
});

test.for<readonly [string, Partial<Manifest>]>([
  ['a migration', { databases: { 'perch.db': ['999-of-a-newer-perch'] } }],
  ['a database', { databases: { 'newer.db': [] } as Manifest['databases'] }],
  ['a way of writing the list', { format: 2 }],
])('%s that this Perch does not know is refused', async ([, newer]) => {
  const manifest = await served.backUp();
  writeFileSync(join(served.copy, 'backup.json'), manifestText({ ...manifest, ...newer }));
  await expect(restore(served.copy, inside('restored'), never)).rejects.toThrow(/made by a newer Perch/);
  expect(existsSync(inside('restored'))).toBe(false);
});

test('no Perch starts in a folder into which half a backup was restored', async () => {
  mkdirSync(inside('half', 'restore.part'), { recursive: true });
  await expect(openStorage(inside('half'), systemWorld, () => undefined)).rejects.toThrow(
    /or that was cut off/,
  );
  expect(namesIn(inside('half'))).toEqual(['restore.part']);
});

test('what cannot be a backup is refused with a sentence', async () => {
  mkdirSync(inside('there'));
  await expect(served.backUp(never, inside('there'))).rejects.toThrow(/is there already/);
  await expect(served.backUp(never, join(served.data, 'copy'))).rejects.toThrow(/is in the data folder/);
  await expect(served.backUp(never, inside('no', 'copy'))).rejects.toThrow(/There is no folder .*no\./);
  mkdirSync(`${served.copy}.part`);
  await expect(served.backUp()).rejects.toThrow(/another backup is being made, or was cut off/);
  await served.stop();
  rmSync(join(served.data, 'perch.db'));
  await expect(served.backUp()).rejects.toThrow(/is no data folder of Perch/);
});

test('one backup is made at a time; another Perch that has no socket is not backed up', async () => {
  const first = connect(join(served.data, 'perch.sock'));
  first.write('backup\n');
  await once(first, 'data');
  await expect(served.backUp()).rejects.toThrow('Another backup is being made.');
  first.destroy();
  await served.backUp();
  rmSync(served.copy, { recursive: true });
  rmSync(join(served.data, 'perch.sock'));
  await expect(served.backUp()).rejects.toThrow(/cannot be reached there/);
  expect(readdirSync(served.root)).toEqual(['data']);
});

test('stopped in the middle, it leaves nothing', async () => {
  const stopped = new AbortController();
  await served.stop();
  await served.startAgain(() => stopped.abort());
  await expect(served.backUp(stopped.signal)).rejects.toThrow(/abort/i);
  await expect.poll(() => existsSync(join(served.data, 'snapshot'))).toBe(false);
  await served.backUp();
  await expect(restore(served.copy, inside('restored'), stopped.signal)).rejects.toThrow(/abort/i);
  expect(namesIn(served.root)).toEqual(['copy', 'data']);
});

test('stopped before it has asked for the databases, it keeps no connection, and the next one is made', async () => {
  await expect(databasesToCopy(served.data, AbortSignal.abort())).rejects.toThrow('aborted');
  const next = await databasesToCopy(served.data, never);
  expect(next.isServing).toBe(true);
  await next.release();
});

test('a Perch that fails to copy, or stops meanwhile, leaves nothing', async () => {
  await served.stop();
  await served.startAgain(() => {
    throw new Error('the disk fails');
  });
  await expect(served.backUp()).rejects.toThrow(/Its log says why/);
  expect(served.failures.map(String)).toEqual(['Error: the disk fails']);
  await served.stop();
  let stopping: Promise<void> | undefined;
  await served.startAgain(() => {
    stopping = served.stop();
  });
  await expect(served.backUp()).rejects.toThrow(/has stopped meanwhile/);
  await stopping;
  expect(namesIn(served.root)).toEqual(['data']);
});

test('what a killed Perch has left is gone at the next start', async () => {
  await served.stop();
  mkdirSync(join(served.data, 'snapshot'));
  writeFileSync(join(served.data, 'snapshot', 'perch.db'), 'half');
  await served.startAgain();
  expect(namesIn(served.data)).not.toContain('snapshot');
  expect(served.notices).toEqual([]);
});

test('a connection that says nothing takes no snapshot, and is let go', async () => {
  const silent = connect(join(served.data, 'perch.sock'));
  await once(silent, 'connect');
  silent.end();
  await once(silent.resume(), 'close');
  expect(namesIn(served.data)).not.toContain('snapshot');
});

test('a damaged calls.db of a Perch that is stopped is left out, and named; a damaged records.db is no backup', async () => {
  await served.storage.calls(ours).save(storedCall('under way'));
  await served.stop();
  for (const [spoil, copy] of [
    [() => writeFileSync(join(served.data, 'calls.db'), 'no database at all '.repeat(1_000)), 'header'],
    [() => scribble(join(served.data, 'calls.db')), 'pages'],
  ] as const) {
    spoil();
    const manifest = await served.backUp(never, inside(copy));
    expect(manifest.files.map(({ path }) => path)).not.toContain('calls.db');
    expect(namesIn(inside(copy))).not.toContain('calls.db');
  }
  const sentence = `${join(served.data, 'calls.db')} is damaged and not in the backup. The next start of Perch sets it aside.`;
  expect(served.leftOut).toEqual([sentence, sentence]);
  for (const spoil of [
    () => scribble(join(served.data, 'records.db')),
    () => writeFileSync(join(served.data, 'records.db'), 'x'.repeat(9_000)),
  ]) {
    spoil();
    await expect(served.backUp()).rejects.toThrow(/data\/records\.db is damaged/);
  }
  expect(namesIn(served.root)).toEqual(['data', 'header', 'pages']);
});

/** Damages every page but the first. */
function scribble(path: string): void {
  const contents = readFileSync(path);
  writeFileSync(path, contents.fill(0xa5, 4_096));
}

test('records are copied after perch.db: a call that it knows of, by a webhook’s cursor or as seen, has its record', async () => {
  const databases = await databasesToCopy(served.data, never);
  await databases.copy('perch.db', inside('perch.db'));
  const calls = served.storage.calls(ours);
  await calls.save(storedCall('late'));
  await calls.finish(callRecord('late'));
  await databases.copy('records.db', inside('records.db'));
  await databases.release();
  checkCopy(inside('records.db'));
  expect(readFileSync(inside('records.db')).includes('late')).toBe(true);
});

/** Changes `perch.db`, so often. */
async function change(times: number): Promise<void> {
  const book = served.storage.book(ours);
  for (let count = 0; count < times; count++) {
    const number = String(1_000 + written++);
    await book.insert(storedExtension(`extension-${number}`, number, ours));
  }
}
let written = 0;

test.for<readonly [string, () => Promise<void>]>([
  ['has changes that are in their places already', () => served.storage.erasures.clean()],
  ['has some that are not', () => change(3)],
])(
  'a copy is of one moment, although more is written while its files are read, where the WAL %s',
  async ([, prepare]) => {
    await prepare();
    const databases = await databasesToCopy(served.data, never);
    const before = readFileSync(join(served.data, 'perch.db'));
    const stored = (await served.storage.book(ours).load()).length;
    // More than what SQLite puts into its place at once otherwise.
    await change(300);
    expect(readFileSync(join(served.data, 'perch.db')).equals(before)).toBe(true);
    await databases.copy('perch.db', inside('perch.db'));
    await databases.release();
    checkCopy(inside('perch.db'));
    expect(extensionsIn(inside('perch.db'))).toBe(stored + 300);
    await change(1);
    expect(readFileSync(join(served.data, 'perch.db')).equals(before)).toBe(false);
  },
);

test('of a backup, a server that serves writes one page, into its WAL, however large its databases are', async () => {
  await change(50);
  const wal = () => statSync(join(served.data, 'perch.db-wal')).size;
  const [before, sizeBefore] = [readFileSync(join(served.data, 'perch.db')), wal()];
  const copied = vi.spyOn(SqliteConnection.prototype, 'backup');
  await served.backUp();
  // Its last step would wait for the disk, in the thread that calls wait for.
  expect(copied).not.toHaveBeenCalled();
  expect(namesIn(served.data)).not.toContain('snapshot');
  expect(wal() - sizeBefore).toBe(24 + 4_096);
  expect(readFileSync(join(served.data, 'perch.db')).equals(before)).toBe(true);
});

function extensionsIn(path: string): unknown {
  const connection = new SqliteConnection(path, { readonly: true });
  const count = connection
    .prepare("SELECT count(*) FROM extensions WHERE organization_id = 'o'")
    .pluck()
    .get();
  connection.close();
  return count;
}

test('a command that does not keep up is let go before the WAL fills the disk, and the next one is not', async () => {
  await served.stop();
  served.longestWal = 1_000_000;
  await served.startAgain();
  const databases = await databasesToCopy(served.data, never);
  const book = served.storage.book(ours);
  const extension = storedExtension('extension-1001', '1001', ours);
  await book.insert({ ...extension, name: 'x'.repeat(5_000_000) });
  await expect.poll(() => served.notices, { timeout: 10_000 }).toHaveLength(1);
  await expect(databases.confirm()).rejects.toThrow(/has stopped meanwhile/);
  // Which puts all of it into its place: the log begins anew, and its file keeps the length that it had.
  await book.update(extension);
  const next = await databasesToCopy(served.data, never);
  expect(statSync(join(served.data, 'perch.db-wal')).size).toBeGreaterThan(5_000_000);
  await setTimeout(1_500);
  await next.confirm();
  await next.release();
});

test('a Perch that stops while recordings are copied has not kept its databases: that is no backup', async () => {
  await served.stop();
  await served.startAgain();
  rmSync(join(served.data, 'perch.sock'));
  const peers: Socket[] = [];
  const server = createServer((socket) => {
    peers.push(socket);
    socket.on('data', () => socket.write('{"kind":"done"}\n'));
  }).listen(join(served.data, 'perch.sock'));
  await once(server, 'listening');
  // It is asked once the databases are copied.
  served.clock = {
    now: () => {
      for (const peer of peers) peer.destroy();
      return 0;
    },
  };
  await expect(served.backUp()).rejects.toThrow(/has stopped meanwhile/);
  server.close();
  expect(namesIn(served.root)).toEqual(['data']);
});

test('a socket that a killed Perch has left stands in the way of neither a backup nor the next start', async () => {
  await served.stop();
  const server = createServer().listen(inside('other.sock'));
  await once(server, 'listening');
  renameSync(inside('other.sock'), join(served.data, 'perch.sock'));
  server.close();
  await once(server, 'close');
  expect((await served.backUp()).files.map(({ path }) => path)).toContain('perch.db');
  await served.startAgain();
  expect(served.notices).toEqual([]);
  await served.backUp(never, inside('second'));
});
