import type { Utterance } from '@perch/shared';
import type { MediaEngine } from '../../media/endpoint.ts';
import type { InboundLeg, Reason } from '../../sip/user-agent/leg.ts';
import { soundsOf } from '../sounds.ts';

/** What an announced call is refused with in the end. */
export interface Refusal {
  readonly status: number;
  readonly reason: Reason;
}

/**
 * Says why a call will not be, as early media (183 with our SDP), and then refuses it. Takes over `leg.listen`. Whatever
 * keeps it from speaking, an offer without sound for one, the call is refused at once; a caller who gives up is let go.
 * Resolves when that is over, and never rejects.
 */
export async function announce(
  leg: InboundLeg,
  { engine }: { readonly engine: MediaEngine },
  utterance: Utterance,
  { status, reason }: Refusal,
): Promise<void> {
  const endpoint = engine.endpoint();
  leg.listen((event) => {
    if (event.kind === 'cancelled' || event.kind === 'ended') endpoint.close();
  });
  try {
    leg.progress(183, await endpoint.answer(leg.sdp));
    await endpoint.play(soundsOf(utterance));
  } catch {
    // Refused below, only without being told why in words.
  }
  leg.reject(status, { reason });
  endpoint.close();
}
