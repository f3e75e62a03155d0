import { FRAME_MS } from '../codec/codec.ts';
import type { Pacer } from './pacer.ts';
import { soundFrames } from './prompts.ts';
import type { Sound } from './prompts.ts';

/** Without a connection by then, an utterance begins all the same: a caller without sound gets the same dialogue. */
const LONGEST_WAIT_MS = 1200;
const LONGEST_WAIT_FRAMES = LONGEST_WAIT_MS / FRAME_MS;

/** Where frames go: `frame` counts 20 ms by the pacer; `first` marks the beginning of an utterance. */
export type FrameSink = (sound: Sound, index: number, frame: number, first: boolean) => void;

interface Utterance {
  readonly sounds: readonly Sound[];
  readonly isEndless: boolean;
  readonly resolve: (finished: boolean) => void;
}

/** Plays utterances, one at a time, each a sequence of sounds without gaps. */
export class Player {
  readonly #pacer: Pacer;
  readonly #sink: FrameSink;
  #utterance: Utterance | undefined;
  #stop: (() => void) | undefined;
  /** The sound and the frame in it that come next. */
  #at: readonly [sound: number, index: number] = [0, 0];
  /** Nothing of the utterance has been sent yet. */
  #isFirst = true;
  /** From this frame on sound may begin; undefined until an utterance waits for it. */
  #opensAt: number | undefined;

  constructor(pacer: Pacer, sink: FrameSink) {
    this.#pacer = pacer;
    this.#sink = sink;
  }

  /** The call is answered: sound begins when it is connected, or 1.2 s from now, so that no first word is cut off. */
  answered(): void {
    this.#opensAt ??= this.#pacer.frame + LONGEST_WAIT_FRAMES;
  }

  /** The call is connected: sound may begin. */
  connected(): void {
    this.#opensAt = this.#pacer.frame;
  }

  get isPlaying(): boolean {
    return this.#utterance !== undefined;
  }

  /** Resolves `true` when the last frame's time has passed, `false` when it was interrupted, by another `play` too. */
  play(sounds: readonly Sound[], isEndless = false): Promise<boolean> {
    this.interrupt();
    this.answered();
    return new Promise((resolve) => {
      this.#utterance = { sounds, isEndless, resolve };
      this.#at = [0, 0];
      this.#isFirst = true;
      this.#stop = this.#pacer.subscribe((frame) => this.#tick(frame));
    });
  }

  /** Stops at once: no further frame is sent. */
  interrupt(): void {
    this.#end(false);
  }

  #end(finished: boolean): void {
    const utterance = this.#utterance;
    this.#utterance = undefined;
    this.#stop?.();
    utterance?.resolve(finished);
  }

  #tick(frame: number): void {
    if (!this.#utterance || frame < (this.#opensAt ?? 0)) return;
    const [at, index] = this.#at;
    const sound = this.#utterance.sounds[at];
    if (!sound) {
      this.#end(true);
      return;
    }
    const { sounds, isEndless } = this.#utterance;
    if (index + 1 < soundFrames(sound)) this.#at = [at, index + 1];
    else this.#at = [isEndless ? (at + 1) % sounds.length : at + 1, 0];
    this.#sink(sound, index, frame, this.#isFirst);
    this.#isFirst = false;
  }
}
