import { assertNever } from '@perch/shared';
import { type MediaEndpoint, type Playable, UnacceptableOffer } from '../../media/endpoint.ts';
import type { HeaderField } from '../../sip/message/message.ts';
import { warningField } from '../../sip/message/fields/warning.ts';
import type { InboundLeg, LegEvent, Reason } from '../../sip/user-agent/leg.ts';
import type { Refusal } from '../call/ports.ts';
import type { Clock } from '../ports.ts';
import { pressOfInfo } from './dtmf-info.ts';
import { type DigitWay, KeyPresses } from './key-presses.ts';

interface ServiceLegPorts {
  readonly leg: InboundLeg;
  readonly endpoint: MediaEndpoint;
  readonly clock: Clock;
  /** A call that is not to be answered: what is said is early media, and the call ends with this. */
  readonly refusal?: Refusal | undefined;
}

/** What hears the caller. */
export interface Attendant {
  /** What is said from now on is heard: the ACK came, or the caller listens to early media. */
  confirmed(): void;
  /** A key was pressed, however the phone reports it. */
  digit(digit: string): void;
  /** The caller is gone, or the call never came about. The last word, told once, also after `hangUp`. */
  gone(): void;
}

/** How an utterance ended: it was heard to its end, the sound was closed, or another utterance replaced it. */
export type Said = 'whole' | 'cut-off' | 'overtaken';

/** The server's end of a call with one of its services: a phone's leg, its sound and its keys as one. */
export class ServiceLeg {
  readonly endpoint: MediaEndpoint;
  readonly #leg: InboundLeg;
  readonly #clock: Clock;
  readonly #refusal: Refusal | undefined;
  readonly #attendant: Attendant;
  readonly #presses = new KeyPresses();
  #isGone = false;
  /** How often something was said or interrupted. */
  #utterances = 0;

  /**
   * Takes the leg over, `leg.listen` included, and answers it, or offers early media (183) where it is to be refused. An
   * offer without sound for us is refused with 488, or as it was to be refused anyway.
   */
  constructor({ leg, endpoint, clock, refusal }: ServiceLegPorts, attendant: Attendant) {
    this.endpoint = endpoint;
    this.#leg = leg;
    this.#clock = clock;
    this.#refusal = refusal;
    this.#attendant = attendant;
    leg.listen((event) => {
      this.#heard(event);
    });
    endpoint.listen({
      digit: (digit) => {
        this.#press(digit, 'telephone-event');
      },
      // Only a caller who was connected before: one whose sound never connected gets the same dialogue without sound.
      closed: (reason) => {
        if (reason === 'peer-closed' || reason === 'timeout') this.hangUp();
      },
    });
    void this.#answer();
  }

  /** The caller is gone, or the call never came about. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Resolves when it is over; a sound that cannot be played is skipped. */
  async say(sounds: readonly Playable[]): Promise<Said> {
    this.#utterances += 1;
    const mine = this.#utterances;
    const isWhole = await this.endpoint.play(sounds).catch(() => true);
    if (mine !== this.#utterances) return 'overtaken';
    return isWhole ? 'whole' : 'cut-off';
  }

  /** The returned function says whether the line is still silent: nothing was said or interrupted since. */
  interrupt(): () => boolean {
    this.#utterances += 1;
    const mine = this.#utterances;
    this.endpoint.interrupt();
    return () => mine === this.#utterances;
  }

  /** Asks the caller's phone to call that URI itself, once this call is over (RFC 3515). Resolves to the final status. */
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
      const sdp = await this.endpoint.answer(this.#leg.sdp);
      if (this.#leg.state === 'over') return;
      if (this.#refusal === undefined) {
        this.#leg.answer(sdp);
      } else {
        this.#leg.progress(183, sdp);
        this.#attendant.confirmed();
      }
    } catch (error) {
      const { status, fields } = refusalFor(error);
      if (this.#refusal === undefined) this.#leg.reject(status, { fields });
      else this.hangUp();
    }
  }

  async #answerAgain(offer: string): Promise<void> {
    try {
      this.#leg.acceptOffer(await this.endpoint.answer(offer));
    } catch (error) {
      const { status, fields } = refusalFor(error);
      this.#leg.refuseOffer(status, fields);
    }
  }

  #heard(event: LegEvent): void {
    switch (event.kind) {
      case 'acknowledged':
        this.#attendant.confirmed();
        break;
      case 'info': {
        const press = pressOfInfo(event.contentType, event.body);
        if (press !== undefined) this.#press(press.digit, 'info');
        break;
      }
      case 'offered':
        void this.#answerAgain(event.sdp);
        break;
      case 'refer':
        this.#leg.refuseRefer(event.id, 403); // the server cannot be transferred
        break;
      case 'cancelled':
      case 'failed':
      case 'ended':
        this.#isGone = true;
        this.endpoint.close();
        this.#attendant.gone();
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

  #press(digit: string, way: DigitWay): void {
    if (this.#presses.counts(digit, way, this.#clock.monotonic())) this.#attendant.digit(digit);
  }
}

/** An offer that cannot be answered is refused with the reason why (RFC 3261 §21.4.26). */
function refusalFor(error: unknown): { readonly status: number; readonly fields: readonly HeaderField[] } {
  return error instanceof UnacceptableOffer
    ? { status: 488, fields: [warningField(error.warning, error.message)] }
    : { status: 500, fields: [] };
}
