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
  /** It does not take NOTIFYs that it has not asked for. */
  | { readonly kind: 'deaf' };

export type LampEvent =
  /** The lamp may have changed. */
  | { readonly kind: 'changed'; readonly now: MessageSummary }
  /** The phone is new, or back on another flow. */
  | { readonly kind: 'registered'; readonly now: MessageSummary }
  /** What became of the NOTIFY under way. `now` is absent where the phone cannot be told any more, or by a subscription only. */
  | { readonly kind: 'accepted' | 'failed'; readonly now: MessageSummary | undefined }
  | { readonly kind: 'declined' }
  /** A subscription tells it. */
  | { readonly kind: 'told'; readonly now: MessageSummary }
  /** A subscription is over, and has had no answer to the last that it told. */
  | { readonly kind: 'doubted' };

/** What is to be sent now, if anything; an earlier NOTIFY does not matter any more. */
type Step = readonly [PhoneLamp, tell: MessageSummary | undefined];

export const UNTOLD: PhoneLamp = { kind: 'untold' };
const UNSURE: PhoneLamp = { kind: 'unsure' };

/**
 * When a phone that has not subscribed is told of its lamp. One NOTIFY is under way at most, the newest state wins, and a phone that
 * was never told anything hears nothing of a lamp that is not lit: thousands that come back at once are not answered twice. PURE.
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
