import type { Utterance } from '@perch/shared';
import type { MediaEngine } from '../../../media/endpoint.ts';
import type { InboundLeg, Reason } from '../../../sip/user-agent/leg.ts';
import { soundsOf } from '../sounds.ts';

/** The final refusal of an announced call. */
export interface Refusal {
  readonly status: number;
  readonly reason: Reason;
}

/**
 * Says why there will be no call, as early media (183 with our SDP), and then refuses it. Takes over `leg.listen`. Where
 * nothing can be spoken (the offer has no sound, for example), the call is refused at once. Resolves when all this is
 * over, or the caller has given up, and never rejects.
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
    // Refused below, only without an announcement.
  }
  leg.reject(status, { reason });
  endpoint.close();
}
