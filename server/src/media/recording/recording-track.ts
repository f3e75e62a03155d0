import { FRAME_MS, OPUS, PCMU } from '../codec/codec.ts';
import type { Codec } from '../codec/codec.ts';
import { meanPower, QUIET_POWER } from '../codec/loudness.ts';
import { OpusEncoder } from '../codec/opus-codec.ts';
import { OpusHearing } from '../codec/opus-hearing.ts';
import { isOpusPacket, lostPacket, opusDuration, SILENT_PACKET } from '../codec/opus-packet.ts';
import { decodePcmu } from '../codec/pcmu.ts';
import { SampleFrames } from '../codec/sample-frames.ts';

/** Turns payloads of one codec into the Opus packets of the file. */
export interface Track {
  readonly codec: Codec;
  /** How long a payload lasts; 0 where it is not of this codec. */
  durationMs(payload: Uint8Array): number;
  /** Is there anything to hear in it? */
  isHeard(payload: Uint8Array): boolean;
  sound(payload: Uint8Array): readonly Uint8Array[];
  /** Fills a gap that a decoder can conceal. */
  lost(ms: number): readonly Uint8Array[];
  /** Fills a longer gap with silence. */
  silence(ms: number): readonly Uint8Array[];
  /** Returns what is still held back; must be the last call. */
  end(): readonly Uint8Array[];
}

export function openTrack(codec: Codec['name']): Track {
  return codec === 'opus' ? new OpusTrack() : new PcmuTrack();
}

const silentPackets = (ms: number): Uint8Array[] =>
  Array<Uint8Array>(Math.floor(ms / FRAME_MS)).fill(SILENT_PACKET);

/** Opus goes into the file as it arrives. */
class OpusTrack implements Track {
  readonly codec = OPUS;
  readonly #hearing = new OpusHearing();
  #concealed = lostPacket(SILENT_PACKET[0] ?? 0);

  durationMs(payload: Uint8Array): number {
    return isOpusPacket(payload) ? opusDuration(payload) : 0;
  }

  isHeard(payload: Uint8Array): boolean {
    return this.#hearing.isHeard(payload);
  }

  sound(payload: Uint8Array): readonly Uint8Array[] {
    this.#concealed = lostPacket(payload[0] ?? 0);
    return [payload];
  }

  lost(ms: number): readonly Uint8Array[] {
    return Array<Uint8Array>(Math.floor(ms / opusDuration(this.#concealed))).fill(this.#concealed);
  }

  silence(ms: number): readonly Uint8Array[] {
    return silentPackets(ms);
  }

  end(): readonly Uint8Array[] {
    this.#hearing.close();
    return [];
  }
}

const SAMPLES_PER_MS = PCMU.clock / 1000;
/** A larger payload is not telephone sound. */
const LONGEST_PAYLOAD_MS = 120;
/** Enough for 3.4 kHz; at this complexity a frame takes a tenth of a millisecond. */
const BITRATE = 20_000;
const COMPLEXITY = 3;

/** µ-law is re-encoded, frame by frame. */
class PcmuTrack implements Track {
  readonly codec = PCMU;
  readonly #encoder = new OpusEncoder(PCMU.clock, BITRATE, COMPLEXITY);
  readonly #frames = new SampleFrames(PCMU.frame);

  durationMs(payload: Uint8Array): number {
    const ms = payload.length / SAMPLES_PER_MS;
    return ms <= LONGEST_PAYLOAD_MS ? ms : 0;
  }

  isHeard(payload: Uint8Array): boolean {
    return meanPower(decodePcmu(payload)) > QUIET_POWER;
  }

  sound(payload: Uint8Array): readonly Uint8Array[] {
    return this.#encode(decodePcmu(payload));
  }

  lost(ms: number): readonly Uint8Array[] {
    return this.#encode(new Int16Array(Math.floor(ms * SAMPLES_PER_MS)));
  }

  silence(ms: number): readonly Uint8Array[] {
    return [...this.#complete(), ...silentPackets(ms)];
  }

  end(): readonly Uint8Array[] {
    const packets = this.#complete();
    this.#encoder.close();
    return packets;
  }

  #encode(samples: Int16Array): Uint8Array[] {
    return this.#frames.add(samples).map((frame) => this.#encoder.encode(frame));
  }

  /** An unfinished frame is padded with silence. */
  #complete(): Uint8Array[] {
    return this.#frames.end().map((frame) => this.#encoder.encode(frame));
  }
}
