/**
 * libopus, always as WebAssembly: it is the same on every machine, and what a caller sends never reaches native code. Every
 * thread that imports this has one instance of it.
 */
import { Decoder, Encoder } from '@evan/opus/wasm/index.mjs';

/** Of `opus_defines.h`. */
const OPUS_SET_BITRATE = 4002;
const OPUS_SET_COMPLEXITY = 4010;

type Rate = 8000 | 48_000;

/** Encodes mono in packets of 20 ms. To be closed. */
export class OpusEncoder {
  readonly #encoder: Encoder;

  /** `rate` in samples a second, `bitrate` in bits a second, `complexity` from 0 to 10. */
  constructor(rate: Rate, bitrate: number, complexity: number) {
    this.#encoder = new Encoder({ channels: 1, sample_rate: rate, application: 'voip' });
    this.#encoder.ctl(OPUS_SET_BITRATE, bitrate);
    this.#encoder.ctl(OPUS_SET_COMPLEXITY, complexity);
  }

  /** `samples` are 20 ms. */
  encode(samples: Int16Array): Uint8Array {
    return this.#encoder.encode(samples);
  }

  close(): void {
    this.#encoder.drop();
  }
}

/** Decodes to mono, or to two channels, whose samples alternate. To be closed. */
export class OpusDecoder {
  readonly #decoder: Decoder;

  /** `rate` in samples a second. */
  constructor(rate: Rate, channels: 1 | 2 = 1) {
    this.#decoder = new Decoder({ channels, sample_rate: rate });
  }

  /** Throws where it is not a packet (`isOpusPacket`). */
  decode(packet: Uint8Array): Int16Array {
    const octets = this.#decoder.decode(packet);
    return new Int16Array(octets.buffer, octets.byteOffset, octets.length / 2);
  }

  close(): void {
    this.#decoder.drop();
  }
}
