import {
  type DepositReason,
  type ExtensionId,
  type ExtensionNumber,
  type Party as ShownParty,
  type TerminalId,
  WITHHELD,
} from '@perch/shared';
import type { Reason } from '../../sip/user-agent/leg.ts';
import type { Binding } from '../registrar/bindings.ts';

/** Where extensions are at this instant: the virtualization state, asked anew for every call. */
export interface Whereabouts {
  /** The terminal where calls to an extension ring; none where it is homeless. */
  terminalOf(extension: ExtensionId): TerminalId | undefined;
  /** Whose terminal an extension is on as a guest, and since when (milliseconds since 1970). */
  baseOf(extension: ExtensionId): { readonly extension: ExtensionId; readonly since: number } | undefined;
  /** The guest on a terminal. */
  guestOn(terminal: TerminalId): { readonly extension: ExtensionId; readonly since: number } | undefined;
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

/** The end of a call that is the server itself: a conference, a slot, a mailbox. */
export interface ServiceParty {
  readonly extension: null;
  readonly terminal: null;
  /** What the other side is shown, and what a record says was dialled. */
  readonly number: string;
  readonly name: string;
  readonly withheld?: never;
  /** Of a parking slot: which one it is, and who has parked the call. */
  readonly parked?: { readonly slot: string; readonly by: Party };
  /** Of a conference: its room, by which the calls of one conference are known. */
  readonly room?: string;
  /** Of a mailbox: whose it is, and why the call was not sent on to that extension. */
  readonly mailbox?: { readonly extension: ExtensionId; readonly reason: DepositReason };
}

/** Who is at one end of a call: an extension at a terminal, by one of its phones, or a service of the server. */
export type End = Party | ServiceParty;

export const isPerson = (end: End): end is Party => end.terminal !== null;

/** An extension at one end of a call, as it was when that end joined; it is never re-attributed. */
export interface Party {
  readonly extension: ExtensionId;
  readonly terminal: TerminalId;
  readonly number: ExtensionNumber;
  readonly name: string;
  /** The number and name are withheld from the other side (RFC 3323). */
  readonly withheld?: true;
  readonly parked?: never;
  readonly mailbox?: never;
}

/** An end as it is shown to the other one. */
export const shownToOthers = ({ number, name, withheld }: End): ShownParty =>
  withheld === true ? WITHHELD : { number, name };

/** Nothing changes on the terminal of an emergency call until this is released, once, when the call is over. */
export interface EmergencyHold {
  readonly terminal: TerminalId;
  readonly release: () => void;
}
