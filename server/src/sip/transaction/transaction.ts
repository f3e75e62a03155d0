import type { Flow } from '../transport/flow.ts';
import type { TimerEffect } from './machines/timers.ts';
import type { OutgoingRequest, TransactionUser } from './transaction-layer.ts';
import type { Timer, TimerOwner, TimerQueues } from './timer-queues.ts';

/** An INVITE of ours, as its CANCEL needs it. */
export interface Cancellable {
  readonly flow: Flow;
  /** Its branch. */
  readonly key: string;
  /** The lines before the user's fields. */
  readonly lead: string;
}

/** What every transaction needs of its layer. */
export interface Surroundings {
  readonly timers: TimerQueues;
  readonly user: TransactionUser;
  /** A To tag for a user that gave none. */
  readonly newTag: () => string;
  /** The transaction is over: the table forgets it. */
  leave(transaction: Transaction): void;
  /** Sends the CANCEL of an INVITE with the same branch (RFC 3261 §9.1). */
  sendCancel(invite: Cancellable, cancel: OutgoingRequest): void;
  /** Calls back in a turn of its own. */
  soon(callback: () => void): void;
}

/** A transaction in the table: runs its machine's timers. */
export abstract class Transaction implements TimerOwner {
  readonly flow: Flow;
  /** Its key in its flow's table. */
  readonly key: string;
  protected readonly around: Surroundings;
  #retransmit: Timer | undefined;
  #deadline: Timer | undefined;

  constructor(around: Surroundings, flow: Flow, key: string) {
    this.around = around;
    this.flow = flow;
    this.key = key;
  }

  /** The flow is gone, or cannot take what we send. */
  abstract broken(): void;
  protected abstract timedOut(timer: 'retransmit' | 'deadline'): void;

  expired(timer: 'retransmit' | 'deadline'): void {
    if (timer === 'deadline') this.#deadline = undefined;
    else this.#retransmit = undefined;
    this.timedOut(timer);
  }

  protected keepTime(effect: TimerEffect): void {
    if (effect.kind === 'stop') {
      this.#deadline?.stop();
      this.#retransmit?.stop();
      this.#deadline = this.#retransmit = undefined;
    } else if (effect.timer === 'deadline') {
      this.#deadline?.stop();
      this.#deadline = this.around.timers.start(effect.ms, this, effect.timer);
    } else {
      this.#retransmit?.stop();
      this.#retransmit = this.around.timers.start(effect.ms, this, effect.timer);
    }
  }
}
