import type { HeaderField } from '../message/message.ts';
import type { ServerTransaction, TransactionLayer } from '../transaction/transaction-layer.ts';
import type { Clock } from '../../world/clock.ts';
import type { Flow } from '../transport/flow.ts';
import type { Farewells } from './farewells.ts';
import type { Random } from './random.ts';

/** What every leg of one user agent shares. */
export interface LegContext {
  readonly transactions: TransactionLayer;
  /** Its timers catch what their callbacks throw. */
  readonly clock: Clock;
  readonly random: Random;
  readonly farewells: Pick<Farewells, 'send'>;
  /** Our Contact, as it is for the peer of that flow. */
  contact(flow: Flow): HeaderField;
  /** The leg with this id is to be told when that flow closes. */
  uses(id: string, flow: Flow): void;
  /** The leg with this id is over. */
  release(id: string): void;
  /** The leg with that Call-ID says that field from now on. */
  labelled(callId: string, label: HeaderField): void;
  /** A request in a dialog that means nothing to a call. */
  requested(transaction: ServerTransaction): void;
  /** An exception of ours. */
  fault(error: unknown): void;
}

/** RFC 3261 §17.1.1.1, in milliseconds. */
export const T1 = 500;
export const T2 = 4000;
