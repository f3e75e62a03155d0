import type { CallAttempt, NamedThen, RecordedParty } from '@perch/shared';
import type { State, Talking } from '../machines/call-state.ts';
import { isPerson } from '../ports.ts';
import { type CallAccount, type Describe, type Happening, newAccount, type Side } from './account.ts';
import { ended } from './ending.ts';
import { attemptEnd, ringingParty, transferrer } from './ringing-attempts.ts';
import { counted, isSame, opened, replaced, SIDES } from './talking-legs.ts';

const partyOf = ({ extension, number, name, terminal, desk, withheld }: RecordedParty): RecordedParty => ({
  ...{ extension, number, name, terminal, desk },
  ...(withheld && { withheld }),
});

/** How the caller and the callee came into the call. */
const CALLED = ['called', 'answered'] as const;
const JOINED = ['joined', 'joined'] as const;

interface Beginning extends Pick<CallAccount, 'dialled' | 'startedAt'> {
  /** Where two talk already. */
  readonly answeredAt?: number;
  readonly transferredFrom?: string | null;
  /** Extensions by way of which it has come where it rings. */
  readonly hops?: readonly CallAttempt[];
}

/** A call begins: it rings, or two talk already: after a restart, or where another call was divided, `transferredFrom`. */
export function begun(
  state: State,
  { dialled, startedAt, answeredAt = startedAt, transferredFrom = null, hops = [] }: Beginning,
  describe: Describe,
): CallAccount {
  const { parties } = state;
  const isCalling = isPerson(parties.caller);
  const from = describe(isCalling ? parties.caller : parties.callee);
  const to = describe(isCalling ? parties.callee : parties.caller);
  const callee = hops[0] === undefined ? to : partyOf(hops[0]);
  const account = newAccount({ startedAt, dialled, caller: from, callee, attempts: hops, transferredFrom });
  if (state.kind === 'ringing') return rings(account, to, null, startedAt, hops.length > 0);
  const joined = transferredFrom === null ? CALLED : JOINED;
  return opened({ ...account, answeredAt }, answeredAt, parties, joined, describe);
}

/**
 * The account of a call that is taken up after a restart: what rang for it then does not ring any more, and one that was stored at its answer
 * does not have yet that two talk.
 */
export function resumed(stored: CallAccount, { parties }: State, describe: Describe): CallAccount {
  const account = rungUntilStored(stored);
  if (account.legs.length > 0) return account;
  return opened(account, account.answeredAt ?? account.countedAt, parties, CALLED, describe);
}

/** Until when it rang is not known: that it rang until it was last noted is. */
function rungUntilStored(account: CallAccount): CallAccount {
  const { ringing, attempts, countedAt } = account;
  const attempt = ringing === null ? undefined : attempts[ringing];
  if (ringing === null || attempt === undefined) return account;
  const endedAt = Math.max(attempt.endedAt, attempt.rangAt ?? 0, countedAt);
  return { ...account, attempts: attempts.with(ringing, { ...attempt, endedAt }), ringing: null };
}

/** A call that could not ring anyone; `attempts` tell why, where the number is somebody's. */
export function refused(
  { dialled, startedAt }: Pick<CallAccount, 'dialled' | 'startedAt'>,
  caller: RecordedParty,
  attempts: readonly CallAttempt[],
): CallAccount {
  const callee = attempts[0] === undefined ? null : partyOf(attempts[0]);
  return newAccount({ startedAt, dialled, caller, callee, attempts });
}

/** Can that event change anything in the account? Most cannot. */
export const isNoted = (before: State, event: Happening['event'], after: State): boolean =>
  before !== after || isProgress(event);

const isProgress = (event: Happening['event']): boolean =>
  event.kind === 'said' && event.event.kind === 'progress';

/** The account after that event. */
export function follow(account: CallAccount, happening: Happening, describe: Describe): CallAccount {
  const { before, event, after, now } = happening;
  const heard = isProgress(event) ? rang(account, now) : account;
  if (before === after) return heard;
  const rung = followRinging(heard, happening, describe);
  const talked = followTalking(rung, happening, describe);
  return after.kind === 'over' ? ended(talked, happening) : talked;
}

function rang(account: CallAccount, now: number): CallAccount {
  const { ringing, attempts } = account;
  const attempt = ringing === null ? undefined : attempts[ringing];
  if (attempt === undefined || attempt.rangAt !== null) return account;
  return { ...account, attempts: attempts.with(ringing as number, { ...attempt, rangAt: now }) };
}

