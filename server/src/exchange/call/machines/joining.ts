import { assertNever } from '@perch/shared';
import { failureOf, REASONS } from '../outcome.ts';
import { isPerson } from '../ports.ts';
import {
  type Effect,
  type Event,
  IDLE,
  type Said,
  type SeatMove,
  type Step,
  type Talking,
  type Transfer,
} from './call-state.ts';
import type { Exchange, Goal } from './exchange.ts';
import type { LegId } from './fork.ts';
import { host } from './hosting.ts';
import { heldAfter, withHold } from './hold.ts';
import {
  isAway,
  abandonReseat,
  dismissTarget,
  endAll,
  endCall,
  otherSide,
  pendingOf,
  sideOf,
  withSide,
} from './sides.ts';
import { moved, transferred, whereParked } from './settling.ts';
import { transferFailed } from './transfer-failed.ts';

/*
 * Joining two legs that did not call each other: one is asked for an offer, the other answers it, and only then does
 * either hear of a change (RFC 3725 §4.4). Until the answer is there, those who are talking go on talking.
 */

/** As if a page that was loaded anew had refused: its old session answers nothing (RFC 3261 §21.4.18). */
const GONE = 480;

type Offering = Extract<Exchange, { kind: 'offering' }>;
type Asking = Extract<Exchange, { kind: 'asking' }>;
type Relaying = Extract<Exchange, { kind: 'relaying' }>;

/** Asks `source` for an offer to `sink`. */
export function ask(state: Talking, source: LegId, sink: LegId, goal: Goal): Step {
  const exchange: Asking = { kind: 'asking', source, sink, goal };
  if (state.reloaded.includes(source)) return notJoined(state, exchange, GONE);
  const asked = { kind: 'ask-offer', leg: source } as const;
  return [{ ...state, exchange }, [goal === 'resumed' ? { ...asked, again: true } : asked]];
}

/** Joins two sides again: now, or once both are there. */
export const rejoin = (state: Talking, source: LegId, sink: LegId): Step =>
  isAway(state, source) || isAway(state, sink)
    ? [{ ...state, exchange: IDLE, apart: true }, []]
    : ask(state, source, sink, 'restored');

/** Sends an offer to a session that is under way. */
export const offerTo = (state: Talking, exchange: Omit<Offering, 'kind'>): Step =>
  state.reloaded.includes(exchange.sink)
    ? notJoined(state, { kind: 'offering', ...exchange }, GONE)
    : [
        { ...state, exchange: { kind: 'offering', ...exchange } },
        [{ kind: 'offer', leg: exchange.sink, sdp: exchange.sdp }],
      ];

/** The new leg's offer goes to the far side (RFC 3891 §3): in a new session where its phone takes one, else as a re-INVITE. */
export function startMove(
  state: Talking,
  { newcomer: source, replaced, sdp, party, reseats }: SeatMove,
): Step {
  const sink = otherSide(state, replaced);
  if (isAway(state, sink)) return host(state, source, sdp, { replaced, party });
  const move = { source, sdp, goal: 'move', party } as const;
  if (reseats) {
    return [
      { ...state, exchange: { kind: 're-seating', replaced: sink, newcomer: null, ...move } },
      [{ kind: 're-seat', leg: sink, from: party, sdp }],
    ];
  }
  return offerTo(state, { sink, ...move });
}

/** What a leg reports about our offer. */
export function exchangeSaid(state: Talking, leg: LegId, said: Said): Step {
  const { exchange } = state;
  switch (exchange.kind) {
    case 'relaying':
      return leg === otherSide(state, exchange.from) ? relayed(state, exchange, said) : [state, []];
    case 'asking':
      if (leg !== exchange.source) return [state, []];
      if (said.kind === 'offer-made') return offer(state, exchange, said.sdp);
      return said.kind === 'offer-refused' ? notJoined(state, exchange, said.status) : [state, []];
    case 'offering':
      if (leg !== exchange.sink) return [state, []];
      if (said.kind === 'offer-answered') return agreed(state, exchange, said.sdp);
      return said.kind === 'offer-refused' ? notJoined(state, exchange, said.status) : [state, []];
    default:
      return [state, []];
  }
}

