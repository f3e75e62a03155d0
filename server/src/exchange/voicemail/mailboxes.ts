import type { ExtensionId, MessageCounts, RecordingId } from '@perch/shared';
import { NO_PIN_GUESSES, type PinGuesses } from '../../network/machines/pin-guesses.ts';
import type { MessagesFrom } from '../contract/mailboxes.ts';
import { Mailbox, type MailboxPorts } from './mailbox.ts';
import type { Place } from './places.ts';
import type { Greeting, Message, SalvagedMessage } from './ports.ts';

/** How often messages past restoring or retention are deleted for good (milliseconds). */
const TIDYING_MS = 60 * 60_000;

/**
 * All mailboxes of one organization, in memory, and the one place where they change: first durable, then in force, then
 * announced, the changes of one mailbox in order. Where the store fails, the promise rejects and everything is as it was.
 */
export class Mailboxes {
  readonly #ports: MailboxPorts;
  readonly #mailboxes = new Map<ExtensionId, Mailbox>();
  #stopTidying: () => void = () => undefined;

  /** Starts from the store and from what a crash left of recordings, and deletes what is past its time. */
  static async open(ports: MailboxPorts): Promise<Mailboxes> {
    let isOpen = false; // until then no page has been told anything that could change
    const mailboxes = new Mailboxes({
      ...ports,
      happened: (happening) => {
        if (isOpen) ports.happened(happening);
      },
    });
    await mailboxes.#load();
    await mailboxes.#tidyNowAndThen();
    isOpen = true;
    return mailboxes;
  }

  private constructor(ports: MailboxPorts) {
    this.#ports = ports;
  }

  /** Resolves when every change that was asked for is durable, or has failed. */
  async close(): Promise<void> {
    this.#stopTidying();
    for (const mailbox of this.#mailboxes.values()) await mailbox.settled();
  }

  /** Newest first, without deleted ones. */
  messages(extension: ExtensionId): readonly Message[] {
    return this.#mailboxes.get(extension)?.messages ?? [];
  }

  counts(extension: ExtensionId): MessageCounts {
    const messages = this.messages(extension);
    const heard = messages.filter((message) => message.heard).length;
    return { new: messages.length - heard, heard };
  }

  /** Is there no place for one more message, counting those that are being left now? */
  isFull(extension: ExtensionId): boolean {
    return this.#of(extension).isFull;
  }

  /** How much more can be recorded (milliseconds), counting the messages that are being left now. */
  roomMs(extension: ExtensionId): number {
    return this.#of(extension).roomMs;
  }

  /** A place for a message that is about to be left; `undefined` where the mailbox is full. */
  takePlace(extension: ExtensionId): Place | undefined {
    return this.#of(extension).takePlace();
  }

  greeting(extension: ExtensionId): Greeting | null {
    return this.#mailboxes.get(extension)?.greeting ?? null;
  }

  /** The Ogg Opus file of a message or of the greeting; `undefined` where the mailbox has none of that id. */
  async recording(extension: ExtensionId, id: RecordingId): Promise<Buffer | undefined> {
    const isHere =
      this.greeting(extension)?.id === id || this.messages(extension).some((message) => message.id === id);
    return isHere ? this.#ports.recordings.read(id) : undefined;
  }

  /**
   * A message whose recording is kept, in the place that was taken for it; `false` where the extension has been deleted:
   * then the recording is deleted too.
   */
  keep(message: Message, place?: Place): Promise<boolean> {
    return this.#of(message.extension).keep(message, place);
  }

  /** `false` where there is no such message; so do the next two. */
  markHeard(extension: ExtensionId, id: RecordingId, heard: boolean): Promise<boolean> {
    return this.#of(extension).markHeard(id, heard);
  }

  /** It can be restored for `RESTORABLE_MS`. */
  delete(extension: ExtensionId, id: RecordingId): Promise<boolean> {
    return this.#of(extension).delete(id);
  }

  /** Also `false` where it is too late. A full mailbox takes it back all the same. */
  restore(extension: ExtensionId, id: RecordingId): Promise<boolean> {
    return this.#of(extension).restore(id);
  }

  /** A greeting whose recording is kept, or `null` for the spoken default; the file of the old one is deleted. */
  setGreeting(extension: ExtensionId, greeting: Greeting | null): Promise<void> {
    return this.#of(extension).setGreeting(greeting);
  }

  pinGuesses(extension: ExtensionId): PinGuesses {
    return this.#mailboxes.get(extension)?.pinGuesses ?? NO_PIN_GUESSES;
  }

  setPinGuesses(extension: ExtensionId, guesses: PinGuesses): Promise<void> {
    return this.#of(extension).setPinGuesses(guesses);
  }

  /** The extension was deleted: deletes everything that was left for it, recordings first. */
  async forget(extension: ExtensionId): Promise<void> {
    await this.#mailboxes.get(extension)?.clear();
    this.#mailboxes.delete(extension);
  }

  /** Deletes for good what a number has left for anybody in that time. */
  async forgetFrom(messages: MessagesFrom): Promise<void> {
    for (const mailbox of this.#mailboxes.values()) await mailbox.forgetFrom(messages);
  }

  #of(extension: ExtensionId): Mailbox {
    const known = this.#mailboxes.get(extension);
    if (known) return known;
    const mailbox = new Mailbox(this.#ports, extension);
    this.#mailboxes.set(extension, mailbox);
    return mailbox;
  }

  async #load(): Promise<void> {
    const { store, recordings, journal } = this.#ports;
    const { messages, mailboxes } = await store.load();
    const greetings = mailboxes.flatMap(({ greeting }) => greeting?.id ?? []);
    const salvage = await recordings
      .salvage(new Set([...messages.map(({ id }) => id), ...greetings]))
      .catch((error: unknown) => {
        // Calls must work without it, and the next start tries again.
        journal.failed(error);
        return { messages: [], missing: [] };
      });
    for (const message of messages) this.#of(message.extension).load(message);
    for (const mailbox of mailboxes) this.#of(mailbox.extension).loadRest(mailbox);
    const missing = new Set(salvage.missing);
    for (const mailbox of this.#mailboxes.values()) await this.#attempt(() => mailbox.drop(missing));
    for (const salvaged of salvage.messages) await this.#attempt(() => this.#take(salvaged));
    for (const extension of [...this.#mailboxes.keys()])
      if (!this.#ports.directory.byId(extension)) await this.#attempt(() => this.forget(extension));
  }

  async #take({ label, durationMs }: SalvagedMessage): Promise<void> {
    const { id, extension, from, at, reason } = label;
    const kept = await this.keep({
      ...{ id, extension, from, at, reason },
      ...{ durationMs, heard: false, deletedAt: null },
    });
    if (kept) this.#ports.journal.deposited(extension, 'salvaged');
  }

  async #tidyNowAndThen(): Promise<void> {
    this.#stopTidying = this.#ports.clock.after(TIDYING_MS, () => void this.#tidyNowAndThen());
    for (const mailbox of this.#mailboxes.values()) await this.#attempt(() => mailbox.tidy());
  }

  /** Whatever fails is left as it is until the next start, or the next tidying. */
  async #attempt(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#ports.journal.failed(error);
    }
  }
}
