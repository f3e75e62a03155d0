import { FRAME, MixFrame } from '../mix/mix-frame.ts';
import type { Source } from '../mix/mixer.ts';
import { CHIMES } from './chimes.ts';

/** One of the signs of coming and going, while it sounds. */
export class Chime implements Source {
  readonly frame = new MixFrame();
  readonly isOpen = true;
  readonly #samples: Float32Array;
  #at = 0;

  constructor(name: keyof typeof CHIMES) {
    this.#samples = CHIMES[name];
  }

  get isOver(): boolean {
    return this.#at >= this.#samples.length;
  }

  /** 20 ms have passed. */
  take(): void {
    this.frame.push(this.#samples.subarray(this.#at, (this.#at += FRAME)));
  }
}
