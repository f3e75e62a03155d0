import type { Party, VoicemailEvent } from '@perch/shared';
import { follow, isMadeBy, type Visit } from '../phone/voicemail-visit.ts';
import type { ActiveCall } from './active-call.svelte.ts';

/** The visits to mailboxes that calls become: somebody leaves a message, or listens to what was left (`*97`). */
export class VoicemailVisits {
  /** Of this terminal, whichever of its browsers has the call. */
  #visit: Visit | null = $state.raw(null);
  /** Whoever was leaving a message here has hung up: the server may yet say that it is kept. */
  #left: Visit | null = null;
  readonly #onKept: (mailbox: Party) => void;

  /** `onKept`: a message that was left here is kept, after its call. */
  constructor(onKept: (mailbox: Party) => void) {
    this.#onKept = onKept;
  }

  hear(event: VoicemailEvent, at: number): void {
    if (event.kind === 'kept' && this.#left !== null) {
      this.#onKept(this.#left.mailbox);
      this.#left = null;
    } else this.#visit = follow(this.#visit, event, at);
  }

  /** The dialogue that this browser's call has become. */
  madeBy(call: ActiveCall): Visit | null {
    const visit = this.#visit;
    return visit !== null && call.direction === 'outgoing' && isMadeBy(visit, call.number) ? visit : null;
  }

  /** A call begins: the visit of another browser is none of its business. */
  begin(): void {
    this.#visit = null;
  }

  /** The call is over: gives the visit that it was. */
  end(call: ActiveCall): Visit | null {
    const visit = this.madeBy(call);
    this.#visit = null;
    this.#left = visit?.service === 'deposit' && !visit.saved ? visit : null;
    return visit;
  }

  /** Somebody else is here, or nobody: what there is in a mailbox is its owner's alone, also while the call goes on. */
  forget(): void {
    if (this.#visit?.service === 'retrieval') this.#visit = null;
    this.#left = null;
  }
}
