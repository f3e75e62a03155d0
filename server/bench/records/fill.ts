import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  type AuditEntry,
  extensionId,
  extensionNumber,
  NO_FORWARDS,
  organizationId,
  type OrganizationId,
  terminalId,
} from '@perch/shared';
import { entryAfter } from '../../src/management/audit.ts';
import { slowHash } from '../../src/management/slow-hash.ts';
import { ArchiveKeys } from '../../src/storage/sqlite/calls/archive-keys.ts';
import { ArchiveWriter } from '../../src/storage/sqlite/calls/archive-writer.ts';
import { archiveMigrations } from '../../src/storage/sqlite/calls/migrations/index.ts';
import type { ArchiveSchema } from '../../src/storage/sqlite/calls/schema.ts';
import { CallSheets } from '../../src/storage/sqlite/calls/sums/call-sheets.ts';
import { json } from '../../src/storage/sqlite/columns.ts';
import { organizationMigrations } from '../../src/storage/sqlite/migrations/index.ts';
import { openDatabase } from '../../src/storage/sqlite/open-database.ts';
import { openStorage } from '../../src/storage/sqlite/open-storage.ts';
import type { OrganizationSchema } from '../../src/storage/sqlite/schema.ts';
import { systemWorld } from '../../src/world/world.ts';
import { history, type Somebody, type Wanted } from './history.ts';

export const ADMINISTRATOR = 'bench@perch.test';
/** Sees two groups. */
export const SUPERVISOR = 'supervisor@perch.test';
export const PASSWORD = 'a long bench password';
export const FIRST_NUMBER = 20_000;
/** People with an account, beside those two. */
const PEOPLE = 500;
/** Extensions of one group. */
const GROUP = 500;
const RECORDS_AT_A_TIME = 10_000;
const STAY_MS = 8 * 3_600_000;

/** How much has happened. */
export interface Size extends Wanted {
  readonly extensions: number;
  readonly stays: number;
}

/** Fills an empty data folder with an organization and its past. */
export async function fill(folder: string, size: Size, progress: (what: string) => void): Promise<void> {
  const organization = organizationId(randomUUID());
  const everyone = await hire(folder, organization, size.extensions);
  progress(`${String(everyone.length)} extensions`);
  const archive = await openDatabase<ArchiveSchema>(join(folder, 'records.db'), 'crash', archiveMigrations);
  const writer = new ArchiveWriter(archive, new ArchiveKeys(archive), new CallSheets(archive));
  let sequence = 0;
  const calls = history(everyone, size);
  for (let next = calls.next(); next.done !== true;)
    archive.transaction(() => {
      for (let count = 0; count < RECORDS_AT_A_TIME && next.done !== true; count++, next = calls.next())
        writer.write({ sequence: ++sequence, organization, record: next.value });
    });
  archive.close();
  progress(`${String(sequence)} records`);
  await seat(folder, organization, everyone, size);
  progress(`${String(size.stays)} stays`);
}

async function hire(
  folder: string,
  organization: ReturnType<typeof organizationId>,
  count: number,
): Promise<readonly Somebody[]> {
  const storage = await openStorage(folder, systemWorld, (file, error) => {
    throw new Error(`the bench's ${file} cannot be used`, { cause: error });
  });
  const passwordHash = await slowHash(PASSWORD, systemWorld.chance);
  await storage.organizations.create(
    { id: organization, name: 'Bench', domain: 'bench.perch.test', emergencyNumbers: [] },
    {
      ...{ id: randomUUID(), organization, email: ADMINISTRATOR, roles: ['administrator'] },
      ...{ extension: null, groups: null, language: null, passwordHash },
    },
  );
  await storage.people.insert({
    ...{ id: randomUUID(), organization, email: SUPERVISOR, roles: ['supervisor'] },
    ...{ extension: null, groups: ['Group 3', 'Group 7'], language: null, passwordHash },
  });
  for (let index = 0; index < PEOPLE; index++)
    await storage.people.insert({
      ...{ id: randomUUID(), organization, email: `person-${String(index)}@perch.test`, roles: ['owner'] },
      ...{ extension: null, groups: null, language: null, passwordHash },
    });
  const everyone: Somebody[] = [];
  for (let index = 0; index < count; index++) {
    const number = String(FIRST_NUMBER + index);
    const [id, terminal] = [extensionId(randomUUID()), terminalId(randomUUID())];
    await storage.book(organization).insert({
      ...{ id, terminal, organization, number: extensionNumber(number), name: `Bench ${number}` },
      ...{ kind: 'person', group: `Group ${String(Math.floor(index / GROUP))}` },
      place: null,
      callBack: null,
      language: null,
      doNotDisturb: false,
      forwards: NO_FORWARDS,
      plan: null,
      stayLimits: null,
      kiosk: true,
      ...{ allowVirtualization: true, suspended: false, hasSecretCode: false, secretCodeHash: null },
      ...{ hasVoicemailPin: false, voicemailPinHash: null, voicemailMail: null, digest: null },
    });
    everyone.push({ extension: id, terminal, number, name: `Bench ${number}` });
  }
  await storage.close();
  return everyone;
}

/** Everyone sits at others' desks, in turns, each time for a shift; what they dial is in the records and in the audit. */
async function seat(
  folder: string,
  organization: OrganizationId,
  everyone: readonly Somebody[],
  { stays, days, until }: Size,
): Promise<void> {
  const main = await openDatabase<OrganizationSchema>(
    join(folder, 'perch.db'),
    'crash',
    organizationMigrations,
  );
  const span = days * 86_400_000;
  let last: AuditEntry | undefined;
  const dialled = (guest: Somebody, desk: Somebody, at: number, action: 'move' | 'return'): void => {
    const deed = { move: 'takeOver', return: 'goHome' }[action];
    const noted = { who: desk.number, address: null, action: deed, about: guest.number, result: 'done' };
    last = entryAfter(last, organization, at, { ...noted, before: null, after: null });
    const facts = { before: json.write(last.before), after: json.write(last.after) };
    main.run(main.sql.insertInto('audit').values({ organization_id: organization, ...last, ...facts }));
    main.run(
      main.sql.insertInto('virtualization_records').values({
        ...{ organization_id: organization, at, action, way: 'dialled', who: null, asked: guest.number },
        ...{ terminal_id: desk.terminal, extension_id: guest.extension, previous_guest_id: null },
        ...{ result: 'accepted', endings: json.write([]) },
      }),
    );
  };
  main.transaction(() => {
    for (let index = 0; index < stays; index++) {
      const [guest, desk] = [everyone[index % everyone.length], everyone[(index * 7 + 1) % everyone.length]];
      if (guest === undefined || desk === undefined) continue;
      const since = until - span + Math.floor((index / stays) * span);
      main.run(
        main.sql.insertInto('desk_stays').values({
          ...{ organization_id: organization, extension_id: guest.extension, number: guest.number },
          ...{
            name: guest.name,
            desk_id: desk.extension,
            terminal_id: desk.terminal,
            desk_number: desk.number,
          },
          ...{ desk_name: desk.name, since, way: 'dialled', until: since + STAY_MS },
          ...{ ended_by: 'returned', ended_way: 'dialled', ender: null },
        }),
      );
      dialled(guest, desk, since, 'move');
      dialled(guest, desk, since + STAY_MS, 'return');
    }
    if (last === undefined) return;
    const head = { organization_id: organization, position: last.position, seal: last.seal };
    main.run(main.sql.insertInto('audit_heads').values(head));
  });
  main.close();
}
