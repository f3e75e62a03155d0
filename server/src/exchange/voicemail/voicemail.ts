import {
  type ExtensionId,
  type MessageCounts,
  recordingId,
  type RecordingId,
  type TerminalId,
} from '@perch/shared';
import type { Happened } from '../happenings.ts';
import type { Clock, Directory } from '../ports.ts';
import type { Chance } from '../../world/chance.ts';
import { KeptLimits } from './kept-limits.ts';
import { MailboxDesk } from './mailbox-desk.ts';
import { Mailboxes } from './mailboxes.ts';
import { PinDesk } from './pin-desk.ts';
import type { MailboxStore, Recordings, VoicemailJournal, VoicemailLimits, VoicemailPins } from './ports.ts';
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

/** The parts of voicemail. */
interface VoicemailRooms {
  readonly mailboxes: Mailboxes;
  readonly stays: Stays;
  readonly pins: PinDesk;
  readonly recordings: Recordings;
  readonly journal: VoicemailJournal;
  readonly newId: () => RecordingId;
}

interface VoicemailPorts extends VoicemailWorld {
  readonly directory: Directory;
  readonly where: Speakers;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly happened: Happened;
}

/** The voicemail of an organization: callers leave messages, owners listen to them, by phone or on their pages. */
export class Voicemail {
  /** The mailboxes as pages see them. */
  readonly desk: MailboxDesk;
  /** What the services by telephone share with it. */
  readonly rooms: VoicemailRooms;

  /** Resolves once messages that a crash interrupted are salvaged, and those past their time are deleted. */
  static async open(given: VoicemailPorts): Promise<Voicemail> {
    const limits = new KeptLimits(given.limits);
    const ports = { ...given, limits };
    return new Voicemail(ports, await Mailboxes.open(ports));
  }

  private constructor(ports: VoicemailPorts & { readonly limits: KeptLimits }, mailboxes: Mailboxes) {
    const { where, clock, chance, recordings, journal } = ports;
    const stays = new Stays(where, clock, ports.directory);
    const pins = new PinDesk({ ...ports, mailboxes });
    const newId = () => recordingId(chance.id());
    this.rooms = { mailboxes, stays, pins, recordings, journal, newId };
    this.desk = new MailboxDesk({ ...ports, ...this.rooms });
  }

  /** Other extensions may now speak through these terminals: visits of those that no longer do say goodbye and end. */
  moved(terminals: Iterable<TerminalId>): void {
    this.rooms.stays.moved(terminals);
  }

  /** An extension may have been suspended or deleted: visits to its mailbox say goodbye and end. */
  extensionChanged(): void {
    this.rooms.stays.review();
  }

  counts(extension: ExtensionId): MessageCounts {
    return this.rooms.mailboxes.counts(extension);
  }

  /** What the old PIN had opened is locked, and wrong ones no longer count. */
  pinReplaced(extension: ExtensionId): Promise<void> {
    return this.desk.pinReplaced(extension);
  }

  /** The extension was deleted: deletes everything that was left for it. */
  forget(extension: ExtensionId): Promise<void> {
    return this.rooms.mailboxes.forget(extension);
  }

  /** Resolves once every change that was asked for is durable. */
  close(): Promise<void> {
    return this.rooms.mailboxes.close();
  }
}
