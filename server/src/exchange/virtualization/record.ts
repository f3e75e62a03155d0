import type { ExtensionId, StayLimit, TerminalId } from '@perch/shared';
import type { Virtualization, Way } from './virtualization.ts';

/** What was attempted or done. */
export type Action =
  | 'move'
  | 'return'
  | 'undo'
  | 'suspend'
  | 'delete'
  | 'disallow'
  | 'replace-code'
  | 'lift-lock';

export type Result =
  | 'accepted'
  | 'wrong-code'
  | 'not-allowed'
  | 'locked-out'
  | 'no-such-extension'
  /** The visit to the Center ended without a move: hung up, silent, or three wrong codes. */
  | 'dropped'
  /** There was nothing to return or to undo. */
  | 'nothing-to-do';

/** What ended a virtualization; the record that holds it says who did. */
export type EndedBy =
  /** The extension was moved on to another terminal. */
  | 'moved-on'
  /** Another guest came. */
  | 'replaced'
  /** The owner of the terminal dialled their own number there. */
  | 'claimed'
  | 'returned'
  | 'suspended'
  | 'deleted'
  | 'disallowed'
  | 'undone'
  | StayLimit;

export interface Ending {
  readonly virtualization: Virtualization;
  readonly endedBy: EndedBy;
}

/** One attempt or act, kept for good. It never contains the digits of a code. */
export interface VirtualizationRecord {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly action: Action;
  readonly way: Way;
  /** The administrator who did it, where one did. */
  readonly who: string | null;
  readonly terminal: TerminalId | null;
  /** The number asked for, as it was dialled after `*30`. */
  readonly asked: string | null;
  /** The extension that the act is about: the one moved, returned, suspended … */
  readonly extension: ExtensionId | null;
  /** The guest who was on the terminal before. */
  readonly previousGuest: ExtensionId | null;
  readonly result: Result;
  readonly endings: readonly Ending[];
}
