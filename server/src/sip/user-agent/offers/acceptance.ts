import { cseqOf } from '../../message/essentials.ts';
import type { Clock } from '../../../world/clock.ts';
import type { Flow } from '../../transport/flow.ts';
import type { OutgoingResponse, ServerTransaction } from '../../transaction/transaction-layer.ts';
import { T1, T2 } from '../leg-context.ts';

/** A 2xx to an INVITE, sent again and again until its ACK comes, though the transport is reliable (RFC 3261 §13.3.1.4). */
export class Acceptance {
  /** The INVITE's CSeq number, which the ACK repeats. */
  readonly sequence: number;
  readonly flow: Flow;
  readonly #clock: Clock;
  readonly #transaction: ServerTransaction;
  readonly #response: OutgoingResponse;
  readonly #giveUp: () => void;
  #waited = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, transaction: ServerTransaction, response: OutgoingResponse, giveUp: () => void) {
    this.flow = transaction.flow;
    this.#clock = clock;
    this.#transaction = transaction;
    this.sequence = cseqOf(transaction.request).number;
    this.#response = response;
    this.#giveUp = giveUp;
    this.#transmit();
    this.#wait(T1);
  }

  /** The ACK came, or is no longer expected. */
  stop(): void {
    this.#cancelTimer?.();
    this.#transaction.release();
  }

  /** No closure made in the constructor: V8's young collections kept those, with the INVITE and its answer, until the next full one. */
  #transmit(): void {
    this.#transaction.respond(this.#response);
  }

  #wait(ms: number): void {
    this.#cancelTimer = this.#clock.after(ms, () => {
      this.#waited += ms;
      if (this.#waited >= 64 * T1) {
        this.#giveUp();
        return;
      }
      this.#transmit();
      this.#wait(Math.min(2 * ms, T2, 64 * T1 - this.#waited));
    });
  }
}
