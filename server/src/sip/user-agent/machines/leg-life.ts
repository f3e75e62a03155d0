import { assertNever } from '@perch/shared';
import type { LegEvent, Reason } from '../leg.ts';

/** A leg from its INVITE to its end (RFC 3261 §9, §13, §15). */
export type State =
  /** Outbound: our INVITE is out. */
  | { readonly kind: 'inviting' }
  /** Outbound: CANCEL is out, but a 2xx that crosses it is welcome. */
  | { readonly kind: 'withdrawing' }
  /** Outbound: given up; CANCEL goes out as soon as it is allowed. */
  | { readonly kind: 'cancelling' }
  /** Inbound: the call has not decided. */
  | { readonly kind: 'invited' }
  /** Inbound: our 2xx is out, its ACK is not in. */
  | { readonly kind: 'answered' }
  /** Inbound: ended meanwhile, and BYE must wait for the ACK (RFC 3261 §15). */
  | { readonly kind: 'leaving'; readonly reason?: Reason }
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'over' };

export type Event =
  | { readonly kind: 'end'; readonly reason?: Reason }
  /** Outbound command. */
  | { readonly kind: 'withdraw'; readonly reason?: Reason }
  /** Inbound commands. */
  | { readonly kind: 'answer' }
  | { readonly kind: 'reject' }
  /** Inbound: CANCEL, also one that crossed our 2xx; or the BYE of a caller who does not wait for an answer. */
  | { readonly kind: 'cancelled'; readonly reason?: Reason }
  | { readonly kind: 'acknowledged' }
  /** No ACK came within 64*T1 (RFC 3261 §13.3.1.4). */
  | { readonly kind: 'unacknowledged' }
  | { readonly kind: 'flow-lost' }
  /** Outbound: a 1xx; `sdp` where it has any. */
  | { readonly kind: 'progressed'; readonly status: number; readonly sdp?: string }
  /** Outbound: a 2xx that makes a dialog; its ACK is out. */
  | { readonly kind: 'accepted'; readonly sdp: string; readonly contact: string }
  /** Outbound: a 2xx without SDP; its ACK is out. */
  | { readonly kind: 'accepted-without-answer' }
  /** Outbound: no 2xx will come. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason?: Reason }
  | { readonly kind: 'peer-ended'; readonly reason?: Reason }
  | { readonly kind: 'session-expired' }
  /** The peer knows nothing of the dialog, or is silent (RFC 5057 §5.1). */
  | { readonly kind: 'gone' };

export type Effect =
  | { readonly kind: 'report'; readonly event: LegEvent }
  /** Inbound: the final response of a leg that was not answered. */
  | { readonly kind: 'refuse'; readonly status: number; readonly reason?: Reason }
  /** Outbound: CANCEL, and at most 64*T1 of waiting for the outcome (RFC 3261 §9.1). */
  | { readonly kind: 'cancel'; readonly reason?: Reason }
  | { readonly kind: 'bye'; readonly reason?: Reason }
  /** The leg is over: timers stop, tables forget it. */
  | { readonly kind: 'release' };

type Step = readonly [State, readonly Effect[]];

const CONFIRMED: State = { kind: 'confirmed' };
const OVER: State = { kind: 'over' };

/** An event that does not belong to the state changes nothing. */
export function step(state: State, event: Event): Step {
  switch (state.kind) {
    case 'inviting':
      return inviting(state, event);
    case 'withdrawing':
      return withdrawing(state, event);
    case 'cancelling':
      return cancelling(state, event);
    case 'invited':
      return invited(state, event);
    case 'answered':
      return answered(state, event);
    case 'leaving':
      return leaving(state, event);
    case 'confirmed':
      return confirmed(state, event);
    case 'over':
      return [state, []];
    default:
      return assertNever(state);
  }
}

