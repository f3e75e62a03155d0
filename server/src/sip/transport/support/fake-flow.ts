import type { FlowId, FlowListener, OwnedFlow } from '../flow.ts';

let flowsMade = 0;

/**
 * A flow in memory. What the server sends arrives at `peer`, at once; what the test sends as the peer goes to the
 * listener. Like a socket it reports its end later, in a microtask, and only once.
 */
export class FakeFlow implements OwnedFlow {
  readonly id: FlowId;
  readonly transport: 'WS' | 'WSS' = 'WS';
  readonly remoteAddress: string;
  readonly remotePort = 5060;
  authority: string | undefined;
  /** Everything that the server has sent. */
  readonly sent: string[] = [];
  /** How the server closed it. */
  closedWith: { readonly code: number; readonly reason: string } | undefined;
  /** How long the server wanted to hear nothing, the last time (milliseconds). */
  restsFor: number | undefined;
  /** What its peer sends is to wait for its turn. */
  isInTurn = true;
  /** Receives what the server sends, besides `sent`. */
  peer: (message: string) => void = () => undefined;
  #open = true;
  readonly #listener: FlowListener;

  constructor(listener: FlowListener, remoteAddress = '192.0.2.1') {
    // Far from the ids of real flows, for tests that use both.
    this.id = (1_000_000 + ++flowsMade) as FlowId;
    this.#listener = listener;
    this.remoteAddress = remoteAddress;
    listener.opened(this);
  }

  get open(): boolean {
    return this.#open;
  }

  send(message: string): boolean {
    if (!this.#open) return false;
    this.sent.push(message);
    this.peer(message);
    return true;
  }

  close(code: number, reason: string): void {
    if (!this.#open) return;
    this.closedWith = { code, reason };
    this.#end(reason);
  }

  /** A fake has no time: its peer is read again when the test says so. */
  rest(ms: number): void {
    this.restsFor = ms;
  }

  takesTurns(does: boolean): void {
    this.isInTurn = does;
  }

  /** As the peer: a ping, a pong or a fragment, of so many octets. */
  stir(octets: number): void {
    if (this.#open) this.#listener.stirred?.(this, octets);
  }

  /** As the peer: one frame. */
  receive(frame: string): void {
    if (!this.#open || frame === '\r\n') return;
    if (frame === '\r\n\r\n') this.send('\r\n');
    else this.#listener.received(this, frame);
  }

  /** As the peer: the connection is gone. */
  hangUp(reason = 'WebSocket closed with 1006'): void {
    if (this.#open) this.#end(reason);
  }

  #end(reason: string): void {
    this.#open = false;
    queueMicrotask(() => {
      this.#listener.closed(this, reason);
    });
  }
}
