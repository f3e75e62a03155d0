import { FakeBookStore } from '../../src/exchange/book/support/fake-book-store.ts';
import type { BookStore } from '../../src/exchange/book/ports.ts';
import type { HelpCallStore } from '../../src/exchange/call/admission/help-call-store.ts';
import { FakeHelpCallStore } from '../../src/exchange/call/admission/support/fake-help-call-store.ts';
import type { StayTermStore } from '../../src/exchange/limits/stay-term-store.ts';
import { FakeStayTermStore } from '../../src/exchange/limits/support/fake-stay-term-store.ts';
import { FakeOwnStore } from '../../src/exchange/own/support/fake-own-store.ts';
import { FakeVirtualizationStore } from '../../src/exchange/support/fake-virtualization-store.ts';
import type { VirtualizationStore } from '../../src/exchange/virtualization-store.ts';
import type { MailboxStore, Recordings } from '../../src/exchange/voicemail/ports.ts';
import { FakeMailboxStore } from '../../src/exchange/voicemail/support/fake-mailbox-store.ts';
import { FakeRecordings } from '../../src/exchange/voicemail/support/fake-recordings.ts';
import { oggOpusHead } from '../../src/media/ogg/ogg-opus-writer.ts';
import type { StoredChange } from '../../src/exchange/virtualization/event.ts';
import type { CallStore } from '../../src/exchange/ports.ts';
import { CallFile, CallJournalOnDisk } from '../world/call-file.ts';
import type { Disk } from '../world/disk.ts';
import type { Life } from '../world/life.ts';
import type { Founded } from './organizations.ts';

/** What is on the disk of one organization, whichever process serves it. */
export class Storage {
  readonly disk: Disk;
  readonly calls = new CallFile();
  readonly virtualizations = new FakeVirtualizationStore();
  readonly mailboxes = new FakeMailboxStore();
  readonly ownThings = new FakeOwnStore();
  readonly #book: FakeBookStore;
  readonly #stayTerms = new FakeStayTermStore();
  readonly #helpCalls = new FakeHelpCallStore();
  #recordings = FakeRecordings.empty();
  #journal: CallJournalOnDisk | undefined;
  /** Is told of each change of who is where, as soon as it is on the disk. */
  moved: (change: StoredChange) => void = () => undefined;

  constructor({ extensions }: Founded, disk: Disk) {
    this.#book = new FakeBookStore(extensions);
    this.disk = disk;
  }

  get recordings(): FakeRecordings {
    return this.#recordings;
  }

  /** The process has been killed. */
  killed(): void {
    this.disk.cut();
    this.#journal?.killed();
  }

  callStore(life: Life): CallStore {
    this.#journal = new CallJournalOnDisk(this.calls, this.disk, life);
    return this.#journal;
  }

  book(life: Life): BookStore {
    const { disk } = this;
    const book = this.#book;
    return {
      load: () => disk.read(life, () => book.load()),
      insert: (extension) => disk.write(life, () => book.insert(extension)),
      update: (extension) => disk.write(life, () => book.update(extension)),
      delete: (id, changed) => disk.write(life, () => book.delete(id, changed)),
    };
  }

  virtualizationStore(life: Life): VirtualizationStore {
    const { disk, virtualizations } = this;
    return {
      load: () => disk.read(life, () => virtualizations.load()),
      commit: (change) =>
        disk.write(life, () => {
          this.moved(change);
          return virtualizations.commit(change);
        }),
      records: (about, limit) => virtualizations.records(about, limit),
    };
  }

  stayTerms(life: Life): StayTermStore {
    const { disk } = this;
    const terms = this.#stayTerms;
    return {
      load: () => disk.read(life, () => terms.load()),
      keep: (term) => disk.write(life, () => terms.keep(term)),
      lastCallEnd: (extension, terminal, since) =>
        disk.read(life, () => terms.lastCallEnd(extension, terminal, since)),
    };
  }

  helpCalls(life: Life): HelpCallStore {
    const { disk } = this;
    const calls = this.#helpCalls;
    return {
      load: () => disk.read(life, () => calls.load()),
      keep: (noted, forgetBefore) => disk.write(life, () => calls.keep(noted, forgetBefore)),
    };
  }

  mailboxStore(life: Life): MailboxStore {
    const { disk, mailboxes } = this;
    return {
      load: () => disk.read(life, () => mailboxes.load()),
      insert: (message, mailTo) => disk.write(life, () => mailboxes.insert(message, mailTo)),
      update: (message) => disk.write(life, () => mailboxes.update(message)),
      remove: (ids) => disk.write(life, () => mailboxes.remove(ids)),
      putMailbox: (mailbox) => disk.write(life, () => mailboxes.putMailbox(mailbox)),
    };
  }

  recordingsOf(life: Life): Recordings {
    const { disk } = this;
    // Files that a process had begun when it was killed are as they were then.
    const files = (this.#recordings = this.#recordings.afterCrash());
    return {
      hasRoom: async () => disk.condition !== 'full',
      begin: async (label) => {
        const file = await disk.write(life, () => files.begin(label));
        if (!life.isOver) file.write(oggOpusHead([label.id]));
        return {
          write: (octets) => !life.does('write') || file.write(octets),
          keep: () => disk.write(life, () => file.keep()),
          discard: () => disk.write(life, () => file.discard()),
        };
      },
      read: (id) => disk.read(life, () => files.read(id)),
      delete: (id) => disk.write(life, () => files.delete(id)),
      salvage: (known) => disk.read(life, () => files.salvage(known)),
    };
  }
}
