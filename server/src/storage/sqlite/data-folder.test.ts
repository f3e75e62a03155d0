import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { organizationId } from '@perch/shared';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { DataFolderHealth, prepareDataFolder, unusable } from './data-folder.ts';
import { openStorage } from './open-storage.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { systemChance } from '../../world/system-chance.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { systemWorld } from '../../world/world.ts';

let scratch: string;
let folder: string;
const file = (name: string) => join(folder, name);
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

beforeEach(() => {
  scratch = scratchFolder();
  folder = join(scratch, 'data');
});
afterEach(() => rmSync(scratch, { recursive: true }));

const noTrouble = (name: string, error: unknown) => {
  throw new Error(name, { cause: error });
};

test('new files are for us alone, whatever the umask and the folder', async () => {
  const umask = process.umask(0);
  try {
    mkdirSync(folder, { mode: 0o755 });
    const storage = await openStorage(folder, systemWorld, noTrouble);
    const organization = { id: organizationId('o'), name: 'Demo', domain: 'demo.test', emergencyNumbers: [] };
    await storage.organizations.create(organization, {
      id: 'a',
      organization: organization.id,
      email: 'a@b.c',
      passwordHash: '',
      roles: ['administrator'],
      extension: null,
      groups: null,
      language: null,
    });
    expect(readdirSync(folder).map((name) => [name, mode(file(name))])).toEqual(
      ['calls.db', 'calls.db-wal', 'perch.db', 'perch.db-wal', 'records.db'].map((name) => [name, '600']),
    );
    expect(storage.notice).toMatch(/can open the data folder .*data \(mode 755\)/);
    await storage.close();
    rmSync(folder, { recursive: true });
    const fresh = await openStorage(folder, systemWorld, noTrouble);
    expect([mode(folder), fresh.notice]).toEqual(['700', undefined]);
    await fresh.close();
  } finally {
    process.umask(umask);
  }
});

test('a file whose permissions we cannot change is reported, and a dangling link is skipped', () => {
  mkdirSync(folder, { mode: 0o700 });
  symlinkSync('/proc/self/status', file('perch.db.damaged'));
  symlinkSync('/nowhere', file('records.db-old'));
  expect(prepareDataFolder(folder, systemChance)).toMatch(
    /^Other users can open 1 of the files .* may not change that: .*perch\.db\.damaged: the system does not permit it/,
  );
});

test('files that others could read are closed to them at the next start, and files that are not ours are left alone', () => {
  mkdirSync(file('voicemail/o'), { recursive: true });
  for (const name of [
    'perch.db',
    'perch.db-wal',
    'records.db.damaged-1',
    'demo-seed',
    'voicemail/o/1.opus',
    'voicemail/o/2.part',
    'notes',
  ])
    writeFileSync(file(name), '', { mode: 0o644 });
  for (const name of ['voicemail', 'voicemail/o']) chmodSync(file(name), 0o755);
  prepareDataFolder(folder, systemChance);
  for (const name of [
    'perch.db',
    'perch.db-wal',
    'records.db.damaged-1',
    'demo-seed',
    'voicemail/o/1.opus',
    'voicemail/o/2.part',
  ])
    expect([name, mode(file(name))]).toEqual([name, '600']);
  for (const name of ['voicemail', 'voicemail/o']) expect([name, mode(file(name))]).toEqual([name, '700']);
  expect(mode(file('notes'))).toBe('644');
});

