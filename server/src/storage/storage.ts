import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OrganizationId } from '@perch/shared';
import type { CallStore } from '../exchange/ports.ts';
import type { MailboxStore } from '../exchange/voicemail/ports.ts';
import type { Outbox } from '../mail/ports.ts';
import type { VirtualizationStore } from '../exchange/virtualization-store.ts';
import type {
  AdministratorRepository,
  ExtensionRepository,
  OrganizationRepository,
  TerminalRepository,
} from '../management/ports.ts';
import { Administrators } from './administrators.ts';
import { CallJournal } from './calls/call-journal.ts';
import { journalMigrations } from './calls/migrations/index.ts';
import { prepareArchive, RecordArchive } from './calls/record-archive.ts';
import type { JournalSchema } from './calls/schema.ts';
import { Database, isDamage, UnusableData } from './database.ts';
import { Extensions } from './extensions.ts';
import { OrganizationMailboxes } from './mailboxes.ts';
import { MailOutbox } from './mail-outbox.ts';
import { organizationMigrations } from './migrations/index.ts';
import { Organizations } from './organizations.ts';
import type { OrganizationSchema } from './schema.ts';
import { Terminals } from './terminals.ts';
import { OrganizationVirtualizations } from './virtualizations.ts';

/** Hears of what went wrong with a file and did not stop anything. */
export type StorageTrouble = (file: 'calls.db' | 'records.db', error: unknown) => void;

export interface Storage {
  readonly organizations: OrganizationRepository;
  readonly extensions: ExtensionRepository;
  readonly terminals: TerminalRepository;
  readonly administrators: AdministratorRepository;
  virtualizations(organization: OrganizationId): VirtualizationStore;
  calls(organization: OrganizationId): CallStore;
  mailboxes(organization: OrganizationId): MailboxStore;
  /** Of all organizations together. */
  readonly outbox: Outbox;
  close(): Promise<void>;
}

/**
 * Opens, and where it is new makes, the data folder. Three files, by what each must survive:
 *
 * - `perch.db`, organizations, virtualizations and mailboxes: a power cut, at every commit;
 * - `calls.db`, the calls under way: `kill -9`, at every commit, and never a wait for the disk;
 * - `records.db`, the calls that ended: as `perch.db`, a few seconds later (until then they are in `calls.db`).
 *
 * @throws {UnusableData} where it cannot be used, with the reason.
 */
export async function openStorage(folder: string, trouble: StorageTrouble): Promise<Storage> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UnusableData(`The data folder ${folder} cannot be made: ${String(error)}`);
  }
  const path = (file: string) => join(folder, file);

  // First, because its lock is what keeps a second Perch out of the folder.
  const calls = await orSetAside(path('calls.db'), (error) => trouble('calls.db', error), openJournal);
  const main = await openOrganization(path('perch.db'));
  const lastArchived = await orSetAside(
    path('records.db'),
    (error) => trouble('records.db', error),
    prepareArchive,
  );
  const journal = new CallJournal(calls, lastArchived, (error) => trouble('calls.db', error));
  const archive = new RecordArchive(path('records.db'), journal, (error) => trouble('records.db', error));

  return {
    organizations: new Organizations(main),
    extensions: new Extensions(main),
    terminals: new Terminals(main),
    administrators: new Administrators(main),
    virtualizations: (organization) => new OrganizationVirtualizations(main, organization),
    calls: (organization) => journal.storeOf(organization),
    mailboxes: (organization) => new OrganizationMailboxes(main, organization),
    outbox: new MailOutbox(main),
    close: async () => {
      await archive.close();
      journal.close();
      main.close();
    },
  };
}

async function openOrganization(path: string): Promise<Database<OrganizationSchema>> {
  try {
    const db = new Database<OrganizationSchema>(path, 'power-cut');
    await db.migrate(organizationMigrations);
    return db;
  } catch (error) {
    if (isDamage(error)) throw new UnusableData(`${path} is damaged. Restore it from a backup.`);
    throw error;
  }
}

async function openJournal(path: string): Promise<Database<JournalSchema>> {
  const db = new Database<JournalSchema>(path, 'crash', { exclusive: true });
  await db.migrate(journalMigrations);
  return db;
}

/** Opens a file without which calls can go on: where it is damaged, it is moved aside and a new one begun. */
async function orSetAside<Result>(
  path: string,
  report: (error: unknown) => void,
  open: (path: string) => Promise<Result>,
): Promise<Result> {
  try {
    return await open(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    report(error);
    renameSync(path, `${path}.damaged-${Date.now()}`);
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
    return open(path);
  }
}
