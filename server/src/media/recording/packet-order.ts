import type { MediaPacket } from '../endpoint.ts';

/** Packets that are held back for one that may still arrive. */
const MOST_WAITING = 5;
/** A packet up to this far behind is late or a copy; farther behind or ahead, the peer has started afresh (RFC 3550 §A.1). */
const MAX_MISORDER = 100;
const MAX_DROPOUT = 100;
/** This many seemingly late packets in a row are a new start that happens to be near the old sequence. */
const MOST_LATE = 5;

/** Puts packets back into their order, once each, by their sequence numbers (RFC 3550 §5.1). */
export class PacketOrder {
  readonly #deliver: (packet: MediaPacket) => void;
  /** Packets ahead of the one that comes next, nearest first. */
  readonly #waiting: MediaPacket[] = [];
  #next: number | undefined;
  #late = 0;

  constructor(deliver: (packet: MediaPacket) => void) {
    this.#deliver = deliver;
  }

  receive(packet: MediaPacket): void {
    const ahead = this.#ahead(packet);
    this.#late = ahead < 0 ? this.#late + 1 : 0;
    if (ahead < 0 && ahead >= -MAX_MISORDER && this.#late < MOST_LATE) return;
    if (ahead > MAX_DROPOUT || ahead < 0) this.flush(); // waiting packets belong to the sequence before
    else if (ahead > 0) {
      this.#wait(packet, ahead);
      return;
    }
    this.#pass(packet);
    this.#passWaiting();
  }

  /** Passes on every waiting packet. */
  flush(): void {
    for (const packet of this.#waiting.splice(0)) this.#pass(packet);
    this.#next = undefined;
    this.#late = 0;
  }

  /** How many packets before this one have not arrived. */
  #ahead({ sequence }: MediaPacket): number {
    return this.#next === undefined ? 0 : ((sequence - this.#next) << 16) >> 16;
  }

  #wait(packet: MediaPacket, ahead: number): void {
    const at = this.#waiting.findIndex((other) => this.#ahead(other) >= ahead);
    if (at < 0) this.#waiting.push(packet);
    else if (this.#waiting[at]?.sequence === packet.sequence) return;
    else this.#waiting.splice(at, 0, packet);
    if (this.#waiting.length <= MOST_WAITING) return;
    this.#next = this.#waiting[0]?.sequence; // packets missing before it are given up
    this.#passWaiting();
  }

  #passWaiting(): void {
    while (this.#waiting[0] && this.#waiting[0].sequence === this.#next) {
      const [packet] = this.#waiting.splice(0, 1);
      if (packet) this.#pass(packet);
    }
  }

  #pass(packet: MediaPacket): void {
    this.#next = (packet.sequence + 1) & 0xffff;
    this.#deliver(packet);
  }
}
