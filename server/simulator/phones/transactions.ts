import type { SipResponse } from '../../src/sip/message/message.ts';
import type { Connection } from '../world/connection.ts';

/** A final response, or that none came: 408 for silence, 503 for a dead connection (RFC 3261 §8.1.3.1). */
export type Answered = (
  response: SipResponse | { readonly kind: 'none'; readonly status: 408 | 503 },
) => void;

interface Transaction {
  readonly method: string;
  readonly connection: Connection;
  readonly provisional: (response: SipResponse) => void;
  readonly answered: Answered;
  readonly stop: () => void;
}

/** The requests of a phone that have no final response, by branch and method. */
export class Transactions {
  readonly #open = new Map<string, Transaction>();

  begin(key: string, transaction: Transaction): void {
    this.#open.set(key, transaction);
  }

  /** No final response came. */
  end(key: string, status: 408 | 503): void {
    const transaction = this.#open.get(key);
    if (transaction === undefined) return;
    this.#open.delete(key);
    transaction.stop();
    transaction.answered({ kind: 'none', status });
  }

  /** The connection is gone, and with it whatever was still to be answered. */
  endOn(connection: Connection): void {
    for (const [key, transaction] of this.#open)
      if (transaction.connection === connection) this.end(key, 503);
  }

  answered(response: SipResponse): void {
    const { via, cseq } = response.essentials;
    const key = `${via.branch ?? ''} ${cseq.method}`;
    const transaction = this.#open.get(key);
    if (transaction === undefined) return;
    if (response.status < 200) {
      transaction.provisional(response);
      return;
    }
    this.#open.delete(key);
    transaction.stop();
    transaction.answered(response);
  }
}
