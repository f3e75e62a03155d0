import type {
  CallRecord,
  CallResult,
  DeskStay,
  ExtensionId,
  NamedThen,
  OrganizationId,
  Sums,
  TerminalId,
} from '@perch/shared';
import type { Claimant } from '../exchange/call/records/claim.ts';
import type { VirtualizationRecord } from '../exchange/virtualization/record.ts';

/** Of that time (milliseconds since 1970-01-01 UTC): the first instant, and the first one no longer included. */
export interface Span {
  readonly from?: number;
  readonly until?: number;
}

/** Which virtualization records: those about the extension or the terminal (about anyone, where neither is given). */
export interface VirtualizationFilter extends Span {
  readonly extension?: ExtensionId;
  readonly terminal?: TerminalId;
}

/** Which calls; all that is given must hold. A call counts from its start. */
export interface CallFilter extends Span {
  /** One of these had to do with it: has made it, was to be rung, or talked. */
  readonly extensions?: readonly ExtensionId[];
  /** What is asked of the extensions was at that terminal. */
  readonly terminal?: TerminalId;
  /** They made it; or it was for them, or they joined it. */
  readonly direction?: 'made' | 'received';
  readonly result?: CallResult;
  /** It is in their history: no visit to a service, and not a call that they could never have taken. */
  readonly inHistory?: true;
  /** They have missed it; `unreturned`: and have not talked with the caller since. */
  readonly missed?: 'all' | 'unreturned';
}

/** Which stays at desks; all that is given must hold. A stay counts from its start. */
export interface StayFilter extends Span {
  /** One of these was the guest. */
  readonly extensions?: readonly ExtensionId[];
  /** Whose desk it was. */
  readonly desk?: ExtensionId;
}

declare const brand: unique symbol;
/** Where a page ended; only its own list can read it. */
export type RecordCursor = string & { readonly [brand]: 'RecordCursor' };

export interface RecordPage<Row> {
  readonly records: readonly Row[];
  /** Where the next page begins; `null` after the last. */
  readonly next: RecordCursor | null;
}

/**
 * What has happened in one organization, the latest first, in pages of at most `size` records. Records that are written while someone
 * turns the pages appear on none of them: nothing is shown twice, and nothing is left out.
 */
export interface Records {
  calls(filter: CallFilter, size: number, after?: RecordCursor): Promise<RecordPage<CallRecord>>;
  virtualizations(
    filter: VirtualizationFilter,
    size: number,
    after?: RecordCursor,
  ): Promise<RecordPage<VirtualizationRecord>>;
}

/** Somebody says that they made a call at a desk before they came there, at `since`. */
export interface ClaimedCall {
  /** Its id. */
  readonly call: string;
  readonly desk: { readonly extension: ExtensionId; readonly terminal: TerminalId };
  readonly claimant: Claimant;
  readonly since: number;
  readonly at: number;
}

/** Calls of a desk that become somebody's (docs/statistics.md), in one organization. */
export interface Claims {
  /** @returns whether it could be claimed: its record and all sums are the claimant's then. */
  claim(claimed: ClaimedCall): Promise<boolean>;
}

/** Who was a guest at whose desk in one organization; pages as of `Records`. */
export interface DeskStays {
  page(filter: StayFilter, size: number, after?: RecordCursor): Promise<RecordPage<DeskStay>>;
  /** Where that extension was a guest at that instant; `undefined` where it was at home. */
  guestAt(extension: ExtensionId, at: number): Promise<DeskStay | undefined>;
  /** The guest at that extension's own phone. */
  guestHere(desk: ExtensionId, at: number): Promise<DeskStay | undefined>;
}

/** What calls add up to. */
export type CallSums = Omit<Sums, 'loggedInMs' | 'busyThereMs'>;

/** In this order where they are many: first those that count calls by what a call is marked with. */
export const CALL_SUMS = [
  ...['offered', 'handled', 'missed', 'declined', 'outgoing', 'internal', 'external', 'transferred', 'rung'],
  ...['talked', 'talkMs', 'holdMs', 'rungMs', 'longestMs'],
] as const satisfies readonly (keyof CallSums)[];

/** In which row the sums of whom are: those of everyone who is not known are in one more row, the last. */
export interface SumRows {
  /** The row is that of the extension, or that of the extension whose own terminal the call was at. */
  readonly by: 'extension' | 'terminal';
  /** Everyone who is known: their ids, those of their own terminals, and their rows. */
  readonly extensions: readonly string[];
  readonly terminals: readonly string[];
  readonly rows: Int32Array;
  /** How many rows there are, with the last. */
  readonly count: number;
}

/** Which calls are added up: those that began in one of these windows, which follow each other in time, and of these extensions only, where some are given. */
export interface SumsWanted {
  readonly organization: OrganizationId;
  readonly windows: readonly Required<Span>[];
  readonly extensions?: readonly ExtensionId[];
  readonly rows: SumRows;
}

/** What is shown of each day. No call counts as two of them. */
export const DAY_SUMS = [
  'handled',
  'missed',
  'declined',
  'outgoing',
] as const satisfies readonly (keyof CallSums)[];

/** What is added up of the calls of a row. */
export const ROW_SUMS = [...CALL_SUMS, 'busyThereMs'] as const satisfies readonly (keyof Sums)[];

/** The sums for each row, and for each window. */
export interface Added {
  /** One after the other for each row, in the order of `ROW_SUMS`. */
  readonly ofRows: Float64Array;
  /** For each row, whether it has any call: 1 or 0. */
  readonly hasCalls: Uint8Array;
  /** The same for each window, in the order of `DAY_SUMS`. */
  readonly ofWindows: Float64Array;
}

/** How long an extension was a guest at a terminal (milliseconds). */
export interface LoggedIn {
  readonly extension: string;
  readonly terminal: string;
  readonly ms: number;
}

/** An extension of today or of once. */
export interface Known extends NamedThen {
  readonly extension: string;
  /** Its own. */
  readonly terminal: string;
  readonly group: string | null;
}

/** What happened in one organization, added up. */
export interface Additions {
  calls(wanted: Omit<SumsWanted, 'organization'>): Promise<Added>;
  /** Within the windows; a stay that goes on counts until now. Of one extension at one terminal, several may be given. */
  loggedIn(wanted: Pick<SumsWanted, 'windows' | 'extensions'>): Promise<readonly LoggedIn[]>;
  /** Everyone whom the sums may be about. */
  everyone(): Promise<readonly Known[]>;
}

/** What has happened in one organization. */
export interface History {
  readonly calls: Pick<Records, 'calls'>;
  readonly moves: Pick<Records, 'virtualizations'>;
  readonly claims: Claims;
  readonly stays: DeskStays;
  readonly additions: Additions;
}
