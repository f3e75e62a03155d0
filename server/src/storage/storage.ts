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
   * Copies the databases into a folder, in an order that keeps them whole: the records that `perch.db` knows of are all in `records.db`. `calls.db` is
   * left out, since nothing in it is of use but the records that have not been moved to `records.db` yet, and these are moved before.
   */
  copyInto(folder: string): Promise<void>;
  close(): Promise<void>;
}
