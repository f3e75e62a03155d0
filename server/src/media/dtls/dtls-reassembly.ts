import type { HandshakeFragment, HandshakeMessage } from './dtls-record.ts';

/** Longer messages are dropped: the longest real one, a certificate, takes a tenth of this. */
const LONGEST_MESSAGE = 16_384;
/** Messages further ahead are dropped too: a server's flight has six. */
const FURTHEST_AHEAD = 8;

interface Partial {
  readonly type: number;
  readonly body: Buffer;
  /** Nonzero for each octet of the body that has arrived. */
  readonly arrived: Uint8Array;
}

/** Puts handshake messages together and in order, each once, however they were cut, mixed and repeated (RFC 6347 §4.2.3). */
export class HandshakeReassembly {
  #next = 0;
  readonly #partials = new Map<number, Partial>();

  /** Takes a fragment; returns the messages that are now next in order. */
  add(fragment: HandshakeFragment): HandshakeMessage[] {
    const ahead = fragment.sequence - this.#next;
    if (ahead < 0 || ahead >= FURTHEST_AHEAD || fragment.length > LONGEST_MESSAGE) return [];
    const partial = this.#partials.get(fragment.sequence) ?? this.#begin(fragment);
    // Fragments of one message agree on its type and length; one that does not is not part of it.
    if (partial.type !== fragment.type || partial.body.length !== fragment.length) return [];
    fragment.body.copy(partial.body, fragment.offset);
    partial.arrived.fill(1, fragment.offset, fragment.offset + fragment.body.length);
    return this.#inOrder();
  }

  #begin({ sequence, type, length }: HandshakeFragment): Partial {
    const partial = { type, body: Buffer.alloc(length), arrived: new Uint8Array(length) };
    this.#partials.set(sequence, partial);
    return partial;
  }

  #inOrder(): HandshakeMessage[] {
    const messages: HandshakeMessage[] = [];
    for (let partial = this.#complete(); partial; partial = this.#complete()) {
      messages.push({ type: partial.type, sequence: this.#next, body: partial.body });
      this.#partials.delete(this.#next++);
    }
    return messages;
  }

  #complete(): Partial | undefined {
    const partial = this.#partials.get(this.#next);
    return partial?.arrived.includes(0) === false ? partial : undefined;
  }
}
