import {
  assertNever,
  type DepositReason,
  type MailboxVisit,
  type Party,
  type RecordingId,
  type VoicemailEvent,
} from '@perch/shared';
import type { Sound } from '../../../../media/playback/prompts.ts';
import type { Clock, Extension } from '../../../ports.ts';
import { partyOf } from '../../../pages/terminal-view.ts';
import type { Mailboxes } from '../../../voicemail/mailboxes.ts';
import type { Place } from '../../../voicemail/places.ts';
import {
  LONGEST_MESSAGE_MS,
  type Recordings,
  SHORTEST_MESSAGE_MS,
  type VoicemailJournal,
} from '../../../voicemail/ports.ts';
import type { Conversation, Line } from '../../dialogue-call.ts';
import { Draft } from './draft.ts';
import type { Greetings } from './greetings.ts';
import type { Obstacle, OwnEffect, OwnEvent } from './visit.ts';

export interface DepositPorts {
  readonly mailboxes: Mailboxes;
  readonly recordings: Recordings;
  readonly greetings: Greetings;
  readonly clock: Clock;
  readonly journal: VoicemailJournal;
  readonly newId: () => RecordingId;
}

interface DepositStart {
  readonly callee: Extension;
  readonly reason: DepositReason;
  /** The caller, as the message is to name them. */
  readonly from: Party;
  readonly tell: (event: VoicemailEvent) => void;
  /** The visit is over, and its result is durable: the message, if one was kept. */
  readonly closed: (message: MailboxVisit['message']) => void;
}

/** One caller's visit to an extension's mailbox: room for a message, the owner's greeting, the recording. */
export class Deposit implements Conversation<Party, OwnEffect, VoicemailEvent> {
  readonly sight: Party;
  readonly tell: (event: VoicemailEvent) => void;
  readonly #ports: DepositPorts;
  readonly #line: Line<OwnEvent>;
  readonly #start: DepositStart;
  #place: Place | undefined;
  #greeting: Sound | undefined;
  #draft: Draft | undefined;

  constructor(ports: DepositPorts, line: Line<OwnEvent>, start: DepositStart) {
    this.#ports = ports;
    this.#line = line;
    this.#start = start;
    this.sight = partyOf(start.callee);
    this.tell = start.tell;
  }

  closed(): void {
    this.#start.closed(this.#draft?.kept ?? null);
  }

  perform(effect: OwnEffect): void {
    switch (effect.kind) {
      case 'open':
        this.#later(this.#open());
        break;
      case 'greet':
        void this.#greet();
        break;
      case 'begin':
        this.#later(this.#begin());
        break;
      case 'record':
        this.#record();
        break;
      case 'finish':
        this.#later(this.#settle());
        break;
      case 'discard':
        void this.#draft?.discard();
        break;
      case 'outcome':
        this.#place?.release();
        this.#ports.journal.deposited(this.#start.callee.id, effect.outcome);
        break;
      default:
        assertNever(effect);
    }
  }

  #later(event: Promise<OwnEvent>): void {
    void event.then((one) => {
      this.#line.on(one);
    });
  }

  async #open(): Promise<OwnEvent> {
    const { mailboxes, recordings, greetings, journal } = this.#ports;
    const { callee } = this.#start;
    this.#place = mailboxes.takePlace(callee.id);
    if (!this.#place) return refused('mailbox-full');
    try {
      if (!(await recordings.hasRoom())) return refused('disk-full');
      this.#greeting = await greetings.of(callee.id, this.#line.endpoint.codec ?? 'opus', journal);
      return { kind: 'opened', greeting: this.#greeting ? 'own' : 'default' };
    } catch (error) {
      journal.failed(error);
      return refused('failed');
    }
  }

  async #greet(): Promise<void> {
    this.tell({ kind: 'greeting' });
    const said = await this.#line.say(this.#greeting ? [this.#greeting] : []);
    if (said !== 'overtaken') this.#line.on({ kind: 'spoken' });
  }

  async #begin(): Promise<OwnEvent> {
    const { mailboxes, clock, journal, newId } = this.#ports;
    const { from, callee, reason } = this.#start;
    // Other callers may have filled the mailbox while the greeting was played.
    if (mailboxes.roomMs(callee.id) < SHORTEST_MESSAGE_MS) return refused('mailbox-full');
    const at = clock.now();
    try {
      const label = { kind: 'message', id: newId(), extension: callee.id, from, at, reason } as const;
      this.#draft = await Draft.begin(this.#ports, label);
      return { kind: 'begun' };
    } catch (error) {
      journal.failed(error);
      return refused('failed');
    }
  }

  #record(): void {
    const { mailboxes, clock } = this.#ports;
    const longestMs = Math.min(LONGEST_MESSAGE_MS, mailboxes.roomMs(this.#start.callee.id));
    this.tell({ kind: 'recording', what: 'message', since: clock.now(), longestMs });
    this.#draft?.record(this.#line.endpoint, (end) => {
      this.#line.on({ kind: 'recorded', end });
    });
    this.#place?.begin(() => {
      this.#line.on({ kind: 'recorded', end: 'longest' });
    });
  }

  async #settle(): Promise<OwnEvent> {
    const settlement = await this.#draft?.keep(this.#place, () => !this.#line.isGone);
    return { kind: 'settled', settlement: settlement ?? 'failed' };
  }
}

function refused(obstacle: Obstacle): OwnEvent {
  return { kind: 'refused', obstacle };
}
