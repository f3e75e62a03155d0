import type { Loudness } from '../phone/calls/own-voice.ts';
import type { Sound } from './sound.ts';

/** The quietest level that the meter shows, in decibels below full scale. */
const FLOOR_DB = -54;
/** Keeps the logarithm of silence finite: -120 dB. */
const LEAST_POWER = 1e-12;

/** Measures how loud a stream is, whenever it is read. */
export class LevelMeter {
  readonly #release: () => void;
  readonly #context: AudioContext;
  readonly #source: MediaStreamAudioSourceNode;
  readonly #analyser: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;

  constructor(sound: Sound, stream: MediaStream) {
    const { context } = sound;
    this.#context = context;
    this.#release = sound.use();
    this.#source = context.createMediaStreamSource(stream);
    this.#analyser = new AnalyserNode(context, { fftSize: 1024 });
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#source.connect(this.#analyser);
  }

  /** 0 (silence) to 1 (full scale), on a logarithmic scale. */
  read(): number {
    return Math.min(1, Math.max(0, 1 - this.#measure().rmsDb / FLOOR_DB));
  }

  /** `null` while the browser lets no sound run: then everything would seem silent. */
  loudness(): Loudness | null {
    return this.#context.state === 'running' ? this.#measure() : null;
  }

  close(): void {
    this.#source.disconnect();
    this.#release();
  }

  #measure(): Loudness {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    let peak = 0;
    for (const sample of this.#samples) {
      const power = sample * sample;
      sum += power;
      if (power > peak) peak = power;
    }
    return {
      rmsDb: 10 * Math.log10(sum / this.#samples.length + LEAST_POWER),
      peakDb: 10 * Math.log10(peak + LEAST_POWER),
    };
  }
}

/** What is read of a meter by those who do not open it. */
export type Level = Pick<LevelMeter, 'read' | 'loudness' | 'close'>;
