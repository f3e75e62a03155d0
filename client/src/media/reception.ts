import type { Direction, Reception } from '../phone/calls/quality.ts';

/** `RTCStatsReport` entries, as far as they are read (W3C webrtc-stats §8). */
interface Entry {
  readonly type: string;
  readonly kind?: string;
  readonly timestamp?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly concealedSamples?: number;
  readonly silentConcealedSamples?: number;
  readonly totalSamplesReceived?: number;
  readonly jitter?: number;
  readonly fractionLost?: number;
  readonly roundTripTime?: number;
  readonly nominated?: boolean;
  readonly currentRoundTripTime?: number;
}

/** How many packets of sound have arrived over it. */
export async function packetsOf(connection: RTCPeerConnection): Promise<number> {
  const stats = [...(await connection.getStats()).values()] as Entry[];
  return stats.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio')?.packetsReceived ?? 0;
}

/** Turns the running totals of `getStats` into what has happened since the last look. */
export class ReceptionProbe {
  #arrived = 0;
  #lost = 0;
  #concealed = 0;
  #samples = 0;
  #reportedAt = 0;

  /** `undefined` where nothing has arrived here, and the other end has said nothing of what arrives there. */
  async look(connection: RTCPeerConnection): Promise<Reception | undefined> {
    const stats = [...(await connection.getStats()).values()] as Entry[];
    const audio = (name: string): Entry | undefined =>
      stats.find(({ type, kind }) => type === name && kind === 'audio');
    const report = audio('remote-inbound-rtp');
    const pair = stats.find(({ type, nominated }) => type === 'candidate-pair' && nominated === true);
    const [incoming, outgoing] = [this.#incoming(audio('inbound-rtp')), this.#outgoing(report)];
    if (incoming === null && outgoing === null) return undefined;
    return {
      incoming,
      outgoing,
      roundTripMs: 1_000 * (report?.roundTripTime ?? pair?.currentRoundTripTime ?? 0),
    };
  }

  #incoming(entry: Entry | undefined): Direction | null {
    const arrived = (entry?.packetsReceived ?? 0) - this.#arrived;
    // Packets that were counted as lost may still come: then the total is smaller than before.
    const lost = Math.max(0, (entry?.packetsLost ?? 0) - this.#lost);
    const concealed = (entry?.concealedSamples ?? 0) - (entry?.silentConcealedSamples ?? 0) - this.#concealed;
    const samples = (entry?.totalSamplesReceived ?? 0) - this.#samples;
    this.#arrived += arrived;
    this.#lost += lost;
    this.#concealed += concealed;
    this.#samples += samples;
    if (arrived <= 0) return null;
    const madeUp = samples > 0 ? Math.max(0, concealed) / samples : 0;
    return { loss: Math.max(lost / (arrived + lost), madeUp), jitterMs: 1_000 * (entry?.jitter ?? 0) };
  }

  /** Only where there is a new report: an old one says nothing of the last interval. */
  #outgoing(report: Entry | undefined): Direction | null {
    const { timestamp = 0, fractionLost = 0, jitter = 0 } = report ?? {};
    if (report === undefined || timestamp === this.#reportedAt) return null;
    this.#reportedAt = timestamp;
    return { loss: Math.max(0, fractionLost), jitterMs: 1_000 * jitter };
  }
}
