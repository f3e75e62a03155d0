import type { Language } from '@perch/shared';
import type { MediaClock } from '../clock.ts';
import { MOST_IN_BRIDGE, UnacceptableAnswer, UnacceptableOffer } from '../endpoint.ts';
import type {
  EndpointClosed,
  EndpointListener,
  MediaBridge,
  MediaEndpoint,
  MediaSound,
  MediaEngine,
  MediaPacket,
  Playable,
  Playing,
} from '../endpoint.ts';
import { FRAME_MS } from '../codec/codec.ts';
import { soundFrames } from '../playback/prompts.ts';

/** One `play`, as the test sees it. */
export interface FakeUtterance {
  /** Names, and recordings as the very objects that were given to `play`. */
  readonly sounds: readonly Playable[];
  /** In which the named ones are spoken. */
  readonly language: Language;
  outcome: 'playing' | 'finished' | 'interrupted';
}

/** A media engine without sound: prompts last as long as the test says, by the test's clock. */
export class FakeMediaEngine implements MediaEngine {
  /** Every endpoint ever made, oldest first. */
  readonly endpoints: FakeEndpoint[] = [];
  /** Every bridge ever made, oldest first. */
  readonly bridges: FakeBridge[] = [];
  readonly #clock: MediaClock;
  readonly #duration: (sound: string) => number;

  /** `duration` is how many milliseconds a sound takes: one second unless told. */
  constructor(clock: MediaClock, duration: (sound: string) => number = () => 1000) {
    this.#clock = clock;
    this.#duration = duration;
  }

  endpoint(): FakeEndpoint {
    const ufrag = `server${String(this.endpoints.length)}`;
    const endpoint = new FakeEndpoint(this.#clock, this.#duration, ufrag);
    this.endpoints.push(endpoint);
    return endpoint;
  }

  bridge(): FakeBridge {
    const bridge = new FakeBridge();
    this.bridges.push(bridge);
    return bridge;
  }

  /** The newest endpoint; throws where there is none. */
  get last(): FakeEndpoint {
    const endpoint = this.endpoints.at(-1);
    if (!endpoint) throw new Error('no endpoint was made');
    return endpoint;
  }

  async close(): Promise<void> {
    for (const endpoint of this.endpoints) endpoint.close();
  }
}

/** A bridge without sound, of endpoints of any kind. */
export class FakeBridge implements MediaBridge {
  /** Those who take part, in the order of joining. */
  readonly members: MediaSound[] = [];
  /** The signs that were heard, oldest first. */
  readonly chimes: ('joined' | 'left')[] = [];

  get size(): number {
    return this.members.length;
  }

  join(endpoint: MediaSound): () => void {
    if (this.size >= MOST_IN_BRIDGE) throw new RangeError('the bridge is full');
    this.members.push(endpoint);
    const leave = (): void => {
      ignore();
      const at = this.members.indexOf(endpoint);
      if (at >= 0) this.members.splice(at, 1);
    };
    const ignore = endpoint.listen({ closed: leave });
    return leave;
  }

  chime(sign: 'joined' | 'left'): void {
    if (this.size > 0) this.chimes.push(sign);
  }

  close(): void {
    this.members.length = 0;
  }
}

/** An endpoint that a test plays the peer of: `connect`, `press`, `speak`, `lose`. */
export class FakeEndpoint implements MediaEndpoint {
  /** The offers answered, oldest first. */
  readonly offers: string[] = [];
  /** The answers accepted, oldest first. */
  readonly answers: string[] = [];
  /** Everything played, oldest first. */
  readonly utterances: FakeUtterance[] = [];
  closedAs: EndpointClosed | undefined;
  connected = false;
  /** What was sent frame by frame, apart from utterances, oldest first. */
  readonly sent: { readonly payload: Uint8Array; readonly frame: number }[] = [];
  /** Put on hold by the peer. */
  onHold = false;
  /** Opus from the first answer on, unless a test sets another. */
  codec: MediaEndpoint['codec'];
  readonly #clock: MediaClock;
  readonly #duration: (sound: string) => number;
  readonly #ufrag: string;
  readonly #listeners = new Set<EndpointListener>();
  #end: ((finished: boolean) => void) | undefined;
  #version = 0;
  #isOffered = false;

  constructor(clock: MediaClock, duration: (sound: string) => number, ufrag: string) {
    this.#clock = clock;
    this.#duration = duration;
    this.#ufrag = ufrag;
  }

  async answer(offer: string): Promise<string> {
    if (this.closedAs) throw new UnacceptableOffer('The call is over', 399);
    if (!/^m=audio [1-9]/m.test(offer))
      throw new UnacceptableOffer('No audio over DTLS-SRTP is offered', 304);
    this.offers.push(offer);
    this.codec ??= 'opus';
    this.#isOffered = false;
    return this.#description();
  }

  async offer(before?: string): Promise<string> {
    if (this.closedAs) throw new UnacceptableOffer('The call is over', 399);
    if (before !== undefined && !/^m=audio [1-9]/m.test(before))
      throw new UnacceptableOffer('No audio over DTLS-SRTP is offered', 304);
    this.#isOffered = true;
    return this.#description();
  }

  async accept(answer: string): Promise<void> {
    if (this.closedAs) throw new UnacceptableAnswer('The call is over');
    if (!this.#isOffered) throw new UnacceptableAnswer('Nothing was offered');
    if (!/^m=audio [1-9]/m.test(answer)) throw new UnacceptableAnswer('The answer has no audio');
    this.answers.push(answer);
    this.codec ??= 'opus';
    this.#isOffered = false;
  }

  #description(): string {
    return [
      'v=0',
      `o=- 1 ${++this.#version} IN IP4 127.0.0.1`,
      's=-',
      't=0 0',
      'a=ice-lite',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 127.0.0.1',
      `a=ice-ufrag:${this.#ufrag}`,
      'a=sendrecv',
      '',
    ].join('\r\n');
  }

  listen(listener: EndpointListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  play(sounds: readonly Playable[], { language = 'en', times = 'once' }: Playing = {}): Promise<boolean> {
    this.interrupt();
    if (this.closedAs) return Promise.resolve(false);
    const utterance: FakeUtterance = { sounds, language, outcome: 'playing' };
    this.utterances.push(utterance);
    return new Promise((resolve) => {
      const total = sounds.reduce((sum, sound) => sum + this.#durationOf(sound), 0);
      const cancel =
        times === 'forever' ? () => undefined : this.#clock.after(total, () => this.#end?.(true));
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

  get frame(): number {
    return Math.floor(this.#clock.monotonic() / FRAME_MS);
  }

  get hears(): boolean {
    return this.connected && !this.onHold && this.#end === undefined;
  }

  send(payload: Uint8Array, frame: number): void {
    if (this.hears) this.sent.push({ payload, frame });
  }

  close(): void {
    this.lose('local');
  }

  /** What is being played now; empty in silence. */
  get playing(): readonly Playable[] {
    const last = this.utterances.at(-1);
    return last?.outcome === 'playing' ? last.sounds : [];
  }

  /** Every sound played so far, in order, interrupted ones included. */
  get heard(): readonly Playable[] {
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

  /** A packet of the peer's sound comes in. */
  speak(packet: MediaPacket): void {
    for (const listener of this.#listeners) listener.packet?.(packet);
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

  #durationOf(sound: Playable): number {
    return typeof sound === 'string' ? this.#duration(sound) : soundFrames(sound) * FRAME_MS;
  }
}
