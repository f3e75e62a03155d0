import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extensionId, extensionNumber, organizationId } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type {
  StoredAdministrator,
  StoredBrowser,
  StoredEnrolment,
  StoredExtension,
} from '../management/ports.ts';
import { Database, UnusableData } from './database.ts';
import type { OrganizationSchema } from './schema.ts';
import { openStorage } from './storage.ts';
import type { Storage } from './storage.ts';
import { scratchFolder } from './scratch-folder.fixture.ts';
import { systemWorld } from '../world/world.ts';

const organization = {
  id: organizationId('o'),
  name: 'Demo',
  domain: 'demo.test',
  emergencyNumbers: ['112'],
};
const administrator: StoredAdministrator = {
  id: 'root',
  organization: organization.id,
  email: 'root@demo.test',
  passwordHash: '$argon2id$…',
};
const ada: StoredExtension = {
  id: extensionId('a'),
  organization: organization.id,
  number: extensionNumber('101'),
  name: 'Ada',
  kind: 'person',
  allowVirtualization: true,
  hasSecretCode: true,
  secretCodeHash: '$argon2id$…',
  hasVoicemailPin: true,
  voicemailPinHash: '$argon2id$pin…',
  voicemailMail: 'ada@demo.test',
  suspended: false,
  digest: { ha1Md5: 'm', ha1Sha256: 's' },
};
const hash = (text: string) => Buffer.from(text.padEnd(32));

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
  storage.organizations.create(organization, administrator);
  storage.extensions.insert(ada);
  return storage;
}

test('organizations, administrators and extensions are as they were after a restart', async () => {
  await startWithAda();
  const storage = await restart();
  expect(storage.organizations.all()).toEqual([organization]);
  expect(storage.administrators.byEmail('root@demo.test')).toEqual(administrator);
  expect(storage.extensions.all()).toEqual([ada]);
});

test('an organization without its administrator is never stored', async () => {
  const storage = await startWithAda();
  const second = { ...organization, id: organizationId('p'), domain: 'second.test' };
  expect(() => storage.organizations.create(second, administrator)).toThrow();
  expect(storage.organizations.all()).toEqual([organization]);
});

test('an extension changes as a whole', async () => {
  const storage = await startWithAda();
  const changed = {
    ...ada,
    name: 'Ada L.',
    suspended: true,
    hasSecretCode: false,
    secretCodeHash: null,
    hasVoicemailPin: false,
    voicemailPinHash: null,
    voicemailMail: null,
  };
  storage.extensions.update(changed);
  expect(storage.extensions.all()).toEqual([changed]);
});

test('a number is taken once, and free again after a deletion', async () => {
  const storage = await startWithAda();
  const other = { ...ada, id: extensionId('b') };
  expect(() => storage.extensions.insert(other)).toThrow(/UNIQUE/);
  storage.extensions.delete(ada.id);
  storage.extensions.insert(other);
  expect(storage.extensions.all()).toEqual([other]);
});

/** Ada's link, made by the administrator; good for two browsers. */
const link: StoredEnrolment = {
  hash: hash('link'),
  extension: ada.id,
  usesLeft: 2,
  expiresAt: 1000,
  madeAt: 0,
  madeBy: administrator.email,
};
const browser = (token: string): StoredBrowser => ({
  hash: hash(token),
  extension: ada.id,
  madeAt: 5,
  madeBy: administrator.email,
  browser: 'Mozilla/5.0',
  address: '192.0.2.7',
  heardAt: 5,
});

test('an enrolment has fewer uses left with each browser, over a restart', async () => {
  const { terminals } = await startWithAda();
  terminals.insertEnrolment(link);
  terminals.redeem(link.hash, browser('t1'));
  terminals.redeem(link.hash, browser('t2'));
  const again = (await restart()).terminals;
  expect(again.enrolment(link.hash)).toEqual({ ...link, usesLeft: 0 });
  expect(again.enrolment(hash('other'))).toBeUndefined();
  expect(again.browsers()).toEqual([browser('t1'), browser('t2')]);
});

test('open enrolments are those of the extension that can still be used', async () => {
  const { terminals } = await startWithAda();
  terminals.insertEnrolment(link);
  expect(terminals.openEnrolments(ada.id, 999)).toEqual([link]);
  expect(terminals.openEnrolments(ada.id, 1000)).toEqual([]);
  expect(terminals.openEnrolments(extensionId('b'), 0)).toEqual([]);
  terminals.redeem(link.hash, browser('t1'));
  terminals.redeem(link.hash, browser('t2'));
  expect(terminals.openEnrolments(ada.id, 0)).toEqual([]);
});

test('an enrolment that is past is forgotten after a month', async () => {
  const { terminals } = await startWithAda();
  terminals.insertEnrolment(link);
  const month = 30 * 86_400_000;
  terminals.insertEnrolment({ ...link, hash: hash('later'), madeAt: link.expiresAt + month - 1 });
  expect(terminals.enrolment(link.hash)).toBeDefined();
  terminals.insertEnrolment({ ...link, hash: hash('last'), madeAt: link.expiresAt + month });
  expect(terminals.enrolment(link.hash)).toBeUndefined();
});

test('when browsers were last heard is kept', async () => {
  const { terminals } = await startWithAda();
  terminals.insertEnrolment(link);
  terminals.redeem(link.hash, browser('t1'));
  terminals.noteHeard([{ hash: hash('t1'), address: '2001:db8::1', heardAt: 77 }]);
  expect((await restart()).terminals.browsers()).toEqual([
    { ...browser('t1'), address: '2001:db8::1', heardAt: 77 },
  ]);
});

test('a deleted extension takes its tokens and enrolments with it', async () => {
  const { extensions, terminals } = await startWithAda();
  terminals.insertEnrolment(link);
  terminals.redeem(link.hash, browser('t1'));
  extensions.delete(ada.id);
  expect(terminals.browsers()).toEqual([]);
  expect(terminals.enrolment(link.hash)).toBeUndefined();
});

test('a deleted extension leaves no secret and no address behind', async () => {
  const { extensions } = await startWithAda();
  extensions.delete(ada.id);
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

test('a revoked token stays revoked', async () => {
  const { terminals } = await startWithAda();
  terminals.insertEnrolment(link);
  terminals.redeem(link.hash, browser('t1'));
  terminals.deleteToken(hash('t1'));
  expect((await restart()).terminals.browsers()).toEqual([]);
});

test('a session lasts until it expires or is closed, over a restart', async () => {
  (await startWithAda()).administrators.openSession(hash('s'), administrator.id, 1000, 0);
  const { administrators } = await restart();
  expect(administrators.session(hash('s'), 999)).toEqual({ administrator, expiresAt: 1000 });
  expect(administrators.session(hash('s'), 1000)).toBeUndefined();
  administrators.closeSession(hash('s'));
  expect(administrators.session(hash('s'), 999)).toBeUndefined();
});

test('a second Perch on the same folder is told so', async () => {
  await start();
  await expect(openStorage(folder, systemWorld, () => undefined)).rejects.toThrow(/Another Perch is using/);
});

test('a folder that cannot be made is a sentence', async () => {
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
  storage.extensions.update({ ...ada, name: before });
  for (const each of open.splice(0)) await each.close();
  const db = new Database<{ kysely_migration: { name: string } }>(join(folder, 'perch.db'), 'crash');
  db.run(db.sql.deleteFrom('kysely_migration').where('name', '=', '010-tidy-names'));
  db.close();
  expect((await start()).extensions.all()).toEqual([{ ...ada, name: after }]);
});
