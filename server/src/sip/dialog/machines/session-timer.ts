import { assertNever } from '@perch/shared';

/** Session timer of one dialog (RFC 4028 §7, §10). */
export type State =
  | { readonly kind: 'off' }
  /** We refresh at half the interval. */
  | { readonly kind: 'ours'; readonly seconds: number }
  /** Our refresh is under way; if nothing comes of it, the session expires. */
  | { readonly kind: 'refreshing'; readonly seconds: number }
  /** The peer refreshes. */
  | { readonly kind: 'theirs'; readonly seconds: number }
  /** The dialog is over: whatever still arrives changes nothing. */
  | { readonly kind: 'over' };

export type Event =
  /** A 2xx to an INVITE or UPDATE, in either direction, renewed the timer's terms. */
  | { readonly kind: 'agreed'; readonly seconds: number; readonly refresher: 'us' | 'peer' }
  /** Such a 2xx without Session-Expires: the peer knows no timers, or wants none (RFC 4028 §7.2). */
  | { readonly kind: 'declined' }
  | { readonly kind: 'due' }
  | { readonly kind: 'ended' };

export type Effect =
  /** Replaces the timer that is running, if any. */
  | { readonly kind: 'arm'; readonly seconds: number }
  | { readonly kind: 'disarm' }
  | { readonly kind: 'refresh' }
  | { readonly kind: 'expire' };

/** What a request or response said about the session timer. */
export interface Terms {
  readonly seconds: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

/** What we ask for, and grant to a peer that lets us refresh. */
export const INTERVAL_SECONDS = 1800;
/** JsSIP does not retry a 422, so its 90 s, and even 60 s, must be accepted (RFC 4028 §4 wants 90). */
export const MIN_SECONDS = 60;

export const off: State = { kind: 'off' };
const disarm: Effect = { kind: 'disarm' };

export function step(state: State, event: Event): readonly [State, readonly Effect[]] {
  if (state.kind === 'over') return [state, []];
  switch (event.kind) {
    case 'agreed':
      return event.refresher === 'us'
        ? [{ kind: 'ours', seconds: event.seconds }, [arm(event.seconds / 2)]]
        : [{ kind: 'theirs', seconds: event.seconds }, [arm(event.seconds - grace(event.seconds))]];
    case 'declined':
      return state.kind === 'off' ? [state, []] : [off, [disarm]];
    case 'ended':
      return [{ kind: 'over' }, [disarm]];
    case 'due':
      return due(state);
    default:
      return assertNever(event);
  }
}

function due(state: Exclude<State, { kind: 'over' }>): readonly [State, readonly Effect[]] {
  switch (state.kind) {
    case 'off':
      return [state, []];
    case 'ours': {
      const { seconds } = state;
      return [{ kind: 'refreshing', seconds }, [arm(seconds / 2 - grace(seconds)), { kind: 'refresh' }]];
    }
    case 'refreshing':
    case 'theirs':
      return [off, [{ kind: 'expire' }]];
    default:
      return assertNever(state);
  }
}

/** How long before the end BYE is sent (RFC 4028 §10). */
const grace = (seconds: number): number => Math.min(32, seconds / 3);

const arm = (seconds: number): Effect => ({ kind: 'arm', seconds });

/** The terms of our 2xx to a request that asked for them. */
export interface Grant {
  readonly seconds: number;
  readonly refresher: 'uac' | 'uas';
}

/**
 * A peer that asks for a timer gets one, with us as the refresher unless it wants to be. Deliberately against RFC 4028 §9,
 * we raise the interval that JsSIP asks for (90 s): it accepts ours, and a browser that throttles its timers need not keep them.
 */
export function grant(asked: Terms): Grant {
  return asked.refresher === 'uac'
    ? { seconds: asked.seconds, refresher: 'uac' }
    : { seconds: INTERVAL_SECONDS, refresher: 'uas' };
}
