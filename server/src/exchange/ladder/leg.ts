import type { CallId, TerminalId } from '@perch/shared';
import type { Extension } from '../ports.ts';
import type { Shelved } from './ladder-shelf.ts';

/** A message as it was received or sent, an octet string: read only when somebody looks. */
export interface KeptMessage {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Its number among all of the organization: clocks are not fine enough for an order. */
  readonly place: number;
  readonly isSent: boolean;
  readonly frame: string;
}

/** Where a message stands on the shelf. */
interface Mark {
  readonly at: number;
  readonly place: number;
  readonly isSent: boolean;
  readonly position: number;
  readonly length: number;
}

/** What is known of a leg when it begins, of which its first messages may not be kept for as long as others. */
export type Beginning = Pick<Leg, 'isCalling' | 'isWithheld'>;

export const CALLED: Beginning = { isCalling: false, isWithheld: false };
export const RESTORED: Beginning = { isCalling: undefined, isWithheld: true };

/** One leg: the messages with one Call-ID. */
export class Leg implements Shelved {
  readonly callId: string;
  /** Its number among all of the organization, by which a leg of no call is found. */
  readonly number: number;
  readonly startedAt: number;
  readonly calls: CallId[] = [];
  /** Did the phone call, rather than being called? Of a leg from before a restart, what comes first decides. */
  isCalling: boolean | undefined;
  /** Its phone has withheld its number (RFC 3323). Who has done so before a restart is not known: each may have. */
  readonly isWithheld: boolean;
  readonly marks: Mark[] = [];
  /** How many of its messages are not kept. */
  left = 0;
  /** Nothing more of it is to be kept: its person is to be forgotten. */
  isForgotten = false;
  terminal: TerminalId | undefined;
  /** Who spoke at the phone when the leg began, and whose phone it was. */
  extension: Extension | undefined;
  owner: Extension | undefined;
  lastAt: number;
  /** See `paidUntil`. */
  paid = 0;
  readonly #dropped: (leg: Leg) => void;

  constructor(
    callId: string,
    number: number,
    now: number,
    { isCalling, isWithheld }: Beginning,
    dropped: (leg: Leg) => void,
  ) {
    this.callId = callId;
    this.isCalling = isCalling;
    this.isWithheld = isWithheld;
    this.number = number;
    this.startedAt = this.lastAt = now;
    this.#dropped = dropped;
  }

  dropped(): void {
    this.#dropped(this);
  }
}

/** What is kept of a leg. */
export interface KeptLeg extends Pick<
  Leg,
  'callId' | 'number' | 'startedAt' | 'lastAt' | 'extension' | 'owner' | 'left' | 'isCalling' | 'isWithheld'
> {
  readonly calls: readonly CallId[];
  readonly messages: readonly KeptMessage[];
}
