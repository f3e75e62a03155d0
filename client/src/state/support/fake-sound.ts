import type { HoldMusic } from '../../media/hold-music.ts';
import { closeMicrophone, type Microphone } from '../../media/microphone.ts';
import { fakeMicrophone } from '../../media/support/fake-microphone.ts';
import type { CallSound } from '../calls/call-microphone.svelte.ts';

/** The page's sound without devices: opens what the test gives it, in that order. */
export class FakeSound implements CallSound {
  remote: MediaStream | null = null;
  /** The microphones to open next; with none left, the browser keeps asking. */
  readonly microphones: Microphone[] = [];
  /** What has been played to calls on hold. */
  readonly music: MediaStream[] = [];
  #waiting: ((microphone: Microphone) => void)[] = [];
  #listeners: (() => void)[] = [];

  openMicrophone(): Promise<Microphone> {
    const next = this.microphones.shift();
    return next === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(next);
  }

  /** The person has allowed this microphone. */
  allow(microphone: Microphone): void {
    this.#waiting.shift()?.(microphone);
  }

  closeMicrophone(microphone: Microphone): void {
    closeMicrophone(microphone);
  }

  meter(): { read: () => number; close: () => void } {
    return { read: () => 0, close: () => undefined };
  }

  holdMusic(): HoldMusic {
    const { microphone } = fakeMicrophone('music');
    this.music.push(microphone.stream);
    return { stream: microphone.stream, stop: () => closeMicrophone(microphone) };
  }

  tone(): () => void {
    return () => undefined;
  }

  watchDevices(onChange: () => void): () => void {
    this.#listeners.push(onChange);
    return () => (this.#listeners = this.#listeners.filter((listener) => listener !== onChange));
  }

  /** A device comes or goes. */
  plug(): void {
    for (const listener of this.#listeners) listener();
  }
}
