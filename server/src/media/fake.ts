import type { MediaClock } from './clock.ts';
import { UnacceptableOffer } from './endpoint.ts';
import type { EndpointClosed, EndpointListener, MediaEndpoint, MediaEngine } from './endpoint.ts';

/** One `play`, as the test sees it. */
export interface FakeUtterance {
  readonly sounds: readonly string[];
  outcome: 'playing' | 'finished' | 'interrupted';
}

/** A media engine without sound: prompts last as long as the test says, by the test's clock. */
export class FakeMediaEngine implements MediaEngine {
  /** Every endpoint ever made, oldest first. */
  readonly endpoints: FakeEndpoint[] = [];
  readonly #clock: MediaClock;
  readonly #duration: (sound: string) => number;

  /** `duration` is how many milliseconds a sound takes: one second unless told. */
  constructor(clock: MediaClock, duration: (sound: string) => number = () => 1000) {
    this.#clock = clock;
    this.#duration = duration;
  }

  endpoint(): FakeEndpoint {
    const endpoint = new FakeEndpoint(this.#clock, this.#duration);
    this.endpoints.push(endpoint);
    return endpoint;
  }

  /** The youngest endpoint; a test that has none is wrong. */
  get last(): FakeEndpoint {
    const endpoint = this.endpoints.at(-1);
    if (!endpoint) throw new Error('no endpoint was made');
    return endpoint;
  }

  async close(): Promise<void> {
    for (const endpoint of this.endpoints) endpoint.close();
  }
}

/** An endpoint that a test plays the peer of: `connect`, `press`, `lose`. */
export class FakeEndpoint implements MediaEndpoint {
  /** The offers answered, oldest first. */
  readonly offers: string[] = [];
  /** Everything played, oldest first. */
  readonly utterances: FakeUtterance[] = [];
  closedAs: EndpointClosed | undefined;
  connected = false;
  readonly #clock: MediaClock;
  readonly #duration: (sound: string) => number;
  readonly #listeners: EndpointListener[] = [];
  #end: ((finished: boolean) => void) | undefined;

  constructor(clock: MediaClock, duration: (sound: string) => number) {
    this.#clock = clock;
    this.#duration = duration;
  }

  async answer(offer: string): Promise<string> {
    if (this.closedAs) throw new UnacceptableOffer('the endpoint is closed');
    if (!/^m=audio [1-9]/m.test(offer)) throw new UnacceptableOffer('no audio is offered');
    this.offers.push(offer);
    const version = this.offers.length;
    return [
      'v=0',
      `o=- 1 ${version} IN IP4 127.0.0.1`,
      's=-',
      't=0 0',
      'a=ice-lite',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 127.0.0.1',
      'a=sendrecv',
      '',
    ].join('\r\n');
  }

  listen(listener: EndpointListener): void {
    this.#listeners.push(listener);
  }

  play(sounds: readonly string[]): Promise<boolean> {
    this.interrupt();
    if (this.closedAs) return Promise.resolve(false);
    const utterance: FakeUtterance = { sounds, outcome: 'playing' };
    this.utterances.push(utterance);
    return new Promise((resolve) => {
      const total = sounds.reduce((sum, sound) => sum + this.#duration(sound), 0);
      const cancel = this.#clock.after(total, () => this.#end?.(true));
      this.#end = (finished) => {
        this.#end = undefined;
        cancel();
        utterance.outcome = finished ? 'finished' : 'interrupted';
        resolve(finished);
      };
    });
  }

  interrupt(): void {
    this.#end?.(false);
  }

  close(): void {
    this.lose('local');
  }

  /** The names being played now; empty in silence. */
  get playing(): readonly string[] {
    const last = this.utterances.at(-1);
    return last?.outcome === 'playing' ? last.sounds : [];
  }

  /** Every sound played so far, in order, interrupted ones included. */
  get heard(): readonly string[] {
    return this.utterances.flatMap((utterance) => utterance.sounds);
  }

  /** The peer's ICE and DTLS succeed. */
  connect(): void {
    if (this.connected || this.closedAs) return;
    this.connected = true;
    for (const listener of this.#listeners) listener.connected?.();
  }

  /** The peer presses keys: `press('4071#')`. */
  press(digits: string): void {
    for (const digit of digits) {
      if (this.closedAs) return;
      for (const listener of this.#listeners) listener.digit?.(digit);
    }
  }

  /** What plays now is over at once, as if its time had passed. */
  finish(): void {
    this.#end?.(true);
  }

  /** The endpoint ends for a reason of the peer's or the network's. */
  lose(reason: EndpointClosed): void {
    if (this.closedAs) return;
    this.closedAs = reason;
    this.connected = false;
    this.interrupt();
    for (const listener of this.#listeners) listener.closed?.(reason);
  }
}
