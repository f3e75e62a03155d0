import type { RTCSession, TerminateOptions } from 'jssip/lib/RTCSession';
import { after, type Cancel } from '../world/timers.ts';

/** How soon to offer again where another offer is under way in the session (milliseconds). */
const LOOK_MS = 100;
/** How soon to offer again after a refusal (milliseconds). */
const AGAIN_MS = 1_000;

/** What JsSIP says when it ends a call because the other side has refused an offer in it. */
const REFUSALS: readonly (string | undefined)[] = [
  'Hold Failed',
  'Unhold Failed',
  'Media Renegotiation Failed',
];

/** Puts the other side of one session on hold, and takes it back (RFC 3264 §8.4). */
export interface SessionHold {
  /** The other side is told as soon as it can be, whatever else is being offered or has been refused. */
  set(on: boolean): void;
  /** The session can be offered something now: it is confirmed, or the line is back. */
  resume(): void;
  stop(): void;
}

/**
 * JsSIP ends a call in which an offer is refused; the session is then as it was before (RFC 3261 §14.1), so this goes on with it and
 * tries again. Nor does JsSIP repeat a hold that it was asked for in the middle of another offer.
 */
export function holdOf(session: RTCSession, lineStands: () => boolean): SessionHold {
  let wanted = false;
  /** The last offer has not been answered, or was refused: the other side may not know. */
  let untold = false;
  let isOffering = false;
  let cancel: Cancel | undefined;

  const tell = (): void => {
    cancel?.();
    if (isOffering || !session.isEstablished() || !lineStands()) return;
    const { local } = session.isOnHold();
    if (local === wanted && !untold) return;
    const begun =
      local === wanted
        ? session.renegotiate({}, told)
        : wanted
          ? session.hold({}, told)
          : session.unhold({}, told);
    if (begun) isOffering = untold = true;
    else cancel = after(LOOK_MS, tell);
  };
  const told = (): void => {
    isOffering = untold = false;
    tell();
  };

  const terminate = session.terminate.bind(session);
  session.terminate = (options?: TerminateOptions): void => {
    if (!REFUSALS.includes(options?.reason_phrase) || !session.isEstablished()) {
      terminate(options);
      return;
    }
    isOffering = false;
    cancel?.();
    cancel = after(AGAIN_MS, tell);
  };

  return {
    set: (on) => {
      wanted = on;
      tell();
    },
    resume: () => {
      // What was on its way when the line broke has no answer.
      isOffering = false;
      tell();
    },
    stop: () => cancel?.(),
  };
}
