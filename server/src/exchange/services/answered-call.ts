import { assertNever } from '@perch/shared';
import { type MediaEndpoint, type Playable, UnacceptableOffer } from '../../media/endpoint.ts';
import type { HeaderField } from '../../sip/message/message.ts';
import { warningField } from '../../sip/message/warning.ts';
import type { InboundLeg, LegEvent, Reason } from '../../sip/user-agent/leg.ts';
import { pressOfInfo } from './dtmf-info.ts';
import { type DigitWay, KeyPresses } from './key-presses.ts';
import type { Clock } from '../ports.ts';

interface AnsweredCallPorts {
  readonly leg: InboundLeg;
  readonly endpoint: MediaEndpoint;
  readonly clock: Clock;
}

/** What talks to the caller: the Center, an announcement, a mailbox. */
export interface Attendant {
  /** The ACK came: what is said now is heard. */
  acknowledged(): void;
  /** A key was pressed, however the phone reports it. */
  digit(digit: string): void;
  /** The caller is gone, or the call never came about. The last word, told once, also after `hangUp`. */
  gone(): void;
}

/** How an utterance ended: it was heard to its end, the sound was closed, or another utterance replaced it. */
export type Said = 'whole' | 'cut-off' | 'overtaken';

/** A call that the server itself answers and talks through: its leg and its sound as one. */
export class AnsweredCall {
  readonly endpoint: MediaEndpoint;
  readonly #leg: InboundLeg;
  readonly #clock: Clock;
  readonly #attendant: Attendant;
  readonly #presses = new KeyPresses();
  /** How often something was said or interrupted. */
  #utterances = 0;

  /** Takes the leg over, `leg.listen` included, and answers it; an offer without sound for us is refused with 488. */
  constructor({ leg, endpoint, clock }: AnsweredCallPorts, attendant: Attendant) {
    this.endpoint = endpoint;
    this.#leg = leg;
    this.#clock = clock;
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
        if (reason === 'peer-closed' || reason === 'timeout') leg.end();
      },
    });
    void this.#answer();
  }

  /** Resolves when it is over; a sound that cannot be played is skipped. */
  async say(sounds: readonly Playable[]): Promise<Said> {
    this.#utterances += 1;
    const mine = this.#utterances;
    const isWhole = await this.endpoint.play(sounds).catch(() => true);
    if (mine !== this.#utterances) return 'overtaken';
    return isWhole ? 'whole' : 'cut-off';
  }

  interrupt(): void {
    this.#utterances += 1;
    this.endpoint.interrupt();
  }

  /** Asks the caller's phone to call that URI itself, once this call is over (RFC 3515). Resolves to the final status. */
  refer(uri: string): Promise<number> {
    return new Promise((resolve) => {
      this.#leg.refer(uri, resolve);
    });
  }

  hangUp(reason?: Reason): void {
    this.#leg.end(reason);
  }

  async #answer(): Promise<void> {
    try {
      this.#leg.answer(await this.endpoint.answer(this.#leg.sdp));
    } catch (error) {
      const { status, fields } = refusalFor(error);
      this.#leg.reject(status, { fields });
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
        this.#attendant.acknowledged();
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
