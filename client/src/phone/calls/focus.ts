import type { LocalCallId } from './identity.ts';

/** One of the calls of this phone, as far as the focus is concerned. */
export interface Focusable {
  readonly local: LocalCallId;
  /** It rings here, and has not been answered. */
  readonly isOffered: boolean;
}

/**
 * Which call the page shows, once its calls are these, oldest first. A call keeps the focus until it is over; then the call that has rung
 * longest gets it, since someone is waiting for an answer, else the newest of the others. `null` without a call.
 */
export function focusAmong(calls: readonly Focusable[], focus: LocalCallId | null): LocalCallId | null {
  if (calls.some(({ local }) => local === focus)) return focus;
  return (calls.find(({ isOffered }) => isOffered) ?? calls.at(-1))?.local ?? null;
}
