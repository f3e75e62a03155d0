import type { ExtensionId, StayLimit, TerminalId } from '@perch/shared';
import type { Consequence } from './consequences.ts';
import type { Bucket } from './guessing.ts';
import type { Home, MoveRequest } from './policy.ts';
import type { VirtualizationRecord } from './record.ts';
import type { Change, Way } from './virtualization.ts';

interface Timed {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
}

/** `*30<number>`, or a move that the extension's own phone confirms, with what is recorded of it. */
export interface NumberDialled extends Timed, MoveRequest {
  /** The number as it was dialled. */
  readonly asked: string;
  readonly way: Way;
}

export interface OfExtension extends Timed {
  readonly extension: ExtensionId;
  /** The administrator, where one acts. */
  readonly who: string | null;
}

/** What may happen. */
export type Event =
  | ({ readonly kind: 'number-dialled' } & NumberDialled)
  | ({ readonly kind: 'code-entered'; readonly correct: boolean } & NumberDialled)
  /** A visit to the Center for a move ended without one. */
  | ({ readonly kind: 'visit-dropped' } & NumberDialled)
  /** `*30` alone, or the button that does the same. */
  | ({ readonly kind: 'return-asked'; readonly way: Way } & Home & Timed)
  | ({ readonly kind: 'undo-asked' } & Home & Timed)
  /** *Return to base*. `left`: the terminal where the extension is, if it is on another one. */
  | ({
      readonly kind: 'return-to-base';
      readonly way: Way;
      readonly left: TerminalId | undefined;
    } & OfExtension)
  /** Somebody who manages the floor moves the extension to the terminal of `to`, without its code. `left`: as above. */
  | ({
      readonly kind: 'sent';
      readonly to: Home;
      /** May extensions be moved onto that terminal, and may this one be moved? */
      readonly allowed: boolean;
      readonly left: TerminalId | undefined;
    } & OfExtension)
  /** A limit ends the stay that began then. `over`: its time is still over; `left`: the terminal; `home`: that of the guest. */
  | ({
      readonly kind: 'limit-reached';
      readonly extension: ExtensionId;
      readonly since: number;
      readonly limit: StayLimit;
      readonly over: boolean;
      readonly left: TerminalId | undefined;
      readonly home: TerminalId | undefined;
    } & Timed)
  | ({ readonly kind: 'suspended' | 'code-replaced' } & OfExtension)
  /** `terminal` is the home of the extension, where it is still known. */
  | ({ readonly kind: 'deleted' | 'lock-lifted'; readonly terminal: TerminalId | undefined } & OfExtension)
  /** *Allow virtualization* was switched off; a present guest returns, or stays. */
  | ({ readonly kind: 'disallowed'; readonly presentGuest: 'return' | 'stay' } & OfExtension);

/** What the person who asked is told. */
export type Answer =
  | { readonly kind: 'code-needed' | 'not-allowed' | 'nothing-to-return' | 'not-virtual' | 'occupied' }
  /** Also where the extension is locked out, suspended, unknown or without a code: the caller cannot tell. */
  | { readonly kind: 'wrong-code' }
  | { readonly kind: 'accepted' | 'already-here' | 'claimed' | 'returned'; readonly extension: ExtensionId }
  | { readonly kind: 'undone' | 'nothing-to-undo' | 'done' };

/** What a step asks of the world. */
export type Effect =
  /** All of it must be durable, in one transaction, before the new state is in force and anyone is told. */
  | { readonly kind: 'store'; readonly stored: StoredChange }
  | { readonly kind: 'changed'; readonly change: Change; readonly consequences: readonly Consequence[] }
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** An emergency call is on a terminal that this would change: try again when it has ended. */
  | { readonly kind: 'wait' };

/** What a step leaves behind for good. */
export interface StoredChange extends Change {
  /** The changed buckets, which replace the previous ones. */
  readonly buckets: readonly Bucket[];
  readonly record: VirtualizationRecord;
}
