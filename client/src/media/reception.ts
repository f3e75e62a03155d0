import type { Reception } from '../phone/calls/quality.ts';

/** `RTCStatsReport` entries, as far as they are read (W3C webrtc-stats §8). */
interface Inbound {
  readonly type: string;
  readonly kind?: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly nominated?: boolean;
  readonly currentRoundTripTime?: number;
}

/** Turns the running totals of `getStats` into what happened since the last look. */
export class ReceptionProbe {
  #received = 0;
  #lost = 0;

  /** `undefined` until packets have come. */
  async look(connection: RTCPeerConnection): Promise<Reception | undefined> {
    const stats = [...(await connection.getStats()).values()] as Inbound[];
    const inbound = stats.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
    const pair = stats.find(({ type, nominated }) => type === 'candidate-pair' && nominated === true);
    const received = (inbound?.packetsReceived ?? 0) - this.#received;
    const lost = Math.max(0, (inbound?.packetsLost ?? 0) - this.#lost);
    this.#received += received;
    this.#lost += lost;
    if (received + lost <= 0) return undefined;
    return {
      loss: lost / (received + lost),
      jitterMs: 1_000 * (inbound?.jitter ?? 0),
      roundTripMs: 1_000 * (pair?.currentRoundTripTime ?? 0),
    };
  }
}
