import { assertNever } from '@perch/shared';

/** One re-INVITE of ours: with an offer, or asking the peer for one (RFC 3264 §5). */
export type Turn =
  | {
      readonly kind: 'offer';
      readonly sdp: string;
      /** Who started it: only the call's own exchanges are reported back to it. */
      readonly origin: 'call' | 'refresh';
      /** How often it was answered 491. */
      readonly glares: number;
    }
  | { readonly kind: 'ask'; readonly glares: number };

/** How far one exchange of offer and answer is, in an INVITE dialog (RFC 3264, RFC 3261 §14, RFC 6337). */
export type OfferAnswer =
  | { readonly kind: 'stable' }
  /** Our re-INVITE is out. `crossed`: it has met an offer of the peer, which was refused. */
  | { readonly kind: 'offering'; readonly turn: Turn; readonly crossed?: boolean }
  /** It was answered 491 and will be sent again (RFC 3261 §14.1). */
  | { readonly kind: 'backing-off'; readonly turn: Turn }
  /** It cannot be sent: the flow is dead, and the peer may come back on another. */
  | { readonly kind: 'stranded'; readonly turn: Turn }
  /** The 2xx carries the offer that we asked for; our ACK will carry the call's answer. */
  | { readonly kind: 'answer-due' }
  /** The peer's offer awaits the call's answer. */
  | { readonly kind: 'offered'; readonly method: 'INVITE' | 'UPDATE' }
  /** The peer's INVITE has its 2xx; nothing of ours goes out before its ACK (RFC 3261 §14.1). */
  | { readonly kind: 'unacknowledged' };

export interface State {
  readonly exchange: OfferAnswer;
  /** Our exchanges that wait their turn. */
  readonly waiting: readonly Turn[];
}

export type Event =
  | { readonly kind: 'offer'; readonly sdp: string; readonly origin: 'call' | 'refresh' }
  | { readonly kind: 'ask' }
  /** The 2xx to our re-INVITE, with its SDP. */
  | { readonly kind: 'answered'; readonly sdp: string }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'unsendable'; readonly flowOpen: boolean }
  | { readonly kind: 'retry' }
  | { readonly kind: 'peer-offered'; readonly method: 'INVITE' | 'UPDATE' }
  /** The peer's re-INVITE carries no offer: we must make one (RFC 3261 §14.2). */
  | { readonly kind: 'peer-asked' }
  /** The call has decided about the peer's offer. */
  | { readonly kind: 'settled'; readonly accepted: boolean }
  /** The ACK to a 2xx of ours. */
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'rebound' };

export type Effect =
  | { readonly kind: 'send'; readonly turn: Turn }
  /** `crossed`: the peer's offer, which ours has met, is out of the way already. */
  | { readonly kind: 'arm-retry'; readonly crossed: boolean }
  | { readonly kind: 'disarm-retry' }
  | { readonly kind: 'report-answer'; readonly sdp: string }
  | { readonly kind: 'report-offer'; readonly sdp: string }
  | { readonly kind: 'report-refusal'; readonly status: number }
  /** The peer's offer goes to the call. */
  | { readonly kind: 'present' }
  | { readonly kind: 'offer-again' }
  /** 491 to a peer whose offer met ours, 500 to one whose own is still open (RFC 3261 §14.2). */
  | { readonly kind: 'refuse-peer'; readonly status: 491 | 500 };

/** How often an offer that keeps getting 491 is sent. */
const MOST_TRIES = 4;
const STABLE: OfferAnswer = { kind: 'stable' };
export const stable: State = { exchange: STABLE, waiting: [] };
/** The caller's first offer has arrived: the initial state of an inbound leg. */
export const invited: State = { exchange: { kind: 'offered', method: 'INVITE' }, waiting: [] };

type Step = readonly [State, readonly Effect[]];

