import { cseqOf } from '../../message/essentials.ts';
import { reasonPhrase } from '../../message/reason-phrases.ts';
import { referToOf } from '../../message/fields/refer-to.ts';
import type { OutgoingResponse, ServerTransaction } from '../../transaction/transaction-layer.ts';
import type { DialogPeer } from '../dialog-peer.ts';
import type { LegEvent } from '../leg.ts';

/** REFERs of one leg at once: open ones, those that still report, and those whose last report has not been answered. */
const MOST_REFERS = 4;

/** What became of a REFER: a server that was started anew has forgotten it. */
const FORGOTTEN = 503;

/** How a REFER fares. */
interface Report {
  readonly status: number;
  readonly text: string;
}

/**
 * The REFERs that came over one leg, and the subscriptions that they imply (RFC 3515). A peer that was away is told the last report when it
 * is back.
 */
export class ReferSubscriptions {
  /** By the REFER's CSeq number: open until decided, then reporting. */
  readonly #refers = new Map<number, ServerTransaction | 'reporting'>();
  /** The last report of each, until the peer has answered it, or has had 32 s to do so. */
  readonly #unheard = new Map<number, Report>();
  readonly #peer: Pick<DialogPeer, 'contact' | 'send'>;

  constructor(peer: Pick<DialogPeer, 'contact' | 'send'>) {
    this.#peer = peer;
  }

  /** Those whose outcome the peer does not know. */
  get open(): readonly number[] {
    const reporting = [...this.#refers].flatMap(([id, refer]) => (refer === 'reporting' ? [id] : []));
    const untold = [...this.#unheard].flatMap(([id, { status }]) => (isFinal(status) ? [id] : []));
    return [...reporting, ...untold];
  }

  /** Those that were open before a restart have failed; the peer is told when it is back. */
  resume(open: readonly number[]): void {
    for (const id of open) this.#unheard.set(id, { status: FORGOTTEN, text: reasonPhrase(FORGOTTEN) });
  }

  /** The peer is back, perhaps on another flow. */
  rebound(): void {
    for (const [id, report] of this.#unheard) this.#report(id, report);
  }

  /** What the call should hear of it; `undefined` where the REFER was refused here. */
  receive(transaction: ServerTransaction): LegEvent | undefined {
    const { request } = transaction;
    const referTo = referToOf(request);
    if (referTo === undefined) {
      transaction.respond({ status: 400, reason: 'Malformed Refer-To' });
      return undefined;
    }
    if (new Set([...this.#refers.keys(), ...this.#unheard.keys()]).size >= MOST_REFERS) {
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
    if (isFinal(status)) this.#refers.delete(id);
    const report = { status, text };
    this.#unheard.set(id, report);
    this.#report(id, report);
  }

  /** The dialog is over: open REFERs are answered 481. */
  close(): void {
    for (const refer of this.#refers.values()) if (refer !== 'reporting') refer.respond({ status: 481 });
    this.#refers.clear();
    this.#unheard.clear();
  }

  /** A peer that no longer has the subscription (481) may still have the call (RFC 5057 §5.1). */
  #report(id: number, report: Report): void {
    const { status, text } = report;
    this.#peer.send(
      'NOTIFY',
      [
        this.#peer.contact,
        ['Event', `refer;id=${String(id)}`],
        ['Subscription-State', isFinal(status) ? 'terminated;reason=noresource' : 'active;expires=60'],
        ['Content-Type', 'message/sipfrag;version=2.0'],
      ],
      `SIP/2.0 ${String(status)} ${text}\r\n`,
      {
        final: () => {
          this.#settle(id, report);
        },
        // A peer that is there and does not answer is not asked again.
        failed: (cause) => {
          if (cause === 'timeout') this.#settle(id, report);
        },
      },
    );
  }

  #settle(id: number, report: Report): void {
    if (this.#unheard.get(id) === report) this.#unheard.delete(id);
  }

  #decide(id: number, response: OutgoingResponse): boolean {
    const refer = this.#refers.get(id);
    if (refer === undefined || refer === 'reporting') return false;
    this.#refers.delete(id);
    refer.respond(response);
    return true;
  }
}

const isFinal = (status: number): boolean => status >= 200;
