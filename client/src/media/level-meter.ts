import type { Sound } from './sound.ts';

/** The quietest level that the meter shows, in decibels below full scale. */
const FLOOR_DB = -54;

/** Measures how loud a stream is, whenever it is read. */
export class LevelMeter {
  readonly #release: () => void;
  readonly #source: MediaStreamAudioSourceNode;
  readonly #analyser: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;

  constructor(sound: Sound, stream: MediaStream) {
    const { context } = sound;
    this.#release = sound.use();
    this.#source = context.createMediaStreamSource(stream);
    this.#analyser = new AnalyserNode(context, { fftSize: 1024 });
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#source.connect(this.#analyser);
  }

  /** 0 (silence) to 1 (full scale), on a logarithmic scale. */
  read(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    const db = 10 * Math.log10(sum / this.#samples.length + 1e-12);
    return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
  }

  close(): void {
    this.#source.disconnect();
    this.#release();
  }
}
