import type { MailboxAccess, RecordingId, TerminalId } from '@perch/shared';
import type { Codec } from '../../../../media/codec/codec.ts';
import type { Sound } from '../../../../media/playback/prompts.ts';
import { readRecording } from '../../../../media/playback/recording.ts';
import type { Clock, Directory, Extension } from '../../../ports.ts';
import { partyOf } from '../../../pages/terminal-view.ts';
import type { Mailboxes } from '../../../voicemail/mailboxes.ts';
import type { PinDesk } from '../../../voicemail/pin-desk.ts';
import type { Greeting, Message, Recordings, VoicemailJournal } from '../../../voicemail/ports.ts';
import type { Speakers, Stay, Stays } from '../../../voicemail/stays.ts';
import { GreetingTake } from './greeting-take.ts';
import type { MailboxSight, Standing } from './visit.ts';

export interface OwnMailboxPorts {
  readonly directory: Directory;
  readonly mailboxes: Mailboxes;
  readonly recordings: Recordings;
  readonly pins: PinDesk;
  readonly where: Pick<Speakers, 'speaksFor'>;
  readonly stays: Stays;
  readonly clock: Clock;
  readonly journal: VoicemailJournal;
  readonly newId: () => RecordingId;
}

/**
 * A mailbox, for one visit of its owner. Whose it is and whether a PIN is needed are decided when the call begins; the visit ends
 * with the stay in which it began.
 */
export class OwnMailbox {
  readonly owner: Extension;
  readonly #ports: OwnMailboxPorts;
  readonly #access: MailboxAccess;
  readonly #terminal: TerminalId;
  readonly #stay: Stay | undefined;

  constructor(ports: OwnMailboxPorts, terminal: TerminalId, owner: Extension) {
    this.#ports = ports;
    this.owner = owner;
    this.#terminal = terminal;
    this.#stay = ports.stays.at(terminal);
    this.#access = ports.pins.accessOf(owner.id, terminal);
  }

  get sight(): MailboxSight {
    return {
      owner: partyOf(this.owner),
      access: this.#access,
      standing: this.#standing,
      messages: this.#ports.mailboxes.messages(this.owner.id),
    };
  }

  get #standing(): Standing {
    const { stays, where } = this.#ports;
    if (where.speaksFor(this.#terminal) !== this.owner.id) return 'left';
    return this.#isInService && stays.at(this.#terminal) === this.#stay ? 'open' : 'shut';
  }

  get #isInService(): boolean {
    return this.#ports.directory.byId(this.owner.id)?.suspended === false;
  }

  verify(pin: string): Promise<boolean> {
    return this.#ports.pins.verify(this.owner.id, pin);
  }

  /** Ready to be played; rejects where it is not there. */
  async soundOf({ id }: Message, codec: Codec['name']): Promise<Sound> {
    const file = await this.#ports.mailboxes.recording(this.owner.id, id);
    if (!file) throw new Error(`the message ${id} is not there any more`);
    return readRecording(file, codec);
  }

  async markHeard({ id }: Message): Promise<void> {
    await this.#ports.mailboxes.markHeard(this.owner.id, id, true);
  }

  /** Also succeeds if the message has been deleted for good elsewhere. */
  async delete({ id }: Message): Promise<void> {
    await this.#ports.mailboxes.delete(this.owner.id, id);
  }

  /** Prepares to record a greeting. */
  newTake(): GreetingTake {
    return new GreetingTake(this.#ports, this.owner.id);
  }

  /** A greeting that has been recorded, and is not in use yet. */
  async soundOfTake({ id }: Greeting, codec: Codec['name']): Promise<Sound> {
    return readRecording(await this.#ports.recordings.read(id), codec);
  }

  async useGreeting(greeting: Greeting): Promise<void> {
    if (!this.#isInService) throw new Error(`the mailbox ${this.owner.number} is no longer in use`);
    await this.#ports.mailboxes.setGreeting(this.owner.id, greeting);
  }

  /** The SIP URI of a number of this organization; `undefined` where the number is no longer in use. */
  uriOf(number: string): string | undefined {
    const { directory } = this.#ports;
    return directory.byNumber(number) && `sip:${number}@${directory.organization.domain}`;
  }

  visited(outcome: 'opened' | 'wrong-pin' | 'no-pin'): void {
    this.#ports.journal.visited(this.owner.id, outcome);
  }

  /** Reports an error of which the visitor is told in a sentence, or need not be told. */
  failed(error: unknown): void {
    this.#ports.journal.failed(error);
  }
}
