import { assertNever } from '@perch/shared';
import type { MessageSummary } from '../message-summary.ts';

/** What one phone shows, as far as we know. */
export type PhoneLamp =
  /** It was never told anything. */
  | { readonly kind: 'untold' }
  /** An unsolicited NOTIFY is under way. */
  | { readonly kind: 'telling'; readonly summary: MessageSummary }
  | { readonly kind: 'showing'; readonly summary: MessageSummary }
  /** It was told something, and has not confirmed it. */
  | { readonly kind: 'unsure' }
  /** It rejects unsolicited NOTIFYs. */
  | { readonly kind: 'deaf' };

export type LampEvent =
  /** The lamp may have changed. */
  | { readonly kind: 'changed'; readonly now: MessageSummary }
  /** The phone has registered for the first time, or on another flow. */
  | { readonly kind: 'registered'; readonly now: MessageSummary }
  /** The result of the NOTIFY under way. `now` is absent where the phone can no longer be told, or only by a subscription. */
  | { readonly kind: 'accepted' | 'failed'; readonly now: MessageSummary | undefined }
  | { readonly kind: 'declined' }
  /** A subscription tells it. */
  | { readonly kind: 'told'; readonly now: MessageSummary }
  /** A subscription is over, and its last NOTIFY was not answered. */
  | { readonly kind: 'doubted' };

/** The NOTIFY to send now, if any; the answer to an earlier one no longer matters. */
type Step = readonly [PhoneLamp, tell: MessageSummary | undefined];

export const UNTOLD: PhoneLamp = { kind: 'untold' };
const UNSURE: PhoneLamp = { kind: 'unsure' };

/**
 * When a phone that has not subscribed is told of its lamp. At most one NOTIFY is under way, the newest state wins, and a phone that
 * was never told anything is not told that its lamp is off: thousands of returning phones cost no NOTIFYs. PURE.
 */
export function step(state: PhoneLamp, event: LampEvent): Step {
  switch (event.kind) {
    case 'changed':
      return changed(state, event.now);
    case 'registered':
      return registered(state, event.now);
    case 'accepted':
    case 'failed':
      return state.kind === 'telling' ? answered(state, event) : [state, undefined];
    case 'declined':
      return [state.kind === 'telling' ? { kind: 'deaf' } : state, undefined];
    case 'told':
      return [{ kind: 'showing', summary: event.now }, undefined];
    case 'doubted':
      return [state.kind === 'showing' ? UNSURE : state, undefined];
    default:
      return assertNever(event);
  }
}

function changed(state: PhoneLamp, now: MessageSummary): Step {
  switch (state.kind) {
    case 'untold':
      return now.lit ? tell(now) : [state, undefined];
    case 'showing':
      return isSame(state.summary, now) ? [state, undefined] : tell(now);
    case 'unsure':
      return tell(now);
    case 'telling':
    case 'deaf':
      return [state, undefined];
    default:
      return assertNever(state);
  }
}

/** A phone that comes back may have forgotten what it showed, or have missed what it was told. */
function registered(state: PhoneLamp, now: MessageSummary): Step {
  switch (state.kind) {
    case 'untold':
    case 'deaf':
      return now.lit ? tell(now) : [UNTOLD, undefined];
    case 'showing':
      return now.lit || !isSame(state.summary, now) ? tell(now) : [state, undefined];
    case 'unsure':
    case 'telling':
      return tell(now);
    default:
      return assertNever(state);
  }
}

function answered(
  { summary }: PhoneLamp & { kind: 'telling' },
  { kind, now }: LampEvent & { kind: 'accepted' | 'failed' },
): Step {
  if (now !== undefined && !isSame(summary, now)) return tell(now);
  return [kind === 'accepted' ? { kind: 'showing', summary } : UNSURE, undefined];
}

const tell = (summary: MessageSummary): Step => [{ kind: 'telling', summary }, summary];
const isSame = (one: MessageSummary, other: MessageSummary): boolean => one.body === other.body;
