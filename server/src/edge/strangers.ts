import { Crowd } from '../collections/crowd.ts';
import type { CrowdBounds } from '../collections/crowd.ts';
import { weightOf } from '../collections/message-budget.ts';
import { networkOf } from '../network/address.ts';
import type { Flow, FlowId } from '../sip/transport/flow.ts';
import type { NonceHolder } from '../sip/user-agent/authentication/nonce.ts';
import type { Clock } from '../world/clock.ts';
import { arrived, step } from './machines/gatekeeper.ts';
import type { Event, State as Gate } from './machines/gatekeeper.ts';

/** A flow that has not authenticated yet. Changed in place. */
export interface Stranger extends NonceHolder {
  readonly kind: 'stranger';
  gate: Gate;
}

const SWEEP_MS = 1000;

/** The flows from their first octet until they have an account, or are turned away. */
export class Strangers {
  readonly #clock: Clock;
  /** In the order of their arrival. */
  readonly #crowd: Crowd<Flow>;
  readonly #strangers = new Map<FlowId, Stranger>();
  #cancelSweep: () => void;

  constructor(bounds: CrowdBounds, clock: Clock) {
    this.#clock = clock;
    this.#crowd = new Crowd(bounds);
    this.#cancelSweep = clock.after(SWEEP_MS, this.#sweep);
  }

  get size(): number {
    return this.#crowd.size;
  }

  of(flow: Flow): Stranger | undefined {
    return this.#strangers.get(flow.id);
  }

  /** A real phone authenticates within a second: the oldest stranger gives way, so that a crowd cannot keep phones out. */
  enter(flow: Flow): void {
    const leaving = this.#crowd.enter(flow, networkOf(flow.remoteAddress));
    if (leaving) {
      this.#strangers.delete(leaving.id);
      leaving.close(1013, 'Too many connections without authentication');
    }
    const gate = arrived(this.#clock.monotonic());
    this.#strangers.set(flow.id, { kind: 'stranger', gate, nonces: undefined });
  }

  /** It has an account now, or is gone. */
  leave(flow: Flow): void {
    this.#strangers.delete(flow.id);
    this.#crowd.leave(flow);
  }

  /** May its frame of so many octets be handled, or, without a frame, the flow stay at that time? Closes it where not. */
  admits(flow: Flow, stranger: Stranger, octets?: number): boolean {
    const at = this.#clock.monotonic();
    const event: Event =
      octets === undefined ? { kind: 'time', at } : { kind: 'frame', at, weight: weightOf(octets) };
    const [gate, verdict] = step(stranger.gate, event);
    stranger.gate = gate;
    if (verdict.kind === 'close') flow.close(verdict.code, verdict.reason);
    return verdict.kind === 'pass';
  }

  /** Stops the timer. */
  close(): void {
    this.#cancelSweep();
  }

  /** The deadline is the same for all: after the first that may stay, all may. */
  readonly #sweep = (): void => {
    this.#cancelSweep = this.#clock.after(SWEEP_MS, this.#sweep);
    for (const flow of this.#crowd) {
      const stranger = this.of(flow);
      if (stranger !== undefined && this.admits(flow, stranger)) return;
    }
  };
}
