import { OPUS, PCMU } from '../codec/codec.ts';
import type { Codec } from '../codec/codec.ts';
import { QUIET_POWER } from '../codec/loudness.ts';
import { OpusDecoder } from '../codec/opus-codec.ts';
import { isOpusPacket, lostPacket, opusDuration } from '../codec/opus-packet.ts';
import { decodePcmu } from '../codec/pcmu.ts';
import { StreamResampler } from '../codec/resample.ts';
import type { MediaPacket } from '../endpoint.ts';
import { JitterBuffer } from './jitter-buffer.ts';
import { FRAME, MixFrame } from './mix-frame.ts';
import type { Source } from './mixer.ts';

/** Sound quieter than this, in dB below full scale, is nobody's voice: it is left out, so that silences do not add up to noise. */
const GATE_POWER = QUIET_POWER / 10;
/** The ends of words are quieter than their beginnings: the gate stays open for so many frames, 400 ms. */
const GATE_FRAMES = 20;
/** No packet of Opus lasts longer: 120 ms. */
const LONGEST = 6 * FRAME;

/** One participant's sound, from its packets to the samples of each 20 ms. To be closed. */
export class Voice implements Source {
  readonly codec: Codec['name'];
  readonly frame = new MixFrame();
  readonly #jitter: JitterBuffer;
  readonly #decoder: OpusDecoder | undefined;
  readonly #resampler: StreamResampler | undefined;
  /** Samples that were decoded and are not taken yet. */
  readonly #decoded = new Float32Array(2 * LONGEST);
  #count = 0;
  #toc = 0;
  /** Timestamp units that were concealed since the last packet. */
  #concealed = 0;
  #openFor = 0;

  constructor(codec: Codec['name']) {
    this.codec = codec;
    if (codec === 'opus') {
      this.#decoder = new OpusDecoder(OPUS.clock);
      this.#jitter = new JitterBuffer(OPUS.clock, (payload) => (opusDuration(payload) * OPUS.clock) / 1000);
    } else {
      this.#resampler = new StreamResampler(PCMU.clock, OPUS.clock);
      this.#jitter = new JitterBuffer(PCMU.clock, (payload) => payload.length);
    }
  }

  /** Is something being said? What is not is not worth mixing. */
  get isOpen(): boolean {
    return this.#openFor > 0;
  }

  receive({ timestamp, payload }: MediaPacket): void {
    if (this.#decoder ? isOpusPacket(payload) : payload.length <= LONGEST / 6)
      this.#jitter.add(timestamp, payload);
  }

  /** 20 ms have passed: `frame` is the next one. */
  take(): void {
    while (this.#count < FRAME) this.#decode();
    const power = this.frame.push(this.#decoded.subarray(0, FRAME));
    this.#decoded.copyWithin(0, FRAME, this.#count);
    this.#count -= FRAME;
    if (power > GATE_POWER) this.#openFor = GATE_FRAMES;
    else {
      this.#openFor = Math.max(0, this.#openFor - 1);
      this.#jitter.shorten();
    }
  }

  close(): void {
    this.#decoder?.close();
  }

  /** Adds at least one sample to those decoded. */
  #decode(): void {
    const taken = this.#jitter.take();
    if (taken instanceof Uint8Array) {
      this.#concealed = 0;
      this.#append(taken);
    } else if (taken !== undefined && this.#decoder && this.#concealed < LONGEST) this.#conceal(taken);
    else this.#fill(FRAME);
  }

  /** Opus continues what it heard last, ever more quietly (RFC 6716 §4.4); what comes as PCMU falls silent. */
  #conceal(units: number): void {
    const packet = lostPacket(this.#toc);
    const begin = this.#count;
    while (this.#count - begin < units) this.#append(packet);
    this.#concealed += units;
  }

  #append(payload: Uint8Array): void {
    if (this.#decoder) {
      this.#toc = payload[0] ?? 0;
      try {
        this.#add(this.#decoder.decode(payload));
      } catch {
        this.#fill(FRAME); // well framed, and nonsense inside: only this voice may suffer from it
      }
    } else if (this.#resampler) this.#add(this.#resampler.convert(decodePcmu(payload)));
  }

  #add(samples: Int16Array | Float32Array): void {
    this.#decoded.set(samples, this.#count);
    this.#count += samples.length;
  }

  #fill(samples: number): void {
    this.#decoded.fill(0, this.#count, this.#count + samples);
    this.#count += samples;
  }
}
