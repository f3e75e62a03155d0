import { assertNever } from '@perch/shared';
import { type MediaEndpoint, UnacceptableOffer } from '../../media/endpoint.ts';
import type { HeaderField } from '../../sip/message/message.ts';
import { warningField } from '../../sip/message/fields/warning.ts';
import type { InboundLeg, LegEvent, Reason } from '../../sip/user-agent/leg.ts';
import type { Refusal } from '../call/ports.ts';
import type { Clock } from '../ports.ts';
import { type Attendant, CallerLine } from './caller-line.ts';

interface ServiceLegPorts {
  readonly leg: InboundLeg;
  readonly endpoint: MediaEndpoint;
  readonly clock: Clock;
  /** A call that is not to be answered: what is said is early media, and the call ends with this. */
  readonly refusal?: Refusal | undefined;
}

/** The line of a caller who has called the service, or was turned to it before the call was answered. */
export class ServiceLeg extends CallerLine {
  readonly #leg: InboundLeg;
  readonly #session: MediaEndpoint;
  readonly #refusal: Refusal | undefined;

  constructor({ leg, endpoint, clock, refusal }: ServiceLegPorts) {
    super(endpoint, clock);
    this.#leg = leg;
    this.#session = endpoint;
    this.#refusal = refusal;
  }

  /**
   * Takes the leg over, `leg.listen` included, and answers it, or offers early media (183) where it is to be refused. An
   * offer without sound for us is refused with 488, or as it was to be refused anyway.
   */
  override attend(attendant: Attendant): void {
    super.attend(attendant);
    this.#leg.listen((event) => {
      this.#heard(event);
    });
    this.#session.listen({
      // Only a caller who was connected before: one whose sound never connected gets the same dialogue without sound.
      closed: (reason) => {
        if (reason === 'peer-closed' || reason === 'timeout') this.hangUp();
      },
    });
    void this.#answer();
  }

  refer(uri: string): Promise<number> {
    return new Promise((resolve) => {
      this.#leg.refer(uri, resolve);
    });
  }

  hangUp(reason?: Reason): void {
    if (this.#refusal === undefined) this.#leg.end(reason);
    else this.#leg.reject(this.#refusal.status, { reason: this.#refusal.reason });
  }

  async #answer(): Promise<void> {
    try {
      const sdp = await this.#session.answer(this.#leg.sdp);
      if (this.#leg.state === 'over') return;
      if (this.#refusal === undefined) {
        this.#leg.answer(sdp);
      } else {
        this.#leg.progress(183, sdp);
        this.attendant?.confirmed();
      }
    } catch (error) {
      const { status, fields } = refusalFor(error);
      if (this.#refusal === undefined) this.#leg.reject(status, { fields });
      else this.hangUp();
    }
  }

  async #answerAgain(offer: string): Promise<void> {
    try {
      this.#leg.acceptOffer(await this.#session.answer(offer));
    } catch (error) {
      const { status, fields } = refusalFor(error);
      this.#leg.refuseOffer(status, fields);
    }
  }

  #heard(event: LegEvent): void {
    switch (event.kind) {
      case 'acknowledged':
        this.attendant?.confirmed();
        break;
      case 'info':
        this.pressed(event);
        break;
      case 'offered':
        void this.#answerAgain(event.sdp);
        break;
      case 'refer':
        this.#leg.refuseRefer(event.id, 403); // the server cannot be transferred
        break;
      case 'cancelled':
      case 'failed':
      case 'ended':
        this.gone();
        break;
      case 'progress':
      case 'answered':
      case 'offer-made':
      case 'offer-answered':
      case 'offer-refused':
        break; // of calls that we make, and offers of ours
      default:
        assertNever(event);
    }
  }
}

/** An offer that cannot be answered is refused with the reason why (RFC 3261 §21.4.26). */
function refusalFor(error: unknown): { readonly status: number; readonly fields: readonly HeaderField[] } {
  return error instanceof UnacceptableOffer
    ? { status: 488, fields: [warningField(error.warning, error.message)] }
    : { status: 500, fields: [] };
}
