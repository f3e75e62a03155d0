import type { Party, VoicemailEvent } from '@perch/shared';
import { follow, isMadeBy, type Visit } from '../../phone/calls/voicemail-visit.ts';
import type { ActiveCall } from './active-call.svelte.ts';

/** How long line and sound have to work until an interrupted recording is known to go on (milliseconds). */
const HEALED_MS = 5_000;
/** A shorter message is not kept (milliseconds). */
const SHORTEST_MS = 2_000;

/** A message whose recording ended with the line: the server keeps what it had until then. */
export interface CutMessage {
  readonly mailbox: Party;
  readonly ms: number;
}

/** The calls to mailboxes: a caller leaves a message, or an extension listens to its own (`*97`). */
export class VoicemailVisits {
  /** The visit of this terminal, whichever of its browsers has the call. */
  #visit: Visit | null = $state.raw(null);
  /** The call in which a message was left here is over: the server may yet say that it is kept. */
  #left: Visit | null = null;
  /** Since when the voice may not have been recorded, by the server's clock. */
  #cutAt: number | null = $state(null);
  #healedAt: number | null = null;
  #cut: CutMessage | null = null;
  readonly #onKept: (mailbox: Party) => void;

  /** `onKept`: a message that was left here is kept, after its call. */
  constructor(onKept: (mailbox: Party) => void) {
    this.#onKept = onKept;
  }

  hear(event: VoicemailEvent, at: number): void {
    if (event.kind === 'kept' && this.#left !== null) {
      this.#onKept(this.#left.mailbox);
      this.#left = null;
      this.#cut = null;
    } else this.#visit = follow(this.#visit, event, at);
  }

  /** Since when speech has not been recorded, by the server's clock; `null` while it is. */
  get cutAt(): number | null {
    return this.#cutAt;
  }

  /**
   * To be called each second, with the instant since when the line or the sound of the call has failed (`null` while they
   * work) and the current time, both by the server's clock.
   */
  watch(failsSince: number | null, now: number): void {
    if (this.#visit?.moment.kind !== 'recording') this.#cutAt = null;
    else if (failsSince !== null) {
      this.#cutAt ??= failsSince;
      this.#healedAt = null;
    } else if (this.#cutAt !== null) {
      this.#healedAt ??= now;
      if (now - this.#healedAt >= HEALED_MS) this.#cutAt = null;
    }
  }

  /** The message that was cut off when its call ended, returned once: the line is up again, and the server has kept it. */
  takeCut(): CutMessage | null {
    const cut = this.#cut;
    if (cut !== null) this.#left = null;
    this.#cut = null;
    return cut;
  }

  /** The dialogue in this browser's call. */
  madeBy(call: ActiveCall): Visit | null {
    const visit = this.#visit;
    return visit !== null && call.direction === 'outgoing' && isMadeBy(visit, call.number) ? visit : null;
  }

  /** A call begins: forgets the visit of another browser. */
  begin(): void {
    this.#visit = null;
  }

  /** The call is over: returns its visit. */
  end(call: ActiveCall): Visit | null {
    const visit = this.madeBy(call);
    this.#cut = visit === null ? null : this.#cutOff(visit);
    this.#visit = null;
    this.#cutAt = null;
    this.#left = visit?.service === 'deposit' && !visit.saved ? visit : null;
    return visit;
  }

  /** Another person is here, or none: they must not see the content of the mailbox, even while the call goes on. */
  forget(): void {
    if (this.#visit?.service === 'retrieval') this.#visit = null;
    this.#left = null;
    this.#cut = null;
  }

  #cutOff({ moment, mailbox }: Visit): CutMessage | null {
    if (this.#cutAt === null || moment.kind !== 'recording' || moment.what !== 'message') return null;
    const ms = this.#cutAt - moment.since;
    return ms < SHORTEST_MS ? null : { mailbox, ms };
  }
}
