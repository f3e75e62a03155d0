import { cseqOf } from '../../message/essentials.ts';
import { reasonPhrase } from '../../message/reason-phrases.ts';
import { referToOf } from '../../message/fields/refer-to.ts';
import type { OutgoingResponse, ServerTransaction } from '../../transaction/transaction-layer.ts';
import type { DialogPeer } from '../dialog-peer.ts';
import type { LegEvent } from '../leg.ts';

/** REFERs of one leg at once, open ones and those that still report. */
const MOST_REFERS = 4;

/** The REFERs that came over one leg, and the subscriptions that they imply (RFC 3515). */
export class ReferSubscriptions {
  /** By the REFER's CSeq number: open until decided, then reporting. */
  readonly #refers = new Map<number, ServerTransaction | 'reporting'>();
  readonly #peer: Pick<DialogPeer, 'contact' | 'tell'>;

  constructor(peer: Pick<DialogPeer, 'contact' | 'tell'>) {
    this.#peer = peer;
  }

  /** What the call should hear of it; `undefined` where the REFER was refused here. */
  receive(transaction: ServerTransaction): LegEvent | undefined {
    const { request } = transaction;
    const referTo = referToOf(request);
    if (referTo === undefined) {
      transaction.respond({ status: 400, reason: 'Malformed Refer-To' });
      return undefined;
    }
    if (this.#refers.size >= MOST_REFERS) {
      transaction.respond({ status: 503, fields: [['Retry-After', '10']] });
      return undefined;
    }
    const id = cseqOf(request).number;
    const referredBy = request.headers.get('referred-by');
    this.#refers.set(id, transaction);
    return { kind: 'refer', id, referTo, ...(referredBy !== undefined && { referredBy }) };
  }

  /** JsSIP answers 481 to a NOTIFY that overtakes the 202; behind it, it tells of 100 at once (RFC 3515 §2.4.4). */
  accept(id: number): void {
    if (!this.#decide(id, { status: 202, fields: [this.#peer.contact] })) return;
    this.#refers.set(id, 'reporting');
    this.progress(id, 100);
  }

  refuse(id: number, status: number): void {
    this.#decide(id, { status });
  }

  progress(id: number, status: number, text = reasonPhrase(status)): void {
    if (this.#refers.get(id) !== 'reporting') return;
    const final = status >= 200;
    if (final) this.#refers.delete(id);
    this.#peer.tell(
      'NOTIFY',
      [
        this.#peer.contact,
        ['Event', `refer;id=${String(id)}`],
        ['Subscription-State', final ? 'terminated;reason=noresource' : 'active;expires=60'],
        ['Content-Type', 'message/sipfrag;version=2.0'],
      ],
      `SIP/2.0 ${String(status)} ${text}\r\n`,
    );
  }

  /** The dialog is over: open REFERs are answered 481. */
  close(): void {
    for (const refer of this.#refers.values()) if (refer !== 'reporting') refer.respond({ status: 481 });
    this.#refers.clear();
  }

  #decide(id: number, response: OutgoingResponse): boolean {
    const refer = this.#refers.get(id);
    if (refer === undefined || refer === 'reporting') return false;
    this.#refers.delete(id);
    refer.respond(response);
    return true;
  }
}
