import type { Reason } from '../../../sip/user-agent/leg.ts';
import { type Ending, REASONS, type Why } from '../outcome.ts';
import type { End } from '../ports.ts';
import {
  type Effect,
  IDLE,
  over,
  type Parties,
  type Pending,
  type Step,
  type Talking,
  type Transfer,
} from './call-state.ts';
import type { Exchange } from './exchange.ts';
import type { LegId } from './fork.ts';

type Reseating = Extract<Exchange, { kind: 're-seating' }>;

export const isSide = ({ caller, callee }: Talking, leg: LegId): boolean => leg === caller || leg === callee;

/** The other side of the call from `leg`. */
export const otherSide = ({ caller, callee }: Talking, leg: LegId): LegId =>
  leg === caller ? callee : caller;

export const sideOf = ({ caller }: Talking, leg: LegId): keyof Parties =>
  leg === caller ? 'caller' : 'callee';

/** Has the phone of that leg lost its line? */
export const isAway = ({ away }: Talking, leg: LegId): boolean => away.includes(leg);

/** Without that leg; the same list where it is not in there. */
export const without = (legs: readonly LegId[], leg: LegId): readonly LegId[] =>
  legs.includes(leg) ? legs.filter((other) => other !== leg) : legs;

/** The leg `by` in the place of `retired`, for the same party or another. */
export function withSide(state: Talking, retired: LegId, by: LegId, party?: End): Talking {
  const side = sideOf(state, retired);
  const parties = party === undefined ? state.parties : { ...state.parties, [side]: party };
  const [away, reloaded] = [without(state.away, retired), without(state.reloaded, retired)];
  return { ...state, parties, away, reloaded, [side]: by };
}

/** `text` stands in place of the reason's own. */
export const endAll = (legs: readonly LegId[], why: Why, text?: string): Effect[] =>
  legs.map((leg) => ({
    kind: 'end',
    leg,
    reason: text === undefined ? REASONS[why] : { ...REASONS[why], text },
  }));

/** May a side be replaced now, by transfer or by another leg of the same phone? One replacement at a time. */
export const isReplaceable = ({ exchange, transfer, left }: Talking): boolean =>
  transfer === null && left === null && exchange.kind === 'idle';

/** What that leg is in the middle of. */
export function pendingOf(exchange: Exchange, leg: LegId): Pending {
  if (exchange.kind === 'asking') return exchange.source === leg ? 'offer' : 'nothing';
  if (exchange.kind !== 'offering' && exchange.kind !== 're-seating') return 'nothing';
  if (exchange.source === leg) return { sdp: exchange.sdp };
  return exchange.kind === 'offering' && exchange.sink === leg ? 'answer' : 'nothing';
}

/** The referrer is told how its REFER fares, if it sent one. */
export const referrerTold = ({ by, refer }: Transfer, status: number): Effect[] =>
  refer === null ? [] : [{ kind: 'refer-progress', leg: by, id: refer, status }];

/** Hangs up the legs that were to join the call, or gives them back; `pending` is what a borrowed one is in the middle of. */
export function dismissTarget({ target }: Transfer, why: Why, pending: Pending): Effect[] {
  if (target.kind === 'ringing') return [{ kind: 'stop-no-answer' }, ...endAll(target.fork.branches, why)];
  if (target.kind === 'diverting') return [];
  const { leg, lender } = target;
  return lender === null ? endAll([leg], why) : [{ kind: 'give-back', leg, lender, pending }];
}

/** Cancels the new session that a phone was called for. */
function dismissNewcomer(exchange: Exchange, why: Why): Effect[] {
  if (exchange.kind !== 're-seating') return [];
  const { newcomer } = exchange;
  return [{ kind: 'stop-no-answer' }, ...(newcomer === null ? [] : endAll([newcomer], why))];
}

/** The one whose offer is out in a new session is gone: only the phone can say whether it has ended its old session for it. */
export function abandonReseat(state: Talking, exchange: Reseating): Step {
  const { newcomer } = exchange;
  const effects: Effect[] = [{ kind: 'stop-no-answer' }];
  if (newcomer === null) return [{ ...state, exchange: IDLE }, effects];
  effects.push({ kind: 'withdraw', leg: newcomer, reason: REASONS.cancelled });
  return [{ ...state, exchange: { ...exchange, goal: 'abandoned' } }, effects];
}

/** The call is over, because of `gone` if a leg is the cause: all other legs are told why. */
export function endCall(
  state: Talking,
  gone: LegId | null,
  reason: Reason | undefined,
  outcome: Ending = 'answered',
): Step {
  const { caller, callee, exchange, transfer, left } = state;
  const effects: Effect[] = dismissNewcomer(exchange, 'cancelled');
  if (transfer !== null) {
    const { by, target } = transfer;
    const pending = target.kind === 'answered' ? pendingOf(exchange, target.leg) : 'nothing';
    effects.push(...dismissTarget(transfer, 'cancelled', pending));
    if (by !== left && by !== gone) effects.push(...referrerTold(transfer, 487));
  }
  const legs = new Set([caller, callee]);
  if (exchange.kind === 'settling') for (const leg of exchange.retired) legs.add(leg);
  if ((exchange.kind === 'offering' || exchange.kind === 're-seating') && exchange.goal === 'move')
    legs.add(exchange.source);
  if (exchange.kind === 'hosting' && exchange.moves !== null) legs.add(exchange.source);
  if (exchange.kind === 'lent') {
    effects.push({
      kind: 'pass-on',
      call: exchange.to,
      leg: exchange.leg,
      event: { kind: 'ended', by: 'us' },
    });
  }
  for (const leg of legs) if (leg !== gone && leg !== left) effects.push({ kind: 'end', leg, reason });
  return [over(state), [...effects, { kind: 'finish', outcome }]];
}
