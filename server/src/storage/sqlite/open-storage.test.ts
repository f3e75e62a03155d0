import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ExtensionId,
  extensionId,
  extensionNumber,
  organizationId,
  recordingId,
  terminalId,
} from '@perch/shared';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StoredChange } from '../../exchange/virtualization/event.ts';
import type { VirtualizationRecord } from '../../exchange/virtualization/record.ts';
import { repositoriesContract } from '../../management/support/repositories.contract.ts';
import type { StoredExtension } from '../../exchange/book/ports.ts';
import { ada, administrator, ben, organization } from '../../management/support/stored.ts';
import { NO_PIN_GUESSES } from '../../network/machines/pin-guesses.ts';
import { UnusableData } from '../unusable-data.ts';
import { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';
import { forgetMigrationsSince } from './support/older.ts';
import { openStorage } from './open-storage.ts';
import type { Storage } from '../storage.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { systemWorld } from '../../world/world.ts';

let folder: string;
const open: Storage[] = [];
const trouble: string[] = [];

beforeEach(() => {
  folder = scratchFolder();
  trouble.length = 0;
});
afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<Storage> {
  const storage = await openStorage(folder, systemWorld, (file) => trouble.push(file));
  open.push(storage);
  return storage;
}

async function restart(): Promise<Storage> {
  for (const storage of open.splice(0)) await storage.close();
  return start();
}

async function startWithAda(): Promise<Storage> {
  const storage = await start();
  await storage.organizations.create(organization, administrator);
  await storage.book(ada.organization).insert(ada);
  return storage;
}

repositoriesContract('SQLite', async () => ({ repositories: await start(), reopen: restart }));

test('a deleted extension leaves no secret and no address behind', async () => {
  const extensions = (await startWithAda()).book(ada.organization);
  await extensions.delete(ada.id, []);
  for (const storage of open.splice(0)) await storage.close();
  const db = new Database<OrganizationSchema>(join(folder, 'perch.db'), 'crash');
  expect(db.first(db.sql.selectFrom('extensions').selectAll())).toMatchObject({
    name: 'Ada',
    secret_code_hash: null,
    voicemail_pin_hash: null,
    voicemail_mail: null,
    ha1_md5: null,
    ha1_sha256: null,
  });
  db.close();
});

test('a second Perch on the same folder is told so', async () => {
  await start();
  await expect(openStorage(folder, systemWorld, () => undefined)).rejects.toThrow(/Another Perch is using/);
});

test('a folder that cannot be made is reported in a sentence', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(openStorage(join(folder, 'file', 'data'), systemWorld, () => undefined)).rejects.toThrow(
    UnusableData,
  );
});

test('a damaged organization is refused with a sentence, never replaced', async () => {
  writeFileSync(join(folder, 'perch.db'), 'this is no database, however long one reads it'.repeat(100));
  await expect(openStorage(folder, systemWorld, () => undefined)).rejects.toThrow(/perch\.db is damaged/);
});

test.for(['calls.db', 'records.db'] as const)('a damaged %s is set aside, and calls go on', async (file) => {
  writeFileSync(join(folder, file), 'this is no database, however long one reads it'.repeat(100));
  const storage = await start();
  expect(trouble).toEqual([file]);
  expect(readdirSync(folder).some((name) => name.startsWith(`${file}.damaged-`))).toBe(true);
  expect(await storage.calls(organization.id).load()).toEqual([]);
});

test('a language that this version does not speak is none', async () => {
  const storage = await startWithAda();
  await storage.organizations.setLanguage(organization.id, 'de');
  for (const each of open.splice(0)) await each.close();
  const db = new Database<OrganizationSchema>(join(folder, 'perch.db'), 'crash');
  for (const table of ['extensions', 'people', 'organizations'] as const)
    db.run(db.sql.updateTable(table).set({ language: 'tlh' }));
  db.close();
  const { organizations, people, book } = await start();
  expect(await organizations.language(organization.id)).toBeNull();
  expect(await people.byId(administrator.id)).toMatchObject({ language: null });
  expect(await book(organization.id).load()).toMatchObject([{ language: null }]);
});

test('a folder written by a newer Perch is refused with a sentence', async () => {
  await start();
  for (const storage of open.splice(0)) await storage.close();
  const db = new Database<{ kysely_migration: { name: string; timestamp: string } }>(
    join(folder, 'perch.db'),
    'crash',
  );
  db.run(db.sql.insertInto('kysely_migration').values({ name: '999-future', timestamp: '' }));
  db.close();
  await expect(openStorage(folder, systemWorld, () => undefined)).rejects.toThrow(/written by a newer Perch/);
});

