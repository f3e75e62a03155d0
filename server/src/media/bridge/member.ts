import type { MediaSound } from '../endpoint.ts';
import { createEar } from '../mix/ear.ts';
import type { Ear } from '../mix/ear.ts';
import type { Source } from '../mix/mixer.ts';
import { Voice } from '../mix/voice.ts';

/** One endpoint in a bridge: what it says, and the stream that is its alone, while it needs one. To be closed. */
export class Member {
  readonly endpoint: MediaSound;
  readonly #sources: Set<Source>;
  readonly #ignore: () => void;
  /** Of the codec that is agreed on, from the first packet on. */
  #voice: Voice | undefined;
  /** It has said something since everyone was silent last. */
  #ear: Ear | undefined;

  /** Its voice is added to `sources`. `closed` is called when the endpoint is. */
  constructor(endpoint: MediaSound, sources: Set<Source>, closed: () => void) {
    this.endpoint = endpoint;
    this.#sources = sources;
    this.#ignore = endpoint.listen({
      packet: (packet) => {
        if (packet.payload.length > 0) this.#tunedVoice()?.receive(packet);
      },
      closed,
    });
  }

  get source(): Source | undefined {
    return this.#voice;
  }

  /** 20 ms have passed: is it saying something? */
  listen(): boolean {
    this.#voice?.take();
    return this.#voice?.isOpen ?? false;
  }

  /**
   * The stream for this member alone; `undefined` where it hears what all hear. `isQuiet`: nobody is saying anything, so that it may change over.
   */
  ownEar(isQuiet: boolean): Ear | undefined {
    const { codec } = this.endpoint;
    if (this.#ear && (isQuiet || this.#ear.codec !== codec)) {
      this.#ear.close();
      this.#ear = undefined;
    }
    if (this.#voice?.isOpen && codec) this.#ear ??= createEar(codec);
    return this.#ear;
  }

  close(): void {
    this.#ignore();
    this.#ear?.close();
    this.#dropVoice();
  }

  #tunedVoice(): Voice | undefined {
    const { codec } = this.endpoint;
    if (this.#voice?.codec === codec) return this.#voice;
    this.#dropVoice();
    if (codec === undefined) return undefined;
    this.#voice = new Voice(codec);
    this.#sources.add(this.#voice);
    return this.#voice;
  }

  #dropVoice(): void {
    if (!this.#voice) return;
    this.#sources.delete(this.#voice);
    this.#voice.close();
    this.#voice = undefined;
  }
}
