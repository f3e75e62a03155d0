import { PCMU } from './codec.ts';
import { meanPower, QUIET_POWER } from './loudness.ts';
import { OpusDecoder } from './opus-codec.ts';
import { isSilent } from './opus-packet.ts';

/**
 * Tells from Opus packets whether there is anything to hear in them. A packet's length does not tell: encoders
 * without discontinuous transmission spend as many on silence as on a whisper. So they are decoded, at the rate of a telephone,
 * where 20 ms of sound take a few hundredths of a millisecond. To be closed.
 */
export class OpusHearing {
  /** Created on demand: most peers send the level of each packet. */
  #decoder: OpusDecoder | undefined;

  /** Packets in their order, each of which `isOpusPacket`. */
  isHeard(packet: Uint8Array): boolean {
    if (isSilent(packet)) return false;
    this.#decoder ??= new OpusDecoder(PCMU.clock);
    return meanPower(this.#decoder.decode(packet)) > QUIET_POWER;
  }

  close(): void {
    this.#decoder?.close();
    this.#decoder = undefined;
  }
}
