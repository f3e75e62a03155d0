import type { CallAttempt, CallLeg, NamedThen, RecordedParty } from '@perch/shared';
import type { Reason } from '../../../sip/user-agent/leg.ts';
import type { Event, Parties, State } from '../machines/call-state.ts';
import type { End } from '../ports.ts';

export type Side = keyof Parties;

/**
 * What the record of a call will say, as far as the call has come: derived step by step from its machine's own states, so that nothing is
 * noted twice. Values only, for it is stored with the call.
 */
export interface CallAccount {
  readonly startedAt: number;
  readonly dialled: string;
  readonly caller: RecordedParty;
  readonly callee: RecordedParty | null;
  readonly attempts: readonly CallAttempt[];
  /** Of those that are open, `until` and the times are as of `countedAt`. */
  readonly legs: readonly CallLeg[];
  /** The places in `attempts` and `legs` of what is under way. */
  readonly ringing: number | null;
  readonly talking: { readonly [side in Side]: number | null };
  readonly answeredAt: number | null;
  /** Until when talking and holding have been counted (milliseconds since 1970). */
  readonly countedAt: number;
  readonly talkMs: number;
  readonly holdMs: number;
  /** With the mailbox to which the call was sent on. */
  readonly mailboxMs: number;
  readonly endedBy: NamedThen | null;
  readonly reason: Reason | null;
  readonly transferredFrom: string | null;
  readonly transferredTo: string | null;
}

/** What is known of a call when it begins. */
type Beginning = Pick<CallAccount, 'startedAt' | 'dialled' | 'caller' | 'callee'> &
  Partial<Pick<CallAccount, 'attempts' | 'transferredFrom'>>;

/**
 * The account of a call that has just begun. Written out without spreads, and every other account is a copy of one: so all have one shape, for
 * which V8 keeps what it has compiled also while there are no calls.
 */
export const newAccount = ({
  startedAt,
  dialled,
  caller,
  callee,
  attempts = [],
  transferredFrom = null,
}: Beginning): CallAccount => ({
  startedAt,
  dialled,
  caller,
  callee,
  attempts,
  legs: [],
  ringing: null,
  talking: { caller: null, callee: null },
  answeredAt: null,
  countedAt: startedAt,
  talkMs: 0,
  holdMs: 0,
  mailboxMs: 0,
  endedBy: null,
  reason: null,
  transferredFrom,
  transferredTo: null,
});

/** An end of the call as it is at this instant: also at whose desk, and since when. */
export type Describe = (end: End) => RecordedParty;

/** One event of a call's machine, at that time (milliseconds since 1970). */
export interface Happening {
  readonly before: State;
  readonly event: Event;
  readonly after: State;
  readonly now: number;
}

/** The last time that stands in it (milliseconds since 1970), where nothing rings: nothing that comes later is before that. PURE. */
export const lastTimeIn = ({ attempts, countedAt }: CallAccount): number =>
  Math.max(countedAt, attempts.at(-1)?.endedAt ?? countedAt);

/** Does it name the extension, by its id or by its number, which may be another one's in a call that began after that time? PURE. */
export function names(account: CallAccount, extension: string, number: string, until: number): boolean {
  const text = JSON.stringify(account);
  return (
    text.includes(JSON.stringify(extension)) ||
    (account.startedAt <= until && text.includes(JSON.stringify(number)))
  );
}
