import { ReleasingMap } from '../../collections/releasing-map.ts';
import type { Clock } from '../../world/clock.ts';
import { requestFields } from '../dialog/dialog.ts';
import { type DialogSnapshot, restored } from '../dialog/dialog-snapshot.ts';
import type { OutgoingRequest, TransactionLayer } from '../transaction/transaction-layer.ts';
import type { Flow, FlowId } from '../transport/flow.ts';
import type { Reason } from './leg.ts';
import { reasonField } from './own-fields.ts';

/** How long a BYE that was lost is kept for a phone that comes back (milliseconds). */
const KEPT_MS = 90_000;
/** A BYE that has had no answer for so long, and at most twice as long, may not have one before the process ends (milliseconds). */
const LATE_MS = 1_000;

/** The last request of a dialog. */
export interface Farewell {
  /** Our tag in the dialog, which no other one has. */
  readonly tag: string;
  readonly bye: OutgoingRequest;
}

/** The BYE of a dialog that the process does not outlive, as the next one is to send it. */
export function farewellOf(snapshot: DialogSnapshot, reason: Reason): Farewell {
  const dialog = restored(snapshot);
  const fields = [...requestFields(dialog, 'BYE'), ...reasonField(reason)];
  return { tag: snapshot.localTag, bye: { method: 'BYE', uri: snapshot.remoteTarget, fields } };
}

/** Keeps BYEs beyond the life of the process. */
export interface FarewellBook {
  /** The phone of that flow has not answered this BYE. `false` where nobody knows which phone that is: then it is not kept. */
  owed(flow: Flow, farewell: Farewell): boolean;
  /** It has answered that BYE, or need no longer. */
  paid(farewell: Farewell): void;
}

/** Waits for its answer. */
interface Sent {
  readonly flow: Flow;
  readonly farewell: Farewell;
  isLate: boolean;
}

interface Lost {
  readonly farewell: Farewell;
  readonly stopKeeping: () => void;
}

/**
 * The BYEs of all dialogs. One that is lost with its flow would leave its phone in a call that has no other side: it is sent once more
 * when the phone is back (RFC 3261 §15.1.1, RFC 5626 §5.3), even after a restart.
 */
export class Farewells {
  readonly #transactions: TransactionLayer;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #book: FarewellBook;
  readonly #sent = new Set<Sent>();
  readonly #lost = new ReleasingMap<FlowId, Lost[]>();
  /** Those that are in the book, by their tags. */
  readonly #booked = new Set<string>();
  #isLooking = false;

  constructor(transactions: TransactionLayer, clock: Pick<Clock, 'after'>, book: FarewellBook) {
    this.#transactions = transactions;
    this.#clock = clock;
    this.#book = book;
  }

  /** Any answer will do: a peer that does not know the dialog any more is not in it either. */
  send(flow: Flow, farewell: Farewell): void {
    const sent = { flow, farewell, isLate: false };
    this.#sent.add(sent);
    this.#look();
    this.#transactions.send(flow, farewell.bye, {
      final: () => {
        this.#sent.delete(sent);
        this.#forget(farewell);
      },
      failed: () => {
        this.#sent.delete(sent);
        this.#keep(flow, farewell);
      },
    });
  }

  /** The phone of that flow is on another one now: what it has not answered is sent there. */
  replaced(flow: Flow, by: Flow): void {
    this.#transactions.giveUp(flow, 'BYE');
    const lost = this.#lost.get(flow.id) ?? [];
    this.#lost.delete(flow.id);
    for (const { farewell, stopKeeping } of lost) {
      stopKeeping();
      this.send(by, farewell);
    }
  }

  /** One timer for all: most are answered at once. */
  #look(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#clock.after(LATE_MS, () => {
      this.#isLooking = false;
      for (const sent of this.#sent) {
        if (sent.isLate) this.#note(sent.flow, sent.farewell);
        sent.isLate = true;
      }
      if (this.#sent.size > 0) this.#look();
    });
  }

  #keep(flow: Flow, farewell: Farewell): void {
    this.#note(flow, farewell);
    const lost = this.#lost.get(flow.id) ?? [];
    const stopKeeping = this.#clock.after(KEPT_MS, () => {
      const others = (this.#lost.get(flow.id) ?? []).filter((other) => other.farewell !== farewell);
      if (others.length === 0) this.#lost.delete(flow.id);
      else this.#lost.set(flow.id, others);
      this.#forget(farewell);
    });
    this.#lost.set(flow.id, [...lost, { farewell, stopKeeping }]);
  }

  #note(flow: Flow, farewell: Farewell): void {
    if (!this.#booked.has(farewell.tag) && this.#book.owed(flow, farewell)) this.#booked.add(farewell.tag);
  }

  #forget(farewell: Farewell): void {
    if (this.#booked.delete(farewell.tag)) this.#book.paid(farewell);
  }
}
