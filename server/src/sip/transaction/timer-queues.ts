import type { Clock } from '../../world/clock.ts';

/** Is told when one of its timers has run out. */
export interface TimerOwner {
  expired(timer: 'retransmit' | 'deadline'): void;
}

/** A running timer, which is itself the node in its queue. */
export class Timer {
  readonly queue: TimerQueue;
  readonly owner: TimerOwner;
  readonly kind: 'retransmit' | 'deadline';
  readonly at: number;
  previous: Timer | undefined;
  next: Timer | undefined;

  constructor(queue: TimerQueue, owner: TimerOwner, kind: 'retransmit' | 'deadline', at: number) {
    this.queue = queue;
    this.owner = owner;
    this.kind = kind;
    this.at = at;
  }

  /** Once: a timer that ran out or was stopped must not be stopped again. */
  stop(): void {
    this.queue.remove(this);
  }
}

/** Timers of one duration: first in, first out, so that the clock is asked for one of them only, however many run. */
class TimerQueue {
  readonly #clock: Pick<Clock, 'after' | 'monotonic'>;
  readonly #ms: number;
  #first: Timer | undefined;
  #last: Timer | undefined;
  #armed = false;

  constructor(clock: Pick<Clock, 'after' | 'monotonic'>, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  add(owner: TimerOwner, kind: 'retransmit' | 'deadline'): Timer {
    const timer = new Timer(this, owner, kind, this.#clock.monotonic() + this.#ms);
    timer.previous = this.#last;
    if (this.#last === undefined) this.#first = timer;
    else this.#last.next = timer;
    this.#last = timer;
    if (!this.#armed) this.#arm(this.#ms);
    return timer;
  }

  remove(timer: Timer): void {
    if (timer.previous === undefined) this.#first = timer.next;
    else timer.previous.next = timer.next;
    if (timer.next === undefined) this.#last = timer.previous;
    else timer.next.previous = timer.previous;
    timer.previous = timer.next = undefined;
  }

  #arm(ms: number): void {
    this.#armed = true;
    this.#clock.after(ms, this.#fire);
  }

  /** Bound once, for the clock. */
  readonly #fire = (): void => {
    this.#armed = false;
    const now = this.#clock.monotonic();
    try {
      for (let timer = this.#first; timer !== undefined && timer.at <= now; timer = this.#first) {
        this.remove(timer);
        timer.owner.expired(timer.kind);
      }
    } finally {
      // An owner that threw must not stop the others' timers.
      if (this.#first !== undefined) this.#arm(Math.max(0, this.#first.at - now));
    }
  };
}

/**
 * Every timer of the layer, a queue for each duration: starting and stopping one costs a few pointers, so that tens of thousands of
 * live transactions cost nothing while they wait.
 */
export class TimerQueues {
  readonly #clock: Pick<Clock, 'after' | 'monotonic'>;
  readonly #queues = new Map<number, TimerQueue>();

  constructor(clock: Pick<Clock, 'after' | 'monotonic'>) {
    this.#clock = clock;
  }

  start(ms: number, owner: TimerOwner, kind: 'retransmit' | 'deadline'): Timer {
    let queue = this.#queues.get(ms);
    if (queue === undefined) this.#queues.set(ms, (queue = new TimerQueue(this.#clock, ms)));
    return queue.add(owner, kind);
  }
}