/** An event that does not belong to the state changes nothing. */
export function step(state: State, event: Event): Step {
  const { exchange, waiting } = state;
  switch (event.kind) {
    case 'offer':
      return queued(state, { kind: 'offer', sdp: event.sdp, origin: event.origin, glares: 0 });
    case 'ask':
      return queued(state, { kind: 'ask', glares: 0 });
    case 'answered':
      return exchange.kind === 'offering' ? answered(exchange.turn, waiting, event.sdp) : [state, []];
    case 'refused':
      return exchange.kind === 'offering' ? refused(exchange, waiting, event.status) : [state, []];
    case 'unsendable':
      if (exchange.kind !== 'offering') return [state, []];
      return event.flowOpen
        ? next([exchange.turn, ...waiting], [])
        : [{ exchange: { kind: 'stranded', turn: exchange.turn }, waiting }, []];
    case 'retry':
      return exchange.kind === 'backing-off' ? next([exchange.turn, ...waiting], []) : [state, []];
    case 'rebound':
      return exchange.kind === 'stranded' ? next([exchange.turn, ...waiting], []) : [state, []];
    case 'peer-offered':
      return peerOffered(state, { kind: 'offered', method: event.method }, { kind: 'present' });
    case 'peer-asked':
      return peerOffered(state, { kind: 'unacknowledged' }, { kind: 'offer-again' });
    case 'settled':
      return settled(state, event.accepted);
    case 'acknowledged':
      return exchange.kind === 'unacknowledged' ? next(waiting, []) : [state, []];
    default:
      return assertNever(event);
  }
}

function queued({ exchange, waiting }: State, turn: Turn): Step {
  const turns = [...waiting, turn];
  return exchange.kind === 'stable' ? next(turns, []) : [{ exchange, waiting: turns }, []];
}

/** Sends our next request, if one waits. */
function next(waiting: readonly Turn[], effects: readonly Effect[]): Step {
  const [turn, ...rest] = waiting;
  if (turn === undefined) return [{ exchange: STABLE, waiting }, effects];
  return [{ exchange: { kind: 'offering', turn }, waiting: rest }, [...effects, { kind: 'send', turn }]];
}

function answered(turn: Turn, waiting: readonly Turn[], sdp: string): Step {
  return turn.kind === 'ask'
    ? [{ exchange: { kind: 'answer-due' }, waiting }, [{ kind: 'report-offer', sdp }]]
    : next(waiting, report(turn, { kind: 'report-answer', sdp }));
}

function refused(
  { turn, crossed = false }: Extract<OfferAnswer, { kind: 'offering' }>,
  waiting: readonly Turn[],
  status: number,
): Step {
  if (status === 491 && turn.glares + 1 < MOST_TRIES) {
    const again = { ...turn, glares: turn.glares + 1 };
    return [{ exchange: { kind: 'backing-off', turn: again }, waiting }, [{ kind: 'arm-retry', crossed }]];
  }
  return next(waiting, report(turn, { kind: 'report-refusal', status }));
}

function settled(state: State, accepted: boolean): Step {
  const { exchange, waiting } = state;
  switch (exchange.kind) {
    case 'offered':
      return accepted && exchange.method === 'INVITE'
        ? [{ exchange: { kind: 'unacknowledged' }, waiting }, []]
        : next(waiting, []);
    case 'answer-due':
      return next(waiting, []);
    default:
      return [state, []];
  }
}

function report(turn: Turn, effect: Effect): readonly Effect[] {
  return turn.kind === 'ask' || turn.origin === 'call' ? [effect] : [];
}

/** The peer starts an exchange. One of ours that has not been sent yet waits behind it. */
function peerOffered(state: State, granted: OfferAnswer, effect: Effect): Step {
  const { exchange, waiting } = state;
  switch (exchange.kind) {
    case 'offering':
      return [{ exchange: { ...exchange, crossed: true }, waiting }, [{ kind: 'refuse-peer', status: 491 }]];
    case 'answer-due':
      return [state, [{ kind: 'refuse-peer', status: 491 }]];
    case 'offered':
      return [state, [{ kind: 'refuse-peer', status: 500 }]];
    case 'stable':
    case 'unacknowledged':
      // A peer that sends a new INVITE has seen our 2xx, even if its ACK was lost.
      return [{ exchange: granted, waiting }, [effect]];
    case 'backing-off':
      return [
        { exchange: granted, waiting: [exchange.turn, ...waiting] },
        [{ kind: 'disarm-retry' }, effect],
      ];
    case 'stranded':
      return [{ exchange: granted, waiting: [exchange.turn, ...waiting] }, [effect]];
    default:
      return assertNever(exchange);
  }
}
