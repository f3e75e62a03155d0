import type {
  ExtensionId,
  MailboxAccess,
  MailboxView,
  MessageCounts,
  RecordingId,
  TerminalId,
} from '@perch/shared';
import type {
  GreetingBegun,
  MailboxRefusal as Refusal,
  MailboxVisitor as Visitor,
  MessagesFrom,
} from '../contract/mailboxes.ts';
import { oggOpusBody } from '../../media/ogg/ogg-opus-writer.ts';
import { FRAME_MS } from '../../media/codec/codec.ts';
import type { KeptLimits } from './kept-limits.ts';
import type { Clock, Directory, Extension } from '../ports.ts';
import { partyOf } from '../pages/terminal-view.ts';
import type { Mailboxes } from './mailboxes.ts';
import { messageView } from './message-view.ts';
import type { PinDesk } from './pin-desk.ts';
import { type Greeting, LONGEST_GREETING_MS, type Recordings, type VoicemailLimits } from './ports.ts';
import type { Stay, Stays } from './stays.ts';

const DAY_MS = 24 * 60 * 60_000;

interface MailboxDeskPorts {
  readonly directory: Directory;
  readonly stays: Stays;
  readonly mailboxes: Mailboxes;
  readonly recordings: Recordings;
  readonly pins: PinDesk;
  readonly limits: VoicemailLimits & Pick<KeptLimits, 'keepFor'>;
  /** Can this server send mail at all? */
  readonly canMail: boolean;
  readonly clock: Clock;
  readonly newId: () => RecordingId;
}

/** A visitor who may use the mailbox of `owner`, as long as that stay lasts. */
interface Admission {
  readonly stay: Stay;
  readonly owner: Extension;
}

/** For the pages of a terminal: the mailbox of the extension that speaks through it, which is looked up at each call. */
export class MailboxDesk {
  readonly #ports: MailboxDeskPorts;

  constructor(ports: MailboxDeskPorts) {
    this.#ports = ports;
  }

  /** The organization keeps messages for so many days; `null` for as long as the server does. */
  keepFor(days: number | null): void {
    this.#ports.limits.keepFor(days);
  }

  /** Deletes for good what a number has left for anybody in that time. */
  forgetFrom(messages: MessagesFrom): Promise<void> {
    return this.#ports.mailboxes.forgetFrom(messages);
  }

  view(at: Visitor): MailboxView | 'locked' {
    const admission = this.#speakerAt(at.terminal);
    if (!admission) return 'locked';
    const { mailboxes, pins, limits, canMail } = this.#ports;
    const { owner, stay } = admission;
    const access = this.#accessOf(at, stay);
    const isOpen = access === 'open';
    const greeting = isOpen ? mailboxes.greeting(owner.id) : null;
    return {
      extension: partyOf(owner),
      access,
      messages: isOpen ? mailboxes.messages(owner.id).map(messageView) : [],
      greeting: greeting && { durationMs: greeting.durationMs, at: greeting.at },
      hasPin: pins.has(owner.id),
      isOwn: this.ownerAt(at.terminal) !== undefined,
      mailTo: isOpen ? owner.voicemailMail : null,
      canMail,
      limits: { messages: limits.messages, ms: limits.totalMs, greetingMs: LONGEST_GREETING_MS },
      retentionDays: limits.retentionMs === null ? null : limits.retentionMs / DAY_MS,
    };
  }

