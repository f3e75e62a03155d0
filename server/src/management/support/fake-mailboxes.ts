import type {
  ExtensionId,
  MailboxView,
  MessageCounts,
  RecordingId,
  TerminalId,
  VoicemailMessage,
} from '@perch/shared';
import type { Directory } from '../../exchange/ports.ts';
import type {
  GreetingBegun,
  MailboxRefusal,
  MailboxVisitor,
  MessagesFrom,
} from '../../exchange/contract/mailboxes.ts';
import type { MailboxControl } from '../ports.ts';

interface FakeMessage {
  readonly view: VoicemailMessage;
  readonly sound: Buffer;
  readonly deleted: boolean;
}

/** For tests: one mailbox, which every terminal sees as its own, or as its guest's. */
export class FakeMailboxes implements MailboxControl {
  /** While true, all terminals are locked. */
  locked = false;
  /** Asked of every browser; `undefined`: the extension is at home. */
  pin: string | undefined;
  diskIsFull = false;
  /** Another one: who spoke here has left meanwhile. */
  stay = 1;
  /** Newest first. */
  messages: readonly FakeMessage[] = [];
  greetingPackets: readonly Uint8Array[] | undefined;
  /** The browsers that gave the PIN. */
  readonly unlocked = new Set<string>();
  /** How many PINs were tried. */
  tried = 0;
  readonly #directory: Directory;

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  receive(view: VoicemailMessage, sound: Buffer): void {
    this.messages = [{ view, sound, deleted: false }, ...this.messages];
  }

  async pinReplaced(): Promise<void> {
    this.unlocked.clear();
  }

  async view(at: MailboxVisitor): Promise<MailboxView | 'locked'> {
    const owner = this.#directory.byTerminal(at.terminal);
    if (this.locked || !owner) return 'locked';
    const open = this.#isOpenTo(at);
    return {
      extension: { number: owner.number, name: owner.name },
      access: open ? 'open' : 'pin-needed',
      messages: open ? this.messages.filter(({ deleted }) => !deleted).map(({ view }) => view) : [],
      greeting: this.greetingPackets ? { durationMs: this.greetingPackets.length * 20, at: 1 } : null,
      hasPin: owner.hasVoicemailPin,
      isOwn: this.#ownerAt(at.terminal) !== null,
      mailTo: open ? owner.voicemailMail : null,
      canMail: true,
      limits: { messages: 100, ms: 3_600_000, greetingMs: 60_000 },
      retentionDays: null,
    };
  }

  async unlock(at: MailboxVisitor, pin: string): Promise<'open' | 'wrong-pin' | 'locked'> {
    this.tried++;
    await Promise.resolve();
    if (this.locked) return 'locked';
    if (this.pin !== undefined && pin !== this.pin) return 'wrong-pin';
    this.unlocked.add(at.browser);
    return 'open';
  }

  async recording(at: MailboxVisitor, message: RecordingId): Promise<Uint8Array | MailboxRefusal> {
    return this.#refusal(at) ?? this.#find(message)?.sound ?? 'not-found';
  }

  async markHeard(at: MailboxVisitor, id: RecordingId, heard: boolean): Promise<'done' | MailboxRefusal> {
    return this.#change(at, id, (message) => ({ ...message, view: { ...message.view, heard } }));
  }

  async delete(at: MailboxVisitor, id: RecordingId): Promise<'done' | MailboxRefusal> {
    return this.#change(at, id, (message) => ({ ...message, deleted: true }));
  }

  async restore(at: MailboxVisitor, id: RecordingId): Promise<'done' | MailboxRefusal> {
    return this.#change(at, id, (message) => ({ ...message, deleted: false }));
  }

  async greeting(at: MailboxVisitor): Promise<Uint8Array | MailboxRefusal> {
    const { greetingPackets } = this;
    return this.#refusal(at) ?? (greetingPackets ? Buffer.concat(greetingPackets) : 'not-found');
  }

  async beginGreeting(at: MailboxVisitor): Promise<GreetingBegun | MailboxRefusal> {
    return this.#refusal(at) ?? (this.diskIsFull ? 'disk-full' : { stay: this.stay });
  }

  async replaceGreeting(
    at: MailboxVisitor,
    { stay }: GreetingBegun,
    packets: readonly Uint8Array[],
  ): Promise<'done' | MailboxRefusal> {
    const refusal = this.#refusal(at) ?? (stay === this.stay ? undefined : 'locked');
    if (refusal === undefined) this.greetingPackets = packets;
    return refusal ?? 'done';
  }

  async removeGreeting(at: MailboxVisitor): Promise<'done' | MailboxRefusal> {
    const refusal = this.#refusal(at) ?? (this.greetingPackets ? undefined : 'not-found');
    if (refusal === undefined) this.greetingPackets = undefined;
    return refusal ?? 'done';
  }

  async forgetFrom({ number }: MessagesFrom): Promise<'done'> {
    this.messages = this.messages.filter(({ view }) => view.from.number !== number);
    return 'done';
  }

  async ownerAt(terminal: TerminalId): Promise<ExtensionId | null> {
    return this.#ownerAt(terminal);
  }

  #ownerAt(terminal: TerminalId): ExtensionId | null {
    const owner = this.#directory.byTerminal(terminal);
    const isHome = !this.locked && this.pin === undefined;
    return isHome && owner?.kind === 'person' ? owner.id : null;
  }

  counts(): MessageCounts {
    const present = this.messages.filter(({ deleted }) => !deleted);
    const heard = present.filter(({ view }) => view.heard).length;
    return { new: present.length - heard, heard };
  }

  #isOpenTo({ browser }: MailboxVisitor): boolean {
    return this.pin === undefined || this.unlocked.has(browser);
  }

  #refusal(at: MailboxVisitor): MailboxRefusal | undefined {
    if (this.locked) return 'locked';
    return this.#isOpenTo(at) ? undefined : 'pin-needed';
  }

  #find(id: RecordingId): FakeMessage | undefined {
    return this.messages.find(({ view }) => view.id === id);
  }

  #change(
    at: MailboxVisitor,
    id: RecordingId,
    change: (message: FakeMessage) => FakeMessage,
  ): 'done' | MailboxRefusal {
    const refusal = this.#refusal(at) ?? (this.#find(id) ? undefined : 'not-found');
    if (refusal === undefined)
      this.messages = this.messages.map((one) => (one.view.id === id ? change(one) : one));
    return refusal ?? 'done';
  }
}
