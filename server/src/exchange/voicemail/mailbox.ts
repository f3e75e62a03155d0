import type { ExtensionId, RecordingId } from '@perch/shared';
import { NO_PIN_GUESSES, type PinGuesses } from '../../network/machines/pin-guesses.ts';
import type { MessagesFrom } from '../contract/mailboxes.ts';
import type { Happened } from '../happenings.ts';
import type { Clock, Directory } from '../ports.ts';
import { type Place, Places } from './places.ts';
import {
  type Greeting,
  type MailboxStore,
  type Message,
  type Recordings,
  RESTORABLE_MS,
  SHORTEST_MESSAGE_MS,
  type StoredMailbox,
  type VoicemailJournal,
  type VoicemailLimits,
} from './ports.ts';

export interface MailboxPorts {
  readonly store: MailboxStore;
  readonly recordings: Recordings;
  readonly directory: Pick<Directory, 'byId'>;
  readonly clock: Clock;
  readonly limits: VoicemailLimits;
  readonly journal: VoicemailJournal;
  readonly happened: Happened;
}

/** The mailbox of one extension: what is kept in it, and the order of its changes. */
export class Mailbox {
  readonly #ports: MailboxPorts;
  readonly #extension: ExtensionId;
  readonly #places: Places;
  /** Newest first, deleted ones too. */
  #messages: readonly Message[] = [];
  #rest: StoredMailbox;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(ports: MailboxPorts, extension: ExtensionId) {
    this.#ports = ports;
    this.#extension = extension;
    this.#rest = { extension, greeting: null, pinGuesses: NO_PIN_GUESSES };
    this.#places = new Places(ports.clock, () => ports.limits.totalMs - totalMs(this.messages));
  }

  get messages(): readonly Message[] {
    return this.#messages.filter(({ deletedAt }) => deletedAt === null);
  }

  get greeting(): Greeting | null {
    return this.#rest.greeting;
  }

  get pinGuesses(): PinGuesses {
    return this.#rest.pinGuesses;
  }

  get roomMs(): number {
    return Math.max(0, this.#places.roomMs);
  }

  get isFull(): boolean {
    const count = this.messages.length + this.#places.count;
    return count >= this.#ports.limits.messages || this.roomMs < SHORTEST_MESSAGE_MS;
  }

  takePlace(): Place | undefined {
    return this.isFull ? undefined : this.#places.take();
  }

  /** Adds a stored message. */
  load(message: Message): void {
    this.#messages = withMessage(this.#messages, message);
  }

  /** Sets what else is stored. */
  loadRest(rest: StoredMailbox): void {
    this.#rest = rest;
  }

  async settled(): Promise<void> {
    await this.#lastTurn;
  }

  /** Releases `place` at the same moment: from then on the message itself takes up the room, so that it counts once. */
  keep(message: Message, place?: Place): Promise<boolean> {
    return this.#inTurn(async () => {
      const owner = this.#ports.directory.byId(this.#extension);
      if (!owner) {
        await this.#ports.recordings.delete(message.id);
        return false;
      }
      await this.#ports.store.insert(message, owner.voicemailMail);
      place?.release();
      this.#become(withMessage(this.#messages, message));
      return true;
    });
  }

  markHeard(id: RecordingId, heard: boolean): Promise<boolean> {
    return this.#update(id, (message) => (message.deletedAt === null ? { ...message, heard } : undefined));
  }

  delete(id: RecordingId): Promise<boolean> {
    return this.#update(id, (message) => ({
      ...message,
      deletedAt: message.deletedAt ?? this.#ports.clock.now(),
    }));
  }

  restore(id: RecordingId): Promise<boolean> {
    return this.#update(id, (message) =>
      this.#isBeyondRestoring(message) ? undefined : { ...message, deletedAt: null },
    );
  }

  setGreeting(greeting: Greeting | null): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.greeting;
      await this.#put({ ...this.#rest, greeting });
      this.#ports.happened({ kind: 'mailbox-changed', extension: this.#extension });
      if (before && before.id !== greeting?.id) await this.#deleteRecording(before.id);
    });
  }

  setPinGuesses(pinGuesses: PinGuesses): Promise<void> {
    return this.#inTurn(() => this.#put({ ...this.#rest, pinGuesses }));
  }

  /** Deletes the rows of missing recordings. */
  drop(missing: ReadonlySet<RecordingId>): Promise<void> {
    return this.#inTurn(async () => {
      await this.#remove(this.#messages.filter(({ id }) => missing.has(id)));
      if (this.greeting && missing.has(this.greeting.id)) await this.#put({ ...this.#rest, greeting: null });
    });
  }

  /** Deletes for good what can no longer be restored, or is past retention. */
  tidy(): Promise<void> {
    return this.#inTurn(async () => {
      const deleted = await this.#purge((message) => this.#isBeyondRestoring(message));
      if (deleted > 0) this.#ports.journal.removed(deleted, 'deleted');
      const expired = await this.#purge((message) => this.#isBeyondRetention(message));
      if (expired > 0) this.#ports.journal.removed(expired, 'expired');
    });
  }

  /** Deletes everything. */
  clear(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#purge(() => true);
      const greeting = this.greeting;
      await this.#put({ extension: this.#extension, greeting: null, pinGuesses: NO_PIN_GUESSES });
      if (greeting) await this.#deleteRecording(greeting.id);
    });
  }

  /** Deletes for good what a number has left in that time, also what could still be restored. */
  forgetFrom({ number, from, until }: MessagesFrom): Promise<void> {
    return this.#inTurn(async () => {
      await this.#purge(
        (message) => message.from.number === number && message.at >= from && message.at <= until,
      );
    });
  }

  #update(id: RecordingId, changed: (message: Message) => Message | undefined): Promise<boolean> {
    return this.#inTurn(async () => {
      const message = this.#messages.find((one) => one.id === id);
      const next = message && changed(message);
      if (!next) return false;
      if (next.heard === message.heard && next.deletedAt === message.deletedAt) return true;
      await this.#ports.store.update(next);
      this.#become(this.#messages.map((one) => (one.id === id ? next : one)));
      return true;
    });
  }

  /** Returns how many were deleted. Files are deleted before their rows, so that no start makes a row of a deleted one. */
  async #purge(isOver: (message: Message) => boolean): Promise<number> {
    const gone: Message[] = [];
    for (const message of this.#messages)
      if (isOver(message) && (await this.#deleteRecording(message.id))) gone.push(message);
    await this.#remove(gone);
    return gone.length;
  }

  async #remove(gone: readonly Message[]): Promise<void> {
    if (gone.length === 0) return;
    await this.#ports.store.remove(gone.map(({ id }) => id));
    this.#become(this.#messages.filter((message) => !gone.includes(message)));
  }

  /** `false` where it cannot be deleted now. */
  async #deleteRecording(id: RecordingId): Promise<boolean> {
    try {
      await this.#ports.recordings.delete(id);
      return true;
    } catch (error) {
      this.#ports.journal.failed(error);
      return false;
    }
  }

  async #put(rest: StoredMailbox): Promise<void> {
    await this.#ports.store.putMailbox(rest);
    this.#rest = rest;
  }

  #become(messages: readonly Message[]): void {
    this.#messages = messages;
    this.#places.review();
    this.#ports.happened({ kind: 'mailbox-changed', extension: this.#extension });
  }

  #isBeyondRestoring({ deletedAt }: Message): boolean {
    return deletedAt !== null && this.#ports.clock.now() >= deletedAt + RESTORABLE_MS;
  }

  #isBeyondRetention({ at }: Message): boolean {
    const { retentionMs } = this.#ports.limits;
    return retentionMs !== null && this.#ports.clock.now() >= at + retentionMs;
  }

  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const turn = this.#lastTurn.then(task);
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }
}

function totalMs(messages: readonly Message[]): number {
  return messages.reduce((total, { durationMs }) => total + durationMs, 0);
}

/** Newest first; of two that began at the same time, the one that was kept later is first. */
function withMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const older = messages.findIndex(({ at }) => at <= message.at);
  return messages.toSpliced(older < 0 ? messages.length : older, 0, message);
}
