import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage } from '../storage.ts';
import { UnusableData } from '../unusable-data.ts';
import { ApiTokens } from './people/api-tokens.ts';
import { Audit } from './audit/audit.ts';
import { CallJournal } from './calls/call-journal.ts';
import { journalMigrations } from './calls/migrations/index.ts';
import { prepareArchive, RecordArchive } from './calls/record-archive.ts';
import type { JournalSchema } from './calls/schema.ts';
import { DataFolderHealth, prepareDataFolder } from './data-folder.ts';
import type { Database } from './database.ts';
import { isDamage } from './errors.ts';
import { OrganizationDeskStays } from './moves/desk-stays.ts';
import { Identities } from './people/identities.ts';
import { openDatabase } from './open-database.ts';
import { OrganizationAdditions } from './additions.ts';
import { EndedStays } from './moves/ended-stays.ts';
import { OrganizationBook } from './book.ts';
import { HeldDatabases } from './held-databases.ts';
import { OrganizationMailboxes } from './mailboxes.ts';
import { MailOutbox } from './mail-outbox.ts';
import { organizationMigrations } from './migrations/index.ts';
import { Organizations } from './organizations.ts';
import type { OrganizationSchema } from './schema.ts';
import { PushSubscriptions } from './push-subscriptions.ts';
import { People } from './people/people.ts';
import { OrganizationOldThings } from './old-things.ts';
import { OrganizationHelpCalls } from './help-calls.ts';
import { OrganizationOwnThings } from './own-things.ts';
import { OrganizationRecords } from './records.ts';
import { OrganizationStayTerms } from './moves/stay-terms.ts';
import { Erasures } from './personal/erasures.ts';
import { OrganizationPersonalStore } from './personal/personal-store.ts';
import { SecondFactors } from './people/second-factors.ts';
import { Terminals } from './terminals.ts';
import type { Clock } from '../../world/clock.ts';
import type { World } from '../../world/world.ts';
import { Webhooks } from './webhooks/webhooks.ts';
import { prepareMoves } from './moves/move-statements.ts';
import { OrganizationVirtualizations } from './moves/virtualizations.ts';

/** Called for an error with a file that did not stop anything. */
export type StorageTrouble = (file: 'calls.db' | 'records.db', error: unknown) => void;

/**
 * Opens, and where it is new makes, the data folder. Three files, by what each must survive:
 *
 * - `perch.db`, organizations, virtualizations and mailboxes: a power cut, at every commit;
 * - `calls.db`, the calls under way: `kill -9`, at every commit, and never a wait for the disk;
 * - `records.db`, the calls that ended: as `perch.db`, a few seconds later (until then they are in `calls.db`).
 *
 * @throws {UnusableData} where it cannot be used, with the reason.
 */
export async function openStorage(folder: string, world: World, trouble: StorageTrouble): Promise<Storage> {
  const { clock, chance } = world;
  const notice = prepareDataFolder(folder, chance);
  const path = (file: string) => join(folder, file);
  const before = new Set(readdirSync(folder));
  const opened: { close(): void }[] = [];
  const keep = <Opened extends { close(): void }>(database: Opened): Opened => {
    opened.push(database);
    return database;
  };
  const openAll = async () => {
    // First, because its lock is what keeps a second Perch out of the folder.
    const calls = keep(
      await orSetAside(path('calls.db'), clock, (error) => trouble('calls.db', error), openJournal),
    );
    const main = keep(await openOrganization(path('perch.db')));
    const lastArchived = await orSetAside(
      path('records.db'),
      clock,
      (error) => trouble('records.db', error),
      prepareArchive,
    );
    return { calls, main, lastArchived };
  };
  const { calls, main, lastArchived } = await openAll().catch((error: unknown) => {
    for (const database of opened) database.close();
    // Half-made files would be taken for data at the next start.
    for (const name of readdirSync(folder)) if (!before.has(name)) rmSync(path(name));
    throw error;
  });
  const health = new DataFolderHealth(folder, world);
  const journal = new CallJournal(calls, lastArchived, clock, (error) => trouble('calls.db', error));
  const endedStays = new EndedStays(main);
  const archive = new RecordArchive(path('records.db'), journal, clock, (error) =>
    trouble('records.db', error),
  );

  const held = new HeldDatabases(main, archive);
  const audit = new Audit(main);
  const moves = prepareMoves(main);
  const erasures = new Erasures(
    main,
    (organization) => new OrganizationPersonalStore({ db: main, archive, audit, clock }, organization),
    async () => {
      await held.breakAll();
      await archive.clean();
      for (const database of [main, calls]) database.clean();
    },
  );
  return {
    organizations: new Organizations(main, clock),
    terminals: new Terminals(main),
    people: new People(main, clock),
    secondFactors: new SecondFactors(main, clock),
    identities: new Identities(main, clock),
    apiTokens: new ApiTokens(main),
    audit,
    book: (organization) => new OrganizationBook(main, organization, clock, audit),
    virtualizations: (organization) =>
      new OrganizationVirtualizations({ db: main, statements: moves, audit }, organization),
    stayTerms: (organization) =>
      new OrganizationStayTerms(main, new OrganizationRecords(main, archive, organization), organization),
    own: (organization) =>
      new OrganizationOwnThings(main, new OrganizationRecords(main, archive, organization), organization),
    helpCalls: (organization) => new OrganizationHelpCalls(main, organization),
    oldThings: (organization) => new OrganizationOldThings(main, archive, audit, organization),
    calls: (organization) => journal.storeOf(organization),
    records: (organization) => new OrganizationRecords(main, archive, organization),
    stays: (organization) => new OrganizationDeskStays(main, organization),
    additions: (organization) =>
      new OrganizationAdditions({ db: main, archive, endedStays, clock }, organization),
    mailboxes: (organization) => new OrganizationMailboxes(main, organization, clock),
    outbox: new MailOutbox(main),
    erasures,
    push: new PushSubscriptions(main),
    webhooks: new Webhooks(main, archive),
    notice,
    trouble: () => health.trouble(),
    hold: (broken) => held.hold(broken),
    close: async () => {
      await archive.close();
      journal.close();
      main.close();
    },
  };
}

async function openOrganization(path: string): Promise<Database<OrganizationSchema>> {
  try {
    return await openDatabase<OrganizationSchema>(path, 'power-cut', organizationMigrations);
  } catch (error) {
    if (isDamage(error)) throw new UnusableData(`${path} is damaged. Restore it from a backup.`);
    throw error;
  }
}

const openJournal = (path: string): Promise<Database<JournalSchema>> =>
  openDatabase<JournalSchema>(path, 'crash', journalMigrations);

/** Opens a file without which calls can go on: where it is damaged, it is moved aside and a new one begun. */
async function orSetAside<Result>(
  path: string,
  clock: Clock,
  report: (error: unknown) => void,
  open: (path: string) => Promise<Result>,
): Promise<Result> {
  try {
    return await open(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    report(error);
    renameSync(path, `${path}.damaged-${clock.now()}`);
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
    return open(path);
  }
}
