import type { Flow } from '../../sip/transport/flow.ts';
import type { UserAgent } from '../../sip/user-agent/user-agent.ts';
import type { Clock } from '../ports.ts';

/** How often barred flows are checked (milliseconds). */
const SWEEP_MS = 1_000;
/** The account may no longer be used; a phone of ours may try again later. */
const BARRED = 4403;

/**
 * Flows whose account may no longer be used. A call in progress is never cut, and its BYE comes over the flow that carries
 * it: such a flow is kept until the call is over. Every other one is closed at once.
 */
export class BarredFlows {
  readonly #clock: Clock;
  readonly #userAgent: Pick<UserAgent, 'carriesLeg'>;
  readonly #kept = new Map<Flow, string>();
  #stopSweeping: (() => void) | undefined;

  constructor(clock: Clock, userAgent: Pick<UserAgent, 'carriesLeg'>) {
    this.#clock = clock;
    this.#userAgent = userAgent;
  }

  add(flow: Flow, reason: string): void {
    this.#kept.set(flow, reason);
    this.#sweep();
  }

  /** The flow is gone. */
  delete(flow: Flow): void {
    this.#kept.delete(flow);
  }

  close(): void {
    this.#stopSweeping?.();
    this.#kept.clear();
  }

  readonly #sweep = (): void => {
    this.#stopSweeping?.();
    this.#stopSweeping = undefined;
    for (const [flow, reason] of [...this.#kept]) {
      if (this.#userAgent.carriesLeg(flow)) continue;
      this.#kept.delete(flow);
      flow.close(BARRED, reason);
    }
    if (this.#kept.size > 0) this.#stopSweeping = this.#clock.after(SWEEP_MS, this.#sweep);
  };
}
