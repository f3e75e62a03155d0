import type { Leg, LegEvent, Reason, Target } from '../../../sip/user-agent/leg.ts';
import type { Clock } from '../../ports.ts';
import { NO_FLOW } from '../seats/no-flow.ts';

/** How long a phone that has been sent a message has to say that it rings, or to register (milliseconds). */
const WAKE_MS = 8_000;

/** What it says as its last word (`failureOf`): nobody is there; the person declines, as JsSIP says it; it was cancelled. */
const UNREACHED = 410;
const DECLINED = 480;
const CANCELLED = 487;

/** How the leg ended: `reason` is the call's; `null` where the phone did not wake, or has declined. */
export type PushEnd =
  | { readonly kind: 'ended'; readonly reason: Reason | undefined }
  | { readonly kind: 'unreached' | 'declined' };

/**
 * A phone whose page is closed or asleep, and which has been sent a push message. To its call it is a leg like any other that rings:
 * it says 180 once a person can see the call, and fails where the phone does not wake in time or the person declines. It never answers: the phone
 * registers first, and its own leg takes the place of this one.
 */
export class PushLeg implements Leg {
  readonly id: string;
  readonly target: Target = { flow: NO_FLOW, contact: '' };
  #state: 'early' | 'over' = 'early';
  #listener: (event: LegEvent) => void = () => undefined;
  readonly #stopWaiting: () => void;
  readonly #ended: (end: PushEnd) => void;

  constructor(id: string, clock: Clock, ended: (end: PushEnd) => void) {
    this.id = id;
    this.#ended = ended;
    this.#stopWaiting = clock.after(WAKE_MS, () => {
      this.unreached();
    });
  }

  get state(): Leg['state'] {
    return this.#state;
  }

  listen(listener: (event: LegEvent) => void): void {
    this.#listener = listener;
  }

  /** The phone shows the call to a person: from now on it rings as long as any other. */
  rings(): void {
    if (this.#state === 'over') return;
    this.#stopWaiting();
    this.#listener({ kind: 'progress', status: 180 });
  }

  /** The person declines, on this phone. */
  declined(): void {
    this.#fail(DECLINED, { kind: 'declined' });
  }

  /** The push service did not take the message, or the phone did not wake. */
  unreached(): void {
    this.#fail(UNREACHED, { kind: 'unreached' });
  }

  end(reason?: Reason): void {
    if (this.#state === 'over') return;
    this.#over({ kind: 'ended', reason });
    queueMicrotask(() => {
      this.#listener({ kind: 'failed', status: CANCELLED });
    });
  }

  withdraw(reason?: Reason): void {
    this.end(reason);
  }

  snapshot(): undefined {
    return undefined;
  }

  isDialog(): boolean {
    return false;
  }

  /* What only a phone that has registered could be told. */
  label(): void {}
  relabel(): void {}
  offer(): void {}
  askOffer(): void {}
  acceptOffer(): void {}
  refuseOffer(): void {}
  info(): void {}
  refer(): void {}
  acceptRefer(): void {}
  refuseRefer(): void {}
  referProgress(): void {}
  rebind(): void {}

  #fail(status: number, end: PushEnd): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#stopWaiting();
    // First the call: what its phone is told depends on whether it rings on elsewhere.
    this.#listener({ kind: 'failed', status });
    this.#ended(end);
  }

  #over(end: PushEnd): void {
    this.#state = 'over';
    this.#stopWaiting();
    this.#ended(end);
  }
}