test.for([
  ['Desk \u202e evil 99', 'Desk evil 99'],
  ['\u200b\u2067\u0007', 'Extension 101'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
  ['102', '102'],
] as const)('a name from before names were looked at, %j, is %j from now on', async ([before, after]) => {
  const storage = await startWithAda();
  await storage.book(ada.organization).update({ ...ada, name: before });
  await takeBackTo('010');
  expect(await (await start()).book(ada.organization).load()).toEqual([{ ...asBefore(ada), name: after }]);
});

test('a terminal from before terminals had ids keeps the one under which it was recorded: its owner’s', async () => {
  const storage = await startWithAda();
  await storage.book(ada.organization).insert(ben);
  await storage.book(ada.organization).delete(ada.id, []);
  const atBens = { of: 'terminal', id: asBefore(ben).terminal, wrong: [1, 2], locks: 0 } as const;
  await storage
    .virtualizations(organization.id)
    .commit({ ended: [], begun: [], buckets: [atBens], record: refused });
  await takeBackTo('011');
  const again = await start();
  const extensions = again.book(ada.organization);
  expect(await extensions.load()).toEqual([asBefore(ben)]);
  expect((await again.virtualizations(organization.id).load()).buckets).toEqual([atBens]);
  const newcomer = { ...ada, id: extensionId('c'), terminal: terminalId('phone-c') };
  await extensions.insert(newcomer);
  expect(await extensions.load()).toEqual([newcomer, asBefore(ben)]);
});

/** A wrong code on Ben's phone. */
const refused: VirtualizationRecord = {
  ...{ at: 2, action: 'move', way: 'dialled', who: null, terminal: terminalId(ben.id), asked: '101' },
  ...{ extension: null, previousGuest: null, result: 'wrong-code', endings: [] },
};

/** As a Perch without terminal ids has stored it. */
const asBefore = (extension: StoredExtension): StoredExtension => ({
  ...extension,
  terminal: terminalId(extension.id),
});

/** Closes the storage, and takes `perch.db` back to before that migration; then changes it. */
async function takeBackTo(migration: string, change?: string): Promise<void> {
  for (const each of open.splice(0)) await each.close();
  const db = new Database<OrganizationSchema>(join(folder, 'perch.db'), 'crash');
  forgetMigrationsSince(db, migration);
  if (change !== undefined) db.run({ compile: () => sql.raw(change).compile(db.sql) });
  db.close();
}

test('stays at desks from before they were kept are made of the records, those under way too', async () => {
  const storage = await startWithAda();
  const desk = {
    ...ben,
    id: extensionId('desk'),
    terminal: terminalId('phone-desk'),
    number: extensionNumber('201'),
  };
  await storage.book(organization.id).insert(ben);
  await storage.book(organization.id).insert(desk);
  const stay = (virtual: ExtensionId, since: number) =>
    ({ virtual, base: desk.id, since, by: 'dialled' }) as const;
  const commit = (change: Partial<StoredChange>, record: Partial<VirtualizationRecord>) =>
    storage.virtualizations(organization.id).commit({
      ...{ ended: [], begun: [], buckets: [], ...change },
      record: { ...refused, result: 'accepted', ...record },
    });
  await commit({ begun: [stay(ada.id, 1)] }, { at: 1, extension: ada.id });
  const endings = [{ virtualization: stay(ada.id, 1), endedBy: 'replaced' as const }];
  await commit({ ended: [stay(ada.id, 1)], begun: [stay(ben.id, 5)] }, { at: 5, extension: ben.id, endings });
  const kept = (await storage.stays(organization.id).page({}, 9)).records;
  expect(kept).toMatchObject([
    { extension: { number: ben.number }, from: 5, until: null },
    { extension: { number: ada.number }, from: 1, until: 5, endedBy: 'replaced' },
  ]);
  await takeBackTo('020');
  const made = (await (await start()).stays(organization.id).page({}, 9)).records;
  // Whose coming had ended it was not looked up then.
  expect(made).toEqual(kept.map((one) => ({ ...one, ender: null })));
});

test('administrators from before people had roles keep password and session; the first of them operates the server', async () => {
  const storage = await startWithAda();
  const theirs = { ...organization, id: organizationId('p'), domain: 'second.test' };
  const second = { ...administrator, id: 'second', organization: theirs.id, email: 'boss@second.test' };
  await storage.organizations.create(theirs, second);
  const session = { hash: Buffer.from('s'), person: second.id, openedAt: 1, expiresAt: 1000, provided: null };
  await storage.people.openSession({ ...session, browser: null, address: null, heardAt: 1 });
  await takeBackTo('013');
  const { people } = await start();
  expect(await people.byEmail(administrator.email)).toEqual([administrator]);
  const only = { ...second, roles: ['administrator'] };
  expect(await people.byEmail(second.email)).toEqual([only]);
  expect(await people.session(session.hash, 2)).toMatchObject({ session, person: only });
});

test.for([
  [[1, 2], { wrong: [{ at: 1 }, { at: 2 }], locks: 0, lockedUntil: 0 }],
  [[1, 2, 3, 4, 5], { wrong: [], locks: 1, lockedUntil: 5 + 15 * 60_000 }],
])('wrong PINs of a mailbox from before its locks grew count on: %j', async ([stored, pinGuesses]) => {
  const storage = await startWithAda();
  const greeting = { id: recordingId('greeting'), durationMs: 1, at: 1 };
  const mailbox = { extension: ada.id, greeting };
  await storage.mailboxes(organization.id).putMailbox({ ...mailbox, pinGuesses: NO_PIN_GUESSES });
  await takeBackTo('130', `UPDATE voicemail_mailboxes SET wrong_pins = '${JSON.stringify(stored)}'`);
  const again = await start();
  expect((await again.mailboxes(organization.id).load()).mailboxes).toEqual([{ ...mailbox, pinGuesses }]);
});

test('the file itself refuses to change or to remove an entry of the audit', async () => {
  const storage = await startWithAda();
  const entry = {
    position: 1,
    at: 1,
    who: 'ada',
    address: null,
    action: 'test',
    about: null,
    result: 'done',
  };
  await storage.audit.append(organization.id, () => ({ ...entry, before: null, after: null, seal: 's' }));
  for (const each of open.splice(0)) await each.close();
  const db = new Database<OrganizationSchema>(join(folder, 'perch.db'), 'crash');
  expect(() => db.run(db.sql.updateTable('audit').set({ who: 'eve' }))).toThrow(/never changed/);
  expect(() => db.run(db.sql.deleteFrom('audit'))).toThrow(/never changed/);
  db.close();
});
