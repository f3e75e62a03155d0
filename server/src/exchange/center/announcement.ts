import type { Utterance } from '@perch/shared';
import type { MediaEndpoint, MediaEngine } from '../../media/endpoint.ts';
import type { InboundLeg, Reason } from '../../sip/user-agent/leg.ts';
import type { Clock } from '../ports.ts';
import { soundsOf } from './sounds.ts';

/** How long to wait for the caller's sound before speaking all the same (milliseconds). */
export const SOUND_GRACE_MS = 1_000;

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
  { engine, clock }: { readonly engine: MediaEngine; readonly clock: Clock },
  utterance: Utterance,
  { status, reason }: Refusal,
): Promise<void> {
  const endpoint = engine.endpoint();
  leg.listen((event) => {
    if (event.kind === 'cancelled' || event.kind === 'ended') endpoint.close();
  });
  try {
    leg.progress(183, await endpoint.answer(leg.sdp));
    await soundOrGrace(endpoint, clock);
    await endpoint.play(soundsOf(utterance));
  } catch {
    // Refused below, only without being told why in words.
  }
  leg.reject(status, { reason });
  endpoint.close();
}

/** Resolves when sound can flow, or will not in time. */
async function soundOrGrace(endpoint: MediaEndpoint, clock: Clock): Promise<void> {
  if (endpoint.connected) return;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const over = () => {
    resolve(undefined);
  };
  const cancel = clock.after(SOUND_GRACE_MS, over);
  endpoint.listen({ connected: over, closed: over });
  await promise;
  cancel();
}
