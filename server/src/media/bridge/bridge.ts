import type { Codec } from '../codec/codec.ts';
import { MOST_IN_BRIDGE } from '../endpoint.ts';
import type { MediaBridge, MediaSound } from '../endpoint.ts';
import { createEar } from '../mix/ear.ts';
import type { Ear } from '../mix/ear.ts';
import { Mixer } from '../mix/mixer.ts';
import type { Source } from '../mix/mixer.ts';
import type { Pacer } from '../playback/pacer.ts';
import { Chime } from './chime.ts';
import { Member } from './member.ts';

/** What all who are silent hear, who have the same codec. */
interface Shared {
  readonly ear: Ear;
  /** The present frame's, once somebody needs it. */
  packet: Uint8Array | undefined;
}

/**
 * Mixes up to eight endpoints, on the engine's clock: in each 20 ms every voice is decoded once, and what is heard is encoded once for
 * all who are silent, since they hear the same, and once for each who speaks. A listener changes from one stream to the other only where
 * its decoder does not notice: to its own with a stream that begins, back when nobody speaks.
 */
export class Bridge implements MediaBridge {
  readonly #pacer: Pacer;
  readonly #members = new Set<Member>();
  readonly #chimes = new Map<'joined' | 'left', Chime>();
  /** Every voice and chime. */
  readonly #sources = new Set<Source>();
  readonly #mixer = new Mixer();
  readonly #shared = new Map<Codec['name'], Shared>();
  #stop: (() => void) | undefined;

  constructor(pacer: Pacer) {
    this.#pacer = pacer;
  }

  get size(): number {
    return this.#members.size;
  }

  join(endpoint: MediaSound): () => void {
    if (this.size >= MOST_IN_BRIDGE) throw new RangeError(`${MOST_IN_BRIDGE} take part already`);
    const leave = (): void => {
      if (this.#members.has(member)) this.#remove(member);
    };
    const member = new Member(endpoint, this.#sources, leave);
    this.#members.add(member);
    this.#stop ??= this.#pacer.subscribe((frame) => this.#tick(frame));
    return leave;
  }

  chime(sign: 'joined' | 'left'): void {
    // Of those who come together, one sign is enough.
    if (this.size === 0 || this.#chimes.has(sign)) return;
    const chime = new Chime(sign);
    this.#chimes.set(sign, chime);
    this.#sources.add(chime);
  }

  close(): void {
    for (const member of this.#members) this.#remove(member);
  }

  #tick(frame: number): void {
    for (const [sign, chime] of this.#chimes) this.#ring(sign, chime);
    let isQuiet = true;
    for (const member of this.#members) if (member.listen()) isQuiet = false;
    const all = this.#mixer.mix(this.#sources);
    for (const shared of this.#shared.values()) shared.packet = undefined;
    for (const member of this.#members) {
      const { codec, hears } = member.endpoint;
      if (codec === undefined || !hears) continue;
      const own = member.ownEar(isQuiet);
      const packet = own ? own.encode(this.#mixer.without(member.source)) : this.#sharedPacket(codec, all);
      member.endpoint.send(packet, frame);
    }
  }

  #sharedPacket(codec: Codec['name'], all: Float32Array): Uint8Array {
    let shared = this.#shared.get(codec);
    if (!shared) this.#shared.set(codec, (shared = { ear: createEar(codec), packet: undefined }));
    return (shared.packet ??= shared.ear.encode(all));
  }

  #ring(sign: 'joined' | 'left', chime: Chime): void {
    if (!chime.isOver) {
      chime.take();
      return;
    }
    this.#chimes.delete(sign);
    this.#sources.delete(chime);
  }

  #remove(member: Member): void {
    this.#members.delete(member);
    member.close();
    if (this.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
    for (const { ear } of this.#shared.values()) ear.close();
    this.#shared.clear();
    this.#chimes.clear();
    this.#sources.clear();
  }
}
