import { CALL_ID_HEADER } from '@perch/shared';
import type { IncomingInvite } from 'jssip/lib/Dialog';
import type { RTCSession, TerminateOptions } from 'jssip/lib/RTCSession';
import Transactions from 'jssip/lib/Transactions';
import { after } from '../world/timers.ts';

/** How long a refusal is kept that nobody has acknowledged (milliseconds): longer than a call rings. */
const KEPT_MS = 32_000;

/** What a person has decided; the other refusals are the phone's own, and may be different when the call rings once more. */
const DECIDED: ReadonlySet<number> = new Set([302, 603]);

/**
 * What the person here has refused on a line that was dead by then: the call rings once more when the line is back, and is refused in the
 * same way. A refusal has been heard once its ACK is there (RFC 3261 §17.2.1).
 */
export class Refusals {
  /** The statuses, by the ids of their calls. */
  readonly #unheard = new Map<string, { readonly status: number }>();

  /** How the call of that INVITE was refused before, if the server has not heard of it. */
  before(invite: IncomingInvite): number | undefined {
    return this.#unheard.get(invite.getHeader(CALL_ID_HEADER) ?? '')?.status;
  }

  /** Takes note of how that session is refused. */
  watch(session: Pick<RTCSession, 'terminate'>, invite: IncomingInvite): void {
    const terminate = session.terminate.bind(session);
    session.terminate = (options?: TerminateOptions): void => {
      const status = options?.status_code;
      if (status !== undefined && DECIDED.has(status)) this.#keep(invite, status);
      terminate(options);
    };
  }

  #keep(invite: IncomingInvite, status: number): void {
    const id = invite.getHeader(CALL_ID_HEADER);
    if (id === undefined) return;
    const refusal = { status };
    const forget = (): void => {
      cancel();
      if (this.#unheard.get(id) === refusal) this.#unheard.delete(id);
    };
    const cancel = after(KEPT_MS, forget);
    this.#unheard.set(id, refusal);
    const transaction = invite.server_transaction;
    transaction.on('stateChanged', () => {
      if (transaction.state === Transactions.C.STATUS_TERMINATED && transaction.transportError !== true)
        forget();
    });
  }
}
