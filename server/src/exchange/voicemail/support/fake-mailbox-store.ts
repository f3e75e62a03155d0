import type { ExtensionId, RecordingId } from '@perch/shared';
import { hasNoPinGuesses } from '../../../network/machines/pin-guesses.ts';
import type { MailboxStore, Message, StoredMailbox } from '../ports.ts';

/** A store in memory, whose disk a test can break or hold up. */
export class FakeMailboxStore implements MailboxStore {
  /** The mails in the outbox: the message, and where to. */
  readonly outbox = new Map<RecordingId, string>();
  /** While true, no change goes through. */
  broken = false;
  readonly #messages = new Map<RecordingId, Message>();
  readonly #mailboxes = new Map<ExtensionId, StoredMailbox>();
  #disk: Promise<void> = Promise.resolve();

  async load(): Promise<{ messages: readonly Message[]; mailboxes: readonly StoredMailbox[] }> {
    return { messages: [...this.#messages.values()], mailboxes: [...this.#mailboxes.values()] };
  }

  async insert(message: Message, mailTo: string | null): Promise<void> {
    await this.#write();
    if (this.#messages.has(message.id)) throw new Error('the message is there already');
    this.#messages.set(message.id, message);
    if (mailTo !== null) this.outbox.set(message.id, mailTo);
  }

  async update(message: Message): Promise<void> {
    await this.#write();
    const stored = this.#messages.get(message.id);
    if (!stored) return;
    const { heard, deletedAt } = message;
    this.#messages.set(message.id, { ...stored, heard, deletedAt });
  }

  async remove(messages: readonly RecordingId[]): Promise<void> {
    await this.#write();
    for (const id of messages) {
      this.#messages.delete(id);
      this.outbox.delete(id);
    }
  }

  async putMailbox(mailbox: StoredMailbox): Promise<void> {
    await this.#write();
    if (mailbox.greeting || !hasNoPinGuesses(mailbox.pinGuesses))
      this.#mailboxes.set(mailbox.extension, mailbox);
    else this.#mailboxes.delete(mailbox.extension);
  }

  /** Changes wait from now on until the returned function is called. */
  holdUp(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#disk = promise;
    return () => {
      resolve(undefined);
    };
  }

  async #write(): Promise<void> {
    await this.#disk;
    if (this.broken) throw new Error('the disk is broken');
  }
}