function relayed(state: Talking, { from, holds }: Relaying, said: Said): Step {
  const idle: Talking = { ...state, exchange: IDLE };
  const isSettled = said.kind === 'offer-answered' || said.kind === 'offer-refused';
  if (isSettled && from === state.left) return [idle, []];
  if (said.kind === 'offer-answered') {
    return [
      { ...idle, held: withHold(state.held, from, holds), apart: false },
      [{ kind: 'accept-offer', leg: from, sdp: said.sdp }],
    ];
  }
  if (said.kind === 'offer-refused') {
    // Anything but 491 ends the call of many phones; when it is offered again, the server answers.
    const status = state.reloaded.includes(otherSide(state, from)) ? 491 : said.status;
    return [idle, [{ kind: 'refuse-offer', leg: from, status }]];
  }
  return [state, []];
}

function offer(state: Talking, { source, sink, goal }: Asking, sdp: string): Step {
  if (goal === 're-seat' || goal === 'meet' || goal === 'pick-up') {
    const from = state.transfer?.invited.party ?? state.parties[sideOf(state, source)];
    return [
      { ...state, exchange: { kind: 're-seating', source, replaced: sink, newcomer: null, sdp, goal } },
      [{ kind: 're-seat', leg: sink, from, sdp }],
    ];
  }
  return offerTo(state, { source, sink, sdp, goal });
}

function agreed(before: Talking, exchange: Offering, sdp: string): Step {
  const { source, sink, goal } = exchange;
  const { transfer, left } = before;
  const rest = otherSide(before, sink);
  if (goal === 'abandoned') {
    return left === null ? rejoin(before, sink, rest) : endCall(before, left, REASONS.failed);
  }
  const state: Talking = { ...before, held: heldAfter(exchange, sdp), apart: false };
  switch (goal) {
    case 'restored':
    case 'resumed':
      return [{ ...state, exchange: IDLE }, [{ kind: 'accept-offer', leg: source, sdp }]];
    case 'meet':
      // One of them is another than before: a restart has to find it.
      return [{ ...state, exchange: IDLE }, [{ kind: 'accept-offer', leg: source, sdp }, { kind: 'save' }]];
    case 'move':
      return moved(state, exchange, rest, sdp);
    case 'transfer':
    case 're-seat':
    case 'pick-up':
      return transfer === null ? [before, []] : transferred(state, transfer, exchange, sdp);
    default:
      return assertNever(goal);
  }
}

/**
 * A caller takes the place of a side that waits: it gets its answer once the other side has agreed to its offer. Phones that were rung to
 * take that place ring no longer.
 */
export function pickUp(state: Talking, event: Extract<Event, { readonly kind: 'pick-up' }>): Step {
  const { newcomer, replaced, party, sdp } = event;
  const target = { kind: 'answered', leg: newcomer, lender: null } as const;
  const invited = { party, by: sideOf(state, replaced) };
  const transfer: Transfer = { by: replaced, refer: null, invited, asksTarget: true, target };
  const sink = otherSide(state, replaced);
  const rung = state.transfer === null ? [] : dismissTarget(state.transfer, 'elsewhere', 'nothing');
  const asking: Asking = { kind: 'asking', source: newcomer, sink, goal: 'pick-up' };
  const [next, effects] = offer({ ...state, transfer }, asking, sdp);
  return [next, [...rung, ...effects]];
}

/** `service` is new at its side of the call: the phone of the other side `takesOffer`, in a new session if it can, or is asked for its own. */
export const meet = (state: Talking, service: LegId, phone: LegId, takesOffer: boolean): Step =>
  takesOffer ? ask(state, service, phone, 'meet') : ask(state, phone, service, 'meet');

/** `leg` takes the place of a side that another call has taken. */
export function divide(state: Talking, event: Extract<Event, { readonly kind: 'divide' }>): Step {
  const { stays, leg, party, takesOffer } = event;
  const divided = withSide({ ...state, held: [] }, otherSide(state, stays), leg, party);
  const [next, effects] = meet(divided, leg, stays, takesOffer);
  return [next, [{ kind: 'begin' }, ...effects]];
}

/** Here the source is a caller, whose INVITE waits for its answer. */
const CALLS: ReadonlySet<Goal> = new Set(['move', 'pick-up']);

/**
 * The new pair is in storage: `source` gets the answer, and the legs that were replaced or left are hung up. A source that was on hold
 * then gets an offer of sound both ways: to its own it could have none.
 */
