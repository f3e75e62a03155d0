import type { CallLeg, RecordedParty } from '@perch/shared';
import type { Parties, Talking } from '../machines/call-state.ts';
import type { End } from '../ports.ts';
import type { CallAccount, Describe, Happening, Side } from './account.ts';
import { transferrer } from './ringing-attempts.ts';

export const SIDES: readonly Side[] = ['caller', 'callee'];

type Joined = CallLeg['joined'];

/** Is it the same extension, or service, at the same terminal? */
export const isSame = (one: End, other: End): boolean =>
  one === other ||
  (one.extension === other.extension && one.terminal === other.terminal && one.number === other.number);

/** Both sides talk, from then on (milliseconds since 1970). */
export function opened(
  account: CallAccount,
  countedAt: number,
  parties: Parties,
  [caller, callee]: readonly [Joined, Joined],
  describe: Describe,
): CallAccount {
  const { legs } = account;
  const opening = [
    openLeg('caller', describe(parties.caller), caller, countedAt),
    openLeg('callee', describe(parties.callee), callee, countedAt),
  ];
  const talking = { caller: legs.length, callee: legs.length + 1 };
  return { ...account, countedAt, legs: legs.length === 0 ? opening : [...legs, ...opening], talking };
}

/** Written out without spreads: this is a hot path. */
const openLeg = (side: Side, party: RecordedParty, joined: Joined, from: number): CallLeg => ({
  extension: party.extension,
  number: party.number,
  name: party.name,
  terminal: party.terminal,
  desk: party.desk,
  side,
  joined,
  from,
  until: from,
  left: 'ended',
  talkMs: 0,
  holdMs: 0,
  waitMs: 0,
});

function add(account: CallAccount, side: Side, end: End, joined: Joined, describe: Describe): CallAccount {
  const { legs, countedAt } = account;
  const leg = openLeg(side, describe(end), joined, countedAt);
  return { ...account, legs: [...legs, leg], talking: { ...account.talking, [side]: legs.length } };
}

/** The time since it was counted last, in which the call was as in `state`. */
export function counted(account: CallAccount, state: Talking, now: number): CallAccount {
  const ms = Math.max(0, now - account.countedAt);
  const until = account.countedAt + ms;
  const { caller, callee } = state.parties;
  const isVisit = caller.mailbox !== undefined || callee.mailbox !== undefined;
  const isQuiet = isVisit || isHolding(state, 'caller') || isHolding(state, 'callee') || state.left !== null;
  const legs = [...account.legs];
  for (const side of SIDES) {
    const open = account.talking[side];
    const leg = open === null ? undefined : legs[open];
    if (open === null || leg === undefined) continue;
    const isHolder = isHolding(state, side);
    legs[open] = {
      ...leg,
      until,
      talkMs: leg.talkMs + (isQuiet ? 0 : ms),
      holdMs: leg.holdMs + (isHolder ? ms : 0),
      waitMs: leg.waitMs + (isQuiet && !isHolder ? ms : 0),
    };
  }
  return {
    ...account,
    legs,
    countedAt: until,
    talkMs: account.talkMs + (isQuiet ? 0 : ms),
    holdMs: account.holdMs + (isQuiet && !isVisit ? ms : 0),
    mailboxMs: account.mailboxMs + (isVisit ? ms : 0),
  };
}

/** A call that waits in a parking slot is on hold there. */
const isHolding = (state: Talking, side: Side): boolean =>
  state.held.includes(state[side]) || state.parties[side].parked !== undefined;

/** Somebody else is on that side now, or the same extension at another terminal. The time until then has been counted. */
export function replaced(
  account: CallAccount,
  { before, event, after, now }: Happening & { readonly before: Talking; readonly after: Talking },
  side: Side,
  describe: Describe,
): CallAccount {
  const [was, is] = [before.parties[side], after.parties[side]];
  const isTakenUp = was.extension === is.extension && was.terminal !== null;
  const [target, lender] = targetOf(before);
  const isReferred = before.transfer?.refer !== null && before.transfer !== null;
  const left: CallLeg['left'] = isTakenUp
    ? 'taken-up'
    : is.parked !== undefined
      ? 'parked'
      : isReferred && was.terminal !== null
        ? 'transferred'
        : 'joined';
  const joined: Joined = isTakenUp
    ? 'taken-up'
    : isPickUp(before)
      ? 'picked-up'
      : event.kind !== 'divide' && target && is.terminal !== null
        ? 'transferred'
        : 'joined';
  const closed = account.legs.map((leg, index) => {
    const isLast = index === account.talking[side] || (leg.side === side && leg.left === 'hung-up');
    return isLast ? { ...leg, left } : leg;
  });
  const next = { ...account, legs: closed, talking: { ...account.talking, [side]: null } };
  const from = lender ?? account.transferredFrom;
  const to = event.kind === 'divide' ? event.to : account.transferredTo;
  const tried = is.mailbox === undefined ? next : withFailedAttempt(next, before, is, now, describe);
  return add({ ...tried, transferredFrom: from, transferredTo: to }, side, is, joined, describe);
}

/** Where the extension of that mailbox could not be rung at all, that is said by an attempt too. */
function withFailedAttempt(
  account: CallAccount,
  before: Talking,
  { number, name, mailbox }: End,
  at: number,
  describe: Describe,
): CallAccount {
  const wasRung = account.attempts.some(
    ({ extension, by }) => by !== null && extension === mailbox?.extension,
  );
  if (mailbox === undefined || wasRung) return account;
  const party = { extension: mailbox.extension, number, name, terminal: null, desk: null };
  const tried = { at, rangAt: null, endedAt: at, result: mailbox.reason, occupant: null };
  const attempt = { ...party, ...tried, by: transferrer(before, describe) };
  return { ...account, attempts: [...account.attempts, attempt] };
}

/** Has somebody answered who is to join the call, and from which other call do they come? */
function targetOf({ transfer }: Talking): readonly [boolean, string | null] {
  const target = transfer?.target;
  return target?.kind === 'answered' ? [true, target.lender] : [false, null];
}

const isPickUp = ({ exchange }: Talking): boolean =>
  (exchange.kind === 'offering' || exchange.kind === 're-seating') && exchange.goal === 'pick-up';
