import { ReleasingMap } from '../../collections/releasing-map.ts';
import type { Clock } from '../../world/clock.ts';
import type { OutgoingRequest, TransactionLayer } from '../transaction/transaction-layer.ts';
import type { Flow, FlowId } from '../transport/flow.ts';

/** How long a BYE that was lost is kept for a phone that comes back (milliseconds). */
const KEPT_MS = 90_000;

/**
 * The BYEs of all dialogs. One that is lost with its flow would leave its phone in a call that has no other side: it is sent once more
 * when the phone is back (RFC 3261 §15.1.1, RFC 5626 §5.3).
 */
export class Farewells {
  readonly #transactions: TransactionLayer;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #lost = new ReleasingMap<FlowId, OutgoingRequest[]>();

  constructor(transactions: TransactionLayer, clock: Pick<Clock, 'after'>) {
    this.#transactions = transactions;
    this.#clock = clock;
  }

  /** Any answer will do: a peer that does not know the dialog any more is not in it either. */
  send(flow: Flow, bye: OutgoingRequest): void {
    this.#transactions.send(flow, bye, {
      final: () => undefined,
      failed: () => {
        this.#keep(flow, bye);
      },
    });
  }

  /** The phone of that flow is on another one now: what it has not answered is sent there. */
  replaced(flow: Flow, by: Flow): void {
    this.#transactions.giveUp(flow, 'BYE');
    const lost = this.#lost.get(flow.id) ?? [];
    this.#lost.delete(flow.id);
    for (const bye of lost) this.send(by, bye);
  }

  #keep(flow: Flow, bye: OutgoingRequest): void {
    const others = this.#lost.get(flow.id);
    if (others !== undefined) {
      others.push(bye);
      return;
    }
    this.#lost.set(flow.id, [bye]);
    this.#clock.after(KEPT_MS, () => {
      this.#lost.delete(flow.id);
    });
  }
}