export function settled(state: Talking): Step {
  const { exchange } = state;
  if (exchange.kind !== 'settling') return [state, []];
  const { source, sdp, goal, onHold, retired, refer } = exchange;
  const effects: Effect[] = [{ kind: CALLS.has(goal) ? 'answer' : 'accept-offer', leg: source, sdp }];
  if (refer !== null && retired.includes(refer.leg)) {
    effects.push({ kind: 'refer-progress', ...refer, status: 200, text: whereParked(state) });
  }
  effects.push(...endAll(retired, 'transferred', whereParked(state)));
  const idle: Talking = { ...state, exchange: IDLE };
  if (!onHold) return [idle, effects];
  const [next, asked] = ask(idle, otherSide(state, source), source, 'resumed');
  return [next, [...effects, ...asked]];
}

/** One of the two refused: the call stays as it was, or is restored. */
function notJoined(state: Talking, exchange: Asking | Offering, status: number): Step {
  const idle: Talking = { ...state, exchange: IDLE };
  const refused = exchange.kind === 'asking' ? exchange.source : exchange.sink;
  if (state.reloaded.includes(refused) && isBetweenSides(exchange.goal)) return gone(idle, exchange);
  switch (exchange.goal) {
    case 'transfer':
      return transferFailed(exchange.kind === 'asking' ? idle : state, status);
    case 're-seat':
    case 'pick-up': {
      const { transfer } = state;
      if (exchange.kind === 'offering' || transfer === null) {
        return transferFailed(idle, status, pendingOf(exchange, exchange.source));
      }
      // The target makes no offer when asked: the transferee may, and the two are joined that way round.
      return [{ ...idle, transfer: { ...transfer, asksTarget: false } }, []];
    }
    case 'resumed':
      return exchange.kind === 'asking' ? [idle, []] : endCall(idle, null, REASONS.failed);
    case 'restored':
    case 'meet':
      return endCall(idle, null, REASONS.failed);
    case 'abandoned':
      return state.left === null ? [idle, []] : endCall(idle, state.left, REASONS.failed);
    case 'move': {
      const reject: Effect = { kind: 'reject', leg: exchange.source, failure: failureOf(status) };
      const [next, effects] = state.left === null ? [idle, []] : endCall(idle, state.left, REASONS.failed);
      return [next, [reject, ...effects]];
    }
  }
}

const isBetweenSides = (goal: Goal): boolean =>
  goal === 'restored' || goal === 'meet' || goal === 'resumed' || goal === 'move';

/** The page that was to answer was loaded anew, and will take the call up: until then the server answers in its place. */
function gone(state: Talking, exchange: Asking | Offering): Step {
  const apart: Talking = { ...state, apart: true };
  if (exchange.kind === 'asking') return [apart, []];
  const { source, sink, sdp, goal, party } = exchange;
  if (goal === 'move') {
    if (party !== undefined) return host(state, source, sdp, { replaced: otherSide(state, sink), party });
    return [apart, []];
  }
  // A service's own offer is simply forgotten.
  return isPerson(state.parties[sideOf(state, source)]) ? host(state, source, sdp) : [apart, []];
}

/** Is this a leg that wants to replace another one of its party, and has not been answered yet? */
export const isNewcomer = ({ exchange }: Talking, leg: LegId): boolean =>
  exchange.kind === 'hosting'
    ? exchange.moves !== null && exchange.source === leg
    : (exchange.kind === 'offering' || exchange.kind === 're-seating' || exchange.kind === 'settling') &&
      exchange.goal === 'move' &&
      exchange.source === leg;

/** The newcomer gave up: the far side, which has or will have answered it, is joined with the old leg again. */
export function abandonMove(state: Talking, newcomer: LegId): Step {
  const { exchange } = state;
  if (exchange.kind === 'offering') return [{ ...state, exchange: { ...exchange, goal: 'abandoned' } }, []];
  if (exchange.kind === 're-seating') {
    return state.left === null ? abandonReseat(state, exchange) : endCall(state, newcomer, REASONS.failed);
  }
  if (exchange.kind === 'hosting' && state.left === null) return [{ ...state, exchange: IDLE }, []];
  if (exchange.kind === 'hosting') return endCall({ ...state, exchange: IDLE }, newcomer, REASONS.failed);
  if (exchange.kind !== 'settling') return [state, []];
  const { retired, before } = exchange;
  if (before === undefined || !retired.includes(before.leg)) return endCall(state, newcomer, REASONS.failed);
  const back = withSide(state, newcomer, before.leg, before.party);
  const [asking, effects] = rejoin(back, otherSide(back, before.leg), before.leg);
  const others = retired.filter((leg) => leg !== before.leg);
  return [asking, [{ kind: 'save' }, ...endAll(others, 'transferred'), ...effects]];
}
