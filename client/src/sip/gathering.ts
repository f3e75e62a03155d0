import type { RTCSession } from 'jssip/lib/RTCSession';
import { after } from '../world/timers.ts';

/** How long an offer or answer waits for more candidates after its first one (milliseconds). */
const SETUP_MS = 400;
/** The same once no path has worked (milliseconds): a relay may be the only way, and far away. */
const RELAY_MS = 2_000;

/**
 * JsSIP sends its offer once all candidates have been gathered (RFC 8445 §5.1.1), for which browsers wait 10 s and more where a STUN
 * or TURN server does not answer. This sends what has been gathered when the time is over.
 */
export function limitGathering(session: RTCSession): void {
  let last: (() => void) | undefined;
  session.on('icecandidate', ({ ready }) => {
    // Each offer and answer has a function of its own, which does nothing where all has been gathered meanwhile.
    if (ready === last) return;
    last = ready;
    after(session.connection.iceConnectionState === 'failed' ? RELAY_MS : SETUP_MS, ready);
  });
}