function rings(
  account: CallAccount,
  party: RecordedParty,
  by: NamedThen | null,
  at: number,
  isForwarded = false,
): CallAccount {
  const { attempts } = account;
  const attempt = newAttempt(party, by, at);
  return {
    ...account,
    callee: by === null && !isForwarded ? party : account.callee,
    attempts: attempts.length === 0 ? [attempt] : [...attempts, attempt],
    ringing: attempts.length,
  };
}

/** Written out without spreads: this is a hot path. */
const newAttempt = (party: RecordedParty, by: NamedThen | null, at: number): CallAttempt => ({
  extension: party.extension,
  number: party.number,
  name: party.name,
  terminal: party.terminal,
  desk: party.desk,
  at,
  rangAt: null,
  endedAt: at,
  result: 'cancelled',
  by,
  occupant: null,
});

function followRinging(
  account: CallAccount,
  { before, event, after, now }: Happening,
  describe: Describe,
): CallAccount {
  const [was, is] = [ringingParty(before), ringingParty(after)];
  let next = gone(account, event);
  if (was === is) return next;
  const attempt = account.ringing === null ? undefined : account.attempts[account.ringing];
  if (attempt !== undefined && account.ringing !== null) {
    const result = attemptEnd(before, event, attempt.desk !== null);
    next = {
      ...next,
      attempts: next.attempts.with(account.ringing, { ...attempt, endedAt: now, result }),
      ringing: null,
    };
  }
  if (is === null) return next;
  return rings(next, describe(is), transferrer(after, describe), now, event.kind === 'forwarded');
}

/** The call has gone on from the extension that rang last, by way of others. */
function gone(account: CallAccount, event: Happening['event']): CallAccount {
  if (event.kind === 'refer' && event.hops !== undefined)
    return { ...account, attempts: [...account.attempts, ...event.hops] };
  const { attempts } = account;
  const last = attempts.at(-1);
  if (event.kind !== 'forwarded' || event.number === null || last === undefined) return account;
  const left = attempts.with(-1, { ...last, forwarded: event.number });
  return { ...account, attempts: [...left, ...event.hops] };
}

function followTalking(account: CallAccount, happening: Happening, describe: Describe): CallAccount {
  const { before, after, now } = happening;
  if (after.kind === 'answering') return { ...account, answeredAt: now };
  if (after.kind === 'over' && before.kind === 'answering') return unanswered(account, happening);
  if (after.kind === 'talking' && before.kind === 'answering') {
    const start = account.answeredAt ?? now;
    return opened(account, start, after.parties, CALLED, describe);
  }
  if (before.kind !== 'talking') return account;
  if (after.kind !== 'talking') return counted(account, before, now);
  const isUnchanged =
    before.held === after.held && before.left === after.left && before.parties === after.parties;
  if (isUnchanged) return account;
  return SIDES.reduce(
    (next, side) =>
      isSame(before.parties[side], after.parties[side]) && !isBack(next, after, side)
        ? leftAlone(next, before, after, side, now)
        : replaced(next, { ...happening, before, after }, side, describe),
    counted(account, before, now),
  );
}

/** A side that had hung up has another leg by now. */
const isBack = ({ talking }: CallAccount, after: Talking, side: Side): boolean =>
  talking[side] === null && after.left !== after[side];

/** One side has hung up, while another leg is about to take its place. */
function leftAlone(
  account: CallAccount,
  before: Talking,
  after: Talking,
  side: Side,
  now: number,
): CallAccount {
  if (before.left === after.left || after.left !== after[side]) return account;
  const open = account.talking[side];
  const leg = open === null ? undefined : account.legs[open];
  if (leg === undefined || open === null) return account;
  return {
    ...account,
    legs: account.legs.with(open, { ...leg, until: now, left: 'hung-up' }),
    talking: { ...account.talking, [side]: null },
  };
}

/** The caller was gone before it could be told of the answer, or the callee before it could talk. */
function unanswered(account: CallAccount, { before, event }: Happening): CallAccount {
  const last = account.attempts.at(-1);
  if (last === undefined || before.kind !== 'answering') return account;
  const hasDeclined = event.kind === 'said' && event.leg === before.callee;
  const result = hasDeclined ? 'declined' : 'cancelled';
  const attempts = account.attempts.with(-1, { ...last, result });
  return { ...account, answeredAt: null, attempts };
}