  /** Also `wrong-pin` where too many were wrong lately, or the mailbox has none. */
  async unlock(at: Visitor, pin: string): Promise<'open' | 'wrong-pin' | 'locked'> {
    const before = this.#speakerAt(at.terminal);
    if (!before) return 'locked';
    const { pins } = this.#ports;
    const { stay, owner } = before;
    if (pins.accessOf(owner.id, at.terminal) === 'open') return 'open';
    const isRight = await pins.verify(owner.id, pin);
    if (!this.#stillSpeaks(at, stay)) return 'locked';
    if (!isRight) return 'wrong-pin';
    this.#ports.stays.unlock(stay, at.browser);
    return 'open';
  }

  /** The PIN was replaced: what the old one had opened is locked, and wrong ones no longer count. */
  async pinReplaced(extension: ExtensionId): Promise<void> {
    this.#ports.stays.shut(extension);
    await this.#ports.pins.replaced(extension);
  }

  /** An Ogg Opus file. */
  async recording(at: Visitor, message: RecordingId): Promise<Buffer | Refusal> {
    const admission = this.#admit(at);
    if (typeof admission === 'string') return admission;
    const file = await this.#ports.mailboxes.recording(admission.owner.id, message);
    if (!this.#stillSpeaks(at, admission.stay)) return 'locked';
    return file ?? 'not-found';
  }

  async markHeard(at: Visitor, message: RecordingId, heard: boolean): Promise<'done' | Refusal> {
    return this.#change(at, ({ id }) => this.#ports.mailboxes.markHeard(id, message, heard));
  }

  async delete(at: Visitor, message: RecordingId): Promise<'done' | Refusal> {
    return this.#change(at, ({ id }) => this.#ports.mailboxes.delete(id, message));
  }

  async restore(at: Visitor, message: RecordingId): Promise<'done' | Refusal> {
    return this.#change(at, ({ id }) => this.#ports.mailboxes.restore(id, message));
  }

  /** An Ogg Opus file. */
  async greeting(at: Visitor): Promise<Buffer | Refusal> {
    const admission = this.#admit(at);
    if (typeof admission === 'string') return admission;
    const greeting = this.#ports.mailboxes.greeting(admission.owner.id);
    return greeting ? this.recording(at, greeting.id) : 'not-found';
  }

  /** Is the visitor admitted, and is there room for a greeting? */
  async beginGreeting(at: Visitor): Promise<GreetingBegun | Refusal> {
    const admission = this.#admit(at);
    if (typeof admission === 'string') return admission;
    return (await this.#ports.recordings.hasRoom()) ? { stay: admission.stay.id } : 'disk-full';
  }

  /** Opus packets, of 20 ms each, become a greeting only if the stay in which it was begun lasts until they are kept. */
  async replaceGreeting(
    at: Visitor,
    begun: number,
    packets: readonly Uint8Array[],
  ): Promise<'done' | Refusal> {
    const admission = this.#admit(at);
    if (typeof admission === 'string') return admission;
    const { stay, owner } = admission;
    if (stay.id !== begun) return 'locked';
    const { mailboxes, recordings } = this.#ports;
    const greeting = await this.#keep(owner.id, packets);
    if (!this.#stillSpeaks(at, stay)) {
      await recordings.delete(greeting.id);
      return 'locked';
    }
    try {
      await mailboxes.setGreeting(owner.id, greeting);
    } catch (error) {
      await recordings.delete(greeting.id);
      throw error;
    }
    return 'done';
  }

  async removeGreeting(at: Visitor): Promise<'done' | Refusal> {
    return this.#change(at, async ({ id }) => {
      if (!this.#ports.mailboxes.greeting(id)) return false;
      await this.#ports.mailboxes.setGreeting(id, null);
      return true;
    });
  }

  /** Who may change PIN and mail address here: the owner, at home, of a personal phone. */
  ownerAt(terminal: TerminalId): ExtensionId | undefined {
    const owner = this.#speakerAt(terminal)?.owner;
    return owner?.terminal === terminal && owner.kind === 'person' ? owner.id : undefined;
  }

  counts(extension: ExtensionId): MessageCounts {
    return this.#ports.mailboxes.counts(extension);
  }

  async #change(
    at: Visitor,
    change: (owner: Extension) => Promise<boolean>,
  ): Promise<'done' | 'not-found' | Refusal> {
    const admission = this.#admit(at);
    if (typeof admission === 'string') return admission;
    return (await change(admission.owner)) ? 'done' : 'not-found';
  }

  /** May the visitor use the mailbox? If so, it counts as use. */
  #admit(at: Visitor): Admission | 'locked' | 'pin-needed' {
    const admission = this.#speakerAt(at.terminal);
    if (!admission) return 'locked';
    if (this.#accessOf(at, admission.stay) !== 'open') return 'pin-needed';
    this.#ports.stays.use(admission.stay, at.browser);
    return admission;
  }

  #speakerAt(terminal: TerminalId): Admission | undefined {
    const stay = this.#ports.stays.at(terminal);
    const owner = stay && this.#ports.directory.byId(stay.speaker);
    return owner && !owner.suspended ? { stay, owner } : undefined;
  }

  #accessOf({ terminal, browser }: Visitor, stay: Stay): MailboxAccess {
    const access = this.#ports.pins.accessOf(stay.speaker, terminal);
    return access === 'pin-needed' && this.#ports.stays.isUnlocked(stay, browser) ? 'open' : access;
  }

  /** Has the stay lasted without a break since it was looked up? */
  #stillSpeaks({ terminal }: Visitor, stay: Stay): boolean {
    return this.#speakerAt(terminal)?.stay === stay;
  }

  async #keep(extension: ExtensionId, packets: readonly Uint8Array[]): Promise<Greeting> {
    const { recordings, clock, newId } = this.#ports;
    const id = newId();
    const file = await recordings.begin({ kind: 'greeting', id, extension });
    file.write(oggOpusBody(packets));
    await file.keep();
    return { id, durationMs: packets.length * FRAME_MS, at: clock.now() };
  }
}
