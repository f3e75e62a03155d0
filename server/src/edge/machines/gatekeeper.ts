/** How much a flow may do before it has authenticated; all times in monotonic milliseconds. */
const PATIENCE = { messagesPerSecond: 100, authenticationMs: 30_000 } as const;

/** A flow that has not authenticated yet. */
export type State =
  | {
      readonly kind: 'waiting';
      readonly since: number;
      /** When the current second began, and the frames that arrived in it, each by its weight. */
      readonly second: number;
      readonly frames: number;
    }
  | { readonly kind: 'turned-away' };

export type Event =
  /** `weight`: as how many messages it counts (`weightOf`). */
  | { readonly kind: 'frame'; readonly at: number; readonly weight: number }
  | { readonly kind: 'time'; readonly at: number };

export type Verdict =
  | { readonly kind: 'pass' }
  /** To be closed with this WebSocket code (RFC 6455 §7.4) and reason. */
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

const PASS: Verdict = { kind: 'pass' };
const TURNED_AWAY: State = { kind: 'turned-away' };

export const arrived = (at: number): State => ({ kind: 'waiting', since: at, second: at, frames: 0 });

/** Decides about an unauthenticated flow; one that was turned away stays so. */
export function step(state: State, event: Event): readonly [State, Verdict] {
  if (state.kind === 'turned-away') return [state, close('Closing')];
  if (event.at - state.since >= PATIENCE.authenticationMs) {
    return [TURNED_AWAY, close('No authentication within 30 s')];
  }
  if (event.kind === 'time') return [state, PASS];
  const fresh = event.at - state.second >= 1000;
  const frames = (fresh ? 0 : state.frames) + event.weight;
  if (frames > PATIENCE.messagesPerSecond) {
    return [TURNED_AWAY, close('More than 100 messages a second without authentication')];
  }
  return [{ ...state, second: fresh ? event.at : state.second, frames }, PASS];
}

/** 1008: the peer violates our policy. */
const close = (reason: string): Verdict => ({ kind: 'close', code: 1008, reason });
