import type { LegId } from './fork.ts';

/** Does an offer put the other side on hold (RFC 3264 §8.4)? The direction of its audio, else of the session. */
export function holds(sdp: string): boolean {
  const direction = directionOf(sdp);
  return direction === 'sendonly' || direction === 'inactive';
}

/** A phone that has been put on hold, asked for an offer, commonly makes one in which it only listens. */
export const isOnHold = (sdp: string): boolean => directionOf(sdp) === 'recvonly';

/** An offer of sound both ways, as one that puts the other side on hold, or takes it back. */
export const offering = (sdp: string, direction: 'sendrecv' | 'sendonly'): string =>
  sdp.replace(/^a=sendrecv\r$/m, `a=${direction}\r`);

/** The sides that hold the other one, after an offer of `leg` was answered. */
export function withHold(held: readonly LegId[], leg: LegId, isHolding: boolean): readonly LegId[] {
  if (held.includes(leg) === isHolding) return held;
  return isHolding ? [...held, leg] : held.filter((other) => other !== leg);
}

/**
 * The sides that hold the other one, after two legs have been joined: a phone that has put its side on hold says so in an offer
 * that it was asked for, and in an answer to an offer of sound both ways. An answer to `inactive` can only be `inactive`, one to `recvonly` at
 * most `sendonly`: neither says anything.
 */
export function heldAfter(
  { source, sink, sdp }: { readonly source: LegId; readonly sink: LegId; readonly sdp: string },
  answer: string,
): readonly LegId[] {
  const isHeld = holds(sdp);
  const held = isHeld ? [source] : [];
  const isForced = isOnHold(sdp) || directionOf(sdp) === 'inactive';
  return holds(answer) && !isForced ? [...held, sink] : held;
}

function directionOf(sdp: string): string | undefined {
  const audio = sdp.indexOf('m=audio');
  const end = audio < 0 ? -1 : sdp.indexOf('\nm=', audio);
  const direction = directionIn(sdp.slice(Math.max(audio, 0), end < 0 ? undefined : end));
  return direction ?? directionIn(sdp.slice(0, Math.max(sdp.indexOf('\nm='), 0)));
}

const directionIn = (section: string): string | undefined =>
  /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(section)?.[1];
