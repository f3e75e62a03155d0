import { decode, mixDown } from './recording.ts';
import { wavOf } from './wav.ts';

/** The rate of Opus, to which the server converts it (hertz). */
const SAMPLE_RATE = 48_000;

/** Records what a microphone hears. */
export class VoiceRecorder {
  readonly #longestMs: number;
  readonly #recorder: MediaRecorder;
  readonly #parts: Blob[] = [];
  readonly #ended: Promise<void>;

  /** A longer recording is cut off at the end. */
  constructor(stream: MediaStream, longestMs: number) {
    this.#longestMs = longestMs;
    this.#recorder = new MediaRecorder(stream);
    this.#recorder.ondataavailable = ({ data }) => this.#parts.push(data);
    this.#ended = new Promise((resolve) => {
      this.#recorder.onstop = () => resolve();
    });
    this.#recorder.start();
  }

  /** What was recorded, as a WAV file: each browser records in a format of its own. Rejects where there is no sound in it. */
  async finish(): Promise<Blob> {
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    await this.#ended;
    const decoded = await decode(new Blob(this.#parts, { type: this.#recorder.mimeType }), SAMPLE_RATE);
    // Timers are late, and the server refuses a recording that is longer by one sample.
    const most = Math.floor((this.#longestMs * SAMPLE_RATE) / 1_000);
    return wavOf(mixDown(decoded).subarray(0, most), SAMPLE_RATE);
  }
}
