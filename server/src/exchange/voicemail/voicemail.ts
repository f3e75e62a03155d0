import {
  type DepositReason,
  type ExtensionId,
  type MessageCounts,
  type Party,
  recordingId,
  type TerminalId,
  type VoicemailEvent,
} from '@perch/shared';
import type { MediaEngine } from '../../media/endpoint.ts';
import type { Flow } from '../../sip/transport/flow.ts';
import type { InboundLeg } from '../../sip/user-agent/leg.ts';
import type { Happened } from '../happenings.ts';
import type { Clock, Directory, Extension } from '../ports.ts';
import type { Chance } from '../../world/chance.ts';
import { Deposits } from '../services/mailbox/deposit/deposits.ts';
import { MailboxDesk } from './mailbox-desk.ts';
import { Mailboxes } from './mailboxes.ts';
import { PinDesk } from './pin-desk.ts';
import type { MailboxStore, Recordings, VoicemailJournal, VoicemailLimits, VoicemailPins } from './ports.ts';
import { Retrievals } from '../services/mailbox/retrieval/retrievals.ts';
import { type Speakers, Stays } from './stays.ts';

/** What voicemail needs of the world. */
export interface VoicemailWorld {
  readonly store: MailboxStore;
  readonly recordings: Recordings;
  readonly pins: VoicemailPins;
  readonly limits: VoicemailLimits;
  /** Can this server send mail at all? */
  readonly canMail: boolean;
  readonly journal: VoicemailJournal;
}

interface VoicemailPorts extends VoicemailWorld {
  readonly directory: Directory;
  readonly where: Speakers;
  readonly engine: MediaEngine;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly happened: Happened;
}

/** The voicemail of an organization: callers leave messages, owners listen to them, by phone or on their pages. */
export class Voicemail {
  /** The mailboxes as pages see them. */
  readonly desk: MailboxDesk;
  readonly #mailboxes: Mailboxes;
  readonly #deposits: Deposits;
  readonly #retrievals: Retrievals;
  readonly #stays: Stays;

  /** Resolves once messages that a crash interrupted are salvaged, and those past their time are deleted. */
  static async open(ports: VoicemailPorts): Promise<Voicemail> {
    return new Voicemail(ports, await Mailboxes.open(ports));
  }

  private constructor(ports: VoicemailPorts, mailboxes: Mailboxes) {
    const newId = () => recordingId(ports.chance.id());
    const stays = new Stays(ports.where, ports.clock);
    const parts = { ...ports, stays, mailboxes, newId };
    const pins = new PinDesk(parts);
    this.#stays = stays;
    this.#mailboxes = mailboxes;
    this.#deposits = new Deposits(parts);
    this.#retrievals = new Retrievals({ ...parts, pins });
    this.desk = new MailboxDesk({ ...parts, pins });
  }

  /** Takes the call over: `caller` leaves `callee` a message. */
  deposit(
    leg: InboundLeg,
    caller: Party,
    callee: Extension,
    reason: DepositReason,
    tell: (event: VoicemailEvent) => void,
  ): void {
    this.#deposits.receive(leg, caller, callee, reason, tell);
  }

  /** Takes the call over: the extension that speaks through the terminal listens (`*97`). */
  retrieve(leg: InboundLeg, terminal: TerminalId, tell: (event: VoicemailEvent) => void): void {
    this.#retrievals.receive(leg, terminal, tell);
  }

  /** Other extensions may now speak through these terminals: visits of those that no longer do say goodbye and end. */
  moved(terminals: Iterable<TerminalId>): void {
    this.#stays.moved(terminals);
  }

  /** An extension may have been suspended or deleted: visits to its mailbox say goodbye and end. */
  extensionChanged(): void {
    this.#retrievals.standingChanged();
  }

  /** The account of that terminal's flow may no longer be used: visits over it say goodbye and end. */
  flowBarred(flow: Flow, terminal: TerminalId): void {
    this.#retrievals.flowBarred(flow, terminal);
  }

  counts(extension: ExtensionId): MessageCounts {
    return this.#mailboxes.counts(extension);
  }

  /** The extension was deleted: deletes everything that was left for it. */
  forget(extension: ExtensionId): Promise<void> {
    return this.#mailboxes.forget(extension);
  }

  /** Resolves once every change that was asked for is durable. */
  close(): Promise<void> {
    return this.#mailboxes.close();
  }
}