function inviting(state: State, event: Event): Step {
  switch (event.kind) {
    case 'progressed': {
      const { status, sdp } = event;
      return [state, [report({ kind: 'progress', status, ...(sdp !== undefined && { sdp }) })]];
    }
    case 'accepted':
      return [CONFIRMED, [report({ kind: 'answered', sdp: event.sdp, contact: event.contact })]];
    case 'accepted-without-answer':
      return over({ kind: 'failed', status: 488 }, { kind: 'bye' });
    case 'refused':
      return over({ kind: 'failed', status: event.status, ...because(event) });
    case 'end':
      return [{ kind: 'cancelling' }, [{ kind: 'cancel', ...because(event) }]];
    case 'withdraw':
      return [{ kind: 'withdrawing' }, [{ kind: 'cancel', ...because(event) }]];
    default:
      return [state, []];
  }
}

function withdrawing(state: State, event: Event): Step {
  switch (event.kind) {
    case 'accepted':
    case 'accepted-without-answer':
    case 'refused':
      return inviting(state, event);
    case 'end':
      return [{ kind: 'cancelling' }, []];
    default:
      return [state, []];
  }
}

/** A 2xx that crossed the CANCEL makes an unwanted dialog (RFC 3261 §9.1). */
function cancelling(state: State, event: Event): Step {
  switch (event.kind) {
    case 'accepted':
    case 'accepted-without-answer':
      return over({ kind: 'failed', status: 487 }, { kind: 'bye' });
    case 'refused':
      return over({ kind: 'failed', status: 487, ...because(event) });
    default:
      return [state, []];
  }
}

function invited(state: State, event: Event): Step {
  switch (event.kind) {
    case 'answer':
      return [{ kind: 'answered' }, []];
    case 'reject':
      return over({ kind: 'ended', by: 'us' });
    case 'end':
      return over({ kind: 'ended', by: 'us' }, { kind: 'refuse', status: 480, ...because(event) });
    case 'cancelled':
    case 'peer-ended':
      return over({ kind: 'cancelled', ...because(event) }, { kind: 'refuse', status: 487 });
    case 'flow-lost':
      return over({ kind: 'ended', by: 'transport' });
    default:
      return [state, []];
  }
}

function answered(state: State, event: Event): Step {
  switch (event.kind) {
    case 'acknowledged':
      return [CONFIRMED, [report({ kind: 'acknowledged' })]];
    case 'unacknowledged':
      return over({ kind: 'ended', by: 'unacknowledged' }, { kind: 'bye' });
    case 'end':
      return [{ kind: 'leaving', ...because(event) }, [report({ kind: 'ended', by: 'us' })]];
    // The caller may send no ACK for the 2xx after its CANCEL, and so never a BYE.
    case 'cancelled':
      return [{ kind: 'leaving' }, [report({ kind: 'ended', by: 'peer', ...because(event) })]];
    case 'peer-ended':
      return over({ kind: 'ended', by: 'peer', ...because(event) });
    default:
      return [state, []];
  }
}

function leaving(state: State & { kind: 'leaving' }, event: Event): Step {
  switch (event.kind) {
    case 'acknowledged':
    case 'unacknowledged':
      return [OVER, [{ kind: 'bye', ...because(state) }, { kind: 'release' }]];
    case 'peer-ended':
      return [OVER, [{ kind: 'release' }]];
    default:
      return [state, []];
  }
}

function confirmed(state: State, event: Event): Step {
  switch (event.kind) {
    case 'end':
      return over({ kind: 'ended', by: 'us' }, { kind: 'bye', ...because(event) });
    case 'peer-ended':
      return over({ kind: 'ended', by: 'peer', ...because(event) });
    case 'unacknowledged':
      return over({ kind: 'ended', by: 'unacknowledged' }, { kind: 'bye' });
    case 'session-expired':
      return over({ kind: 'ended', by: 'session-expired' }, { kind: 'bye' });
    case 'gone':
      return over({ kind: 'ended', by: 'gone' }, { kind: 'bye' });
    default:
      return [state, []];
  }
}

/** The last event, after what must still be sent. */
function over(event: LegEvent, send?: Effect): Step {
  const last: readonly Effect[] = [report(event), { kind: 'release' }];
  return [OVER, send === undefined ? last : [send, ...last]];
}

const report = (event: LegEvent): Effect => ({ kind: 'report', event });

const because = ({ reason }: { readonly reason?: Reason }): { readonly reason?: Reason } =>
  reason === undefined ? {} : { reason };
