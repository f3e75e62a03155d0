import { readdirSync, rmSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const SAMPLE_RATE = 48_000;
/** Samples that are listened to: the last quarter of a second, shorter than the tone of a mailbox. */
const WINDOW = SAMPLE_RATE / 4;
const WAV_HEADER = 44;
const OCTETS_PER_SAMPLE = 2;
/** Of 32,768: what dither and a decoder's noise stay under. */
const SILENCE = 30;

/** After a call, so that nothing of it is taken for the next one. */
export function eraseTapes(folder: string): void {
  for (const name of readdirSync(folder)) if (name.startsWith('dump-')) rmSync(join(folder, name));
}

/** What a baresip hears or says, as its `sndfile` module writes it for each call (mono, 16 bits). */
export class Tape {
  readonly #samples: Int16Array;
  /** Seconds from the beginning of the call's sound. */
  readonly seconds: number;

  private constructor(samples: Int16Array, seconds: number) {
    this.#samples = samples;
    this.seconds = seconds;
  }

  /** Of the call that writes into that folder; empty before it has sound. */
  static async of(folder: string, side: 'heard' | 'said'): Promise<Tape> {
    const ending = side === 'heard' ? '-dec.wav' : '-enc.wav';
    // Named by date and time.
    const name = (await readdir(folder))
      .filter((each) => each.endsWith(ending))
      .sort()
      .at(-1);
    if (name === undefined) return new Tape(new Int16Array(), 0);
    const file = await open(join(folder, name));
    try {
      const written = Math.floor(((await file.stat()).size - WAV_HEADER) / OCTETS_PER_SAMPLE);
      const samples = new Int16Array(Math.max(0, Math.min(written, WINDOW)));
      const position = WAV_HEADER + OCTETS_PER_SAMPLE * (written - samples.length);
      await file.read(new Uint8Array(samples.buffer), 0, samples.byteLength, position);
      return new Tape(samples, written / SAMPLE_RATE);
    } finally {
      await file.close();
    }
  }

  /** At its end it is loud enough to be heard. */
  get sounds(): boolean {
    return this.#energy() > SILENCE ** 2 * this.#samples.length;
  }

  /** How much of the sound at its end is that one tone: 0 to 1, by Goertzel's algorithm. */
  share(hertz: number): number {
    const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / SAMPLE_RATE);
    let [last, before] = [0, 0];
    for (const sample of this.#samples) [last, before] = [sample + coefficient * last - before, last];
    const power = last ** 2 + before ** 2 - coefficient * last * before;
    return this.sounds ? (2 * power) / (this.#samples.length * this.#energy()) : 0;
  }

  #energy(): number {
    return this.#samples.reduce((sum, sample) => sum + sample ** 2, 0);
  }
}