/** A user who is bound by permissions, even where the tests run as root. */
const NOBODY = 65_534;
/** A process of theirs, which opens the data folders that it is sent: loading it costs more than all that it does. */
let opener: ChildProcess;
beforeAll(() => {
  const code = `
    import { openStorage } from ${JSON.stringify(new URL('./open-storage.ts', import.meta.url).href)};
    import { systemWorld } from ${JSON.stringify(new URL('../../world/world.ts', import.meta.url).href)};
    process.on('message', (folder) =>
      openStorage(folder, systemWorld, (file, error) => { throw error; }).then(
        () => process.send({ opened: true, sentence: '' }),
        (error) => process.send({ opened: false, sentence: error.name + ': ' + error.message }),
      ));`;
  const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  opener = spawn(process.execPath, ['--input-type=module', '-e', code], {
    ...asNobody,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
});
afterAll(() => opener.kill());

async function opening(): Promise<{ readonly opened: boolean; readonly sentence: string }> {
  const answer = once(opener, 'message');
  opener.send(folder);
  const [outcome] = (await answer) as [{ opened: boolean; sentence: string }];
  return outcome;
}

function give(...names: readonly string[]): void {
  if (process.getuid?.() !== 0) return;
  for (const name of names) chownSync(name, NOBODY, NOBODY);
}

test.for<[string, () => void, RegExp]>([
  [
    'a folder that may not be written',
    () => chmodSync(folder, 0o555),
    /data cannot be used: it cannot be written by .*uid \d+\): permission is denied/,
  ],
  [
    'perch.db that may not',
    () => writeFileSync(file('perch.db'), '', { mode: 0o444 }),
    /data cannot be used: perch\.db in it cannot be written by .*: permission is denied/,
  ],
  [
    'records.db that may not',
    () => writeFileSync(file('records.db'), '', { mode: 0o444 }),
    /records\.db in it cannot be written/,
  ],
  [
    'a WAL that may not',
    () => writeFileSync(file('calls.db-wal'), '', { mode: 0o444 }),
    /calls\.db-wal in it cannot be written/,
  ],
  [
    'perch.db that is a folder',
    () => mkdirSync(file('perch.db')),
    /perch\.db in it cannot be written by .*: it is not a file/,
  ],
  [
    'voicemail that is a file',
    () => writeFileSync(file('voicemail'), ''),
    /voicemail in it cannot be written by .*: it is not a folder/,
  ],
  [
    'voicemail that may not be written',
    () => mkdirSync(file('voicemail'), { mode: 0o555 }),
    /voicemail in it cannot be written by .*: permission is denied/,
  ],
  [
    'the recordings of one organization that may not',
    () => {
      mkdirSync(file('voicemail'));
      mkdirSync(file('voicemail/o'), { mode: 0o555 });
    },
    /voicemail in it cannot be written by .*: permission is denied/,
  ],
])('%s is one sentence, and nothing is half made', async ([, spoil, sentence]) => {
  mkdirSync(folder);
  chmodSync(scratch, 0o755);
  spoil();
  const before = readdirSync(folder);
  give(folder, ...before.map(file), ...(existsSync(file('voicemail/o')) ? [file('voicemail/o')] : []));
  const refused = await opening();
  chmodSync(folder, 0o755);
  expect(refused.opened).toBe(false);
  expect(refused.sentence).toMatch(/^UnusableData: The data folder [^\n]*\.$/);
  expect(refused.sentence).toMatch(sentence);
  expect(refused.sentence).toContain(folder);
  expect(readdirSync(folder)).toEqual(before);
});

test('a folder of another owner is reported in one sentence', async () => {
  mkdirSync(folder, { mode: 0o700 });
  chmodSync(scratch, 0o755);
  // Only root can give a folder away; for anyone else, one of the system's is used.
  if (process.getuid?.() !== 0) folder = '/root';
  expect(await opening()).toMatchObject({
    opened: false,
    sentence: expect.stringMatching(/^UnusableData: .* cannot be (?:used|made)/),
  });
});

test.for([
  ['ENOSPC', 'the disk is full'],
  ['SQLITE_FULL', 'the disk is full'],
  ['SQLITE_IOERR_SHMSIZE', 'the disk is full'],
  ['SQLITE_IOERR_WRITE', 'the disk fails'],
  ['EXDEV', 'something else'],
])('%s is told as: %s', ([code, reason]) => {
  const error = Object.assign(new Error('something else.'), { code });
  expect(unusable('perch.db', error).message).toMatch(
    new RegExp(String.raw`^perch\.db cannot be used by \S.*: ${reason}\.$`),
  );
});

test('a folder that can no longer be written is reported, until it can', async () => {
  const storage = await openStorage(folder, systemWorld, noTrouble);
  mkdirSync(file('voicemail'));
  const clock = new VirtualClock();
  const health = new DataFolderHealth(folder, { clock, chance: systemChance });
  expect(await health.trouble()).toBeUndefined();
  rmSync(file('voicemail'), { recursive: true });
  expect(await health.trouble()).toBeUndefined();
  await clock.advance(1_000);
  expect(await health.trouble()).toBe('voicemail cannot be written: it is gone.');
  writeFileSync(file('voicemail'), '');
  await clock.advance(1_000);
  expect(await health.trouble()).toBe('voicemail cannot be written: part of its path is not a folder.');
  rmSync(file('voicemail'));
  mkdirSync(file('voicemail'));
  await clock.advance(1_000);
  expect(await health.trouble()).toBeUndefined();
  expect(readdirSync(folder).filter((name) => name.startsWith('.probe'))).toEqual([]);
  await storage.close();
});
