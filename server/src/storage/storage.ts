import type { OrganizationId } from '@perch/shared';
import type { BookStore } from '../exchange/book/ports.ts';
import type { HelpCallStore } from '../exchange/call/admission/help-call-store.ts';
import type { StayTermStore } from '../exchange/limits/stay-term-store.ts';
import type { OwnStore } from '../exchange/own/ports.ts';
import type { CallStore } from '../exchange/ports.ts';
import type { Additions, Claims, DeskStays, Records } from '../records/ports.ts';
import type { VirtualizationStore } from '../exchange/virtualization-store.ts';
import type { MailboxStore } from '../exchange/voicemail/ports.ts';
import type { Outbox } from '../mail/ports.ts';
import type { ErasureStore } from '../personal/ports.ts';
import type { PushStore } from '../push/ports.ts';
import type { OldThings } from '../retention/ports.ts';
import type { WebhookStore } from '../webhooks/ports.ts';
import type { Repositories } from '../management/repositories.ts';

/** The databases of a server that goes on, while they are copied. */
export type HeldDatabase = 'perch.db' | 'records.db';

/** As long as it lasts, each file stays as it is, and its WAL only grows. */
export interface DatabaseHold {
  /** Everything that has been recorded until now is in `records.db` then: to be asked after `perch.db` was read, which may know of it. */
  archived(): Promise<void>;
  /**
   * Puts what is in the WAL into its place; the next change begins the WAL anew.
   * @returns how many pages the WAL had; `undefined` where somebody else holds the file, too: then nothing has happened.
   */
  checkpoint(database: HeldDatabase): Promise<number | undefined>;
  release(): Promise<void>;
}

/** Everything that is stored, by the ports of the rooms that need it. `sqlite/` is an adapter. */
export interface Storage extends Repositories {
  book(organization: OrganizationId): BookStore;
  virtualizations(organization: OrganizationId): VirtualizationStore;
  stayTerms(organization: OrganizationId): StayTermStore;
  own(organization: OrganizationId): OwnStore;
  helpCalls(organization: OrganizationId): HelpCallStore;
  oldThings(organization: OrganizationId): OldThings;
  calls(organization: OrganizationId): CallStore;
  records(organization: OrganizationId): Records & Claims;
  stays(organization: OrganizationId): DeskStays;
  additions(organization: OrganizationId): Additions;
  mailboxes(organization: OrganizationId): MailboxStore;
  /** The mail of all organizations. */
  readonly outbox: Outbox;
  /** What is held about people, and how they are erased. */
  readonly erasures: ErasureStore;
  /** The push messages of all organizations. */
  readonly push: PushStore;
  readonly webhooks: WebhookStore;
  /** A sentence where others can open the data folder. */
  readonly notice: string | undefined;
  /** What keeps changes from being written now, as a sentence. */
  trouble(): Promise<string | undefined>;
  /**
   * Keeps the files of `perch.db` and `records.db` such that another process can copy them, until the hold is released or broken. `calls.db` is not among
   * them: nothing in it is of use but the records that have not been moved to `records.db` yet.
   * @param broken called where the files can no longer be copied: somebody is erased, or the thread that writes `records.db` has died.
   */
  hold(broken: () => void): Promise<DatabaseHold>;
  close(): Promise<void>;
}
