import {
  type CallId,
  type DepositReason,
  type ExtensionId,
  type ExtensionNumber,
  type Party as ShownParty,
  type TerminalId,
  type Utterance,
  WITHHELD,
} from '@perch/shared';
import type { InboundLeg, Reason } from '../../sip/user-agent/leg.ts';
import type { Extension } from '../ports.ts';
import type { Binding } from '../registrar/bindings.ts';

/** Where extensions are at this instant: the virtualization state, asked anew for every call. */
export interface Whereabouts {
  /** The terminal where calls to an extension ring; none where it is homeless. */
  terminalOf(extension: ExtensionId): TerminalId | undefined;
  /** The extension whose calls a terminal makes and takes; none where it is locked. */
  speaksFor(terminal: TerminalId): ExtensionId | undefined;
  /** An emergency call is on the terminal: nothing changes there until the returned function is called. */
  emergencyCallOn(terminal: TerminalId): () => void;
}

/** The registered phones of a terminal, including those in their grace period. */
export interface Phones {
  bindings(terminal: TerminalId): readonly Binding[];
}

/** How a call is turned away. */
export interface Refusal {
  readonly status: number;
  readonly reason: Reason;
}

/** Services where the server itself is the other side of `call`. Each takes the leg over, including `listen`. */
export interface Voice {
  /** The Virtualization Center (`*30…`): `number` is to be moved to the terminal; without one, an extension returns. */
  center(leg: InboundLeg, call: CallId, terminal: TerminalId, number: string | undefined): void;
  /** Answers a call from a terminal and lets the caller leave `callee` a message, shown as being from `from`. */
  mailbox(
    leg: InboundLeg,
    call: CallId,
    terminal: TerminalId,
    from: ShownParty,
    callee: Extension,
    reason: DepositReason,
  ): void;
  /** The extension that speaks through a terminal listens to its messages (`*97`). */
  voicemail(leg: InboundLeg, call: CallId, terminal: TerminalId): void;
  /** Says why there will be no call, then refuses it. */
  announce(leg: InboundLeg, utterance: Utterance, refusal: Refusal): void;
}

/** One side of a call, as it was when that side joined; it is never re-attributed. */
export interface Party {
  readonly extension: ExtensionId;
  readonly terminal: TerminalId;
  readonly number: ExtensionNumber;
  readonly name: string;
  /** The number and name are withheld from the other side (RFC 3323). */
  readonly withheld?: true;
}

/** A party as it is shown to the other side. */
export const shownToOthers = ({ number, name, withheld }: Party): ShownParty =>
  withheld === true ? WITHHELD : { number, name };
