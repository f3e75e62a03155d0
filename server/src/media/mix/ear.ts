import { OPUS, PCMU } from '../codec/codec.ts';
import type { Codec } from '../codec/codec.ts';
import { OpusEncoder } from '../codec/opus-codec.ts';
import { encodePcmu } from '../codec/pcmu.ts';
import { StreamResampler } from '../codec/resample.ts';

const BITRATE = 32_000;
/** Of libopus's ten: twice as much computing from here on makes speech no clearer. */
const COMPLEXITY = 3;

/** Makes packets of a mix: one stream, to be heard by one listener or by many. To be closed. */
export interface Ear {
  readonly codec: Codec['name'];
  /** 20 ms at 48 kHz, within 16 bits. */
  encode(mix: Float32Array): Uint8Array;
  close(): void;
}

export const createEar = (codec: Codec['name']): Ear => (codec === 'opus' ? new OpusEar() : new PcmuEar());

class OpusEar implements Ear {
  readonly codec = 'opus';
  readonly #encoder = new OpusEncoder(OPUS.clock, BITRATE, COMPLEXITY);
  readonly #samples = new Int16Array(OPUS.frame);

  encode(mix: Float32Array): Uint8Array {
    this.#samples.set(mix);
    return this.#encoder.encode(this.#samples);
  }

  close(): void {
    this.#encoder.close();
  }
}

class PcmuEar implements Ear {
  readonly codec = 'pcmu';
  readonly #resampler = new StreamResampler(OPUS.clock, PCMU.clock);
  readonly #samples = new Int16Array(PCMU.frame);

  encode(mix: Float32Array): Uint8Array {
    this.#samples.set(this.#resampler.convert(mix));
    return encodePcmu(this.#samples);
  }

  close(): void {
    // Nothing is held.
  }
}
