import {
  assertNever,
  utteranceText,
  type CenterEvent,
  type CenterOutcome,
  type Utterance,
} from '@perch/shared';
import { UnacceptableOffer, type MediaEndpoint } from '../../media/endpoint.ts';
import type { InboundLeg, LegEvent, Reason } from '../../sip/user-agent/leg.ts';
import type { Clock } from '../ports.ts';
import type { Counter } from './counter.ts';
import { digitOfInfo } from './dtmf-info.ts';
import { KeyPresses, type DigitWay } from './key-presses.ts';
import { initialState, step } from './machine.ts';
import { soundsOf } from './sounds.ts';
import type { Effect, Event, State } from './visit.ts';

export interface CenterCallPorts {
  readonly leg: InboundLeg;
  readonly endpoint: MediaEndpoint;
  readonly counter: Counter;
  readonly clock: Clock;
  /** Hears the dialogue as the page is to show it. */
  readonly tell: (event: CenterEvent) => void;
}

/** One visit to the Virtualization Center: runs the dialogue against the call, its sound and the desk. */
export class CenterCall {
  /** Resolves when the visit is over. */
  readonly over: Promise<void>;
  readonly #ports: CenterCallPorts;
  readonly #presses = new KeyPresses();
  #state: State = initialState;
  #stopTimer: () => void = () => undefined;
  /** Counts utterances, so that the end of one that was interrupted means nothing. */
  #utterances = 0;
  #finish: () => void = () => undefined;

  constructor(ports: CenterCallPorts) {
    this.#ports = ports;
    this.over = new Promise((resolve) => {
      this.#finish = resolve;
    });
    const { leg, endpoint } = ports;
    leg.listen((event) => {
      this.#heard(event);
    });
    endpoint.listen({
      digit: (digit) => {
        this.#press(digit, 'telephone-event');
      },
      // A caller who was heard and is no more; one who never was gets the same dialogue without sound.
      closed: (reason) => {
        if (reason === 'peer-closed' || reason === 'timeout') leg.end();
      },
    });
    void this.#answer();
  }

  async #answer(): Promise<void> {
    const { leg, endpoint } = this.#ports;
    try {
      leg.answer(await endpoint.answer(leg.sdp));
    } catch (error) {
      leg.reject(statusOf(error));
    }
  }

  async #answerAgain(offer: string): Promise<void> {
    const { leg, endpoint } = this.#ports;
    try {
      leg.acceptOffer(await endpoint.answer(offer));
    } catch (error) {
      leg.refuseOffer(statusOf(error));
    }
  }

  #heard(event: LegEvent): void {
    switch (event.kind) {
      case 'acknowledged':
        this.#on({ kind: 'confirmed' });
        break;
      case 'info': {
        const digit = digitOfInfo(event.contentType, event.body);
        if (digit !== undefined) this.#press(digit, 'info');
        break;
      }
      case 'offered':
        void this.#answerAgain(event.sdp);
        break;
      case 'refer':
        this.#ports.leg.refuseRefer(event.id, 403); // there is nobody here to be transferred
        break;
      case 'cancelled':
      case 'failed':
      case 'ended':
        this.#on({ kind: 'gone' });
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
    if (this.#presses.counts(digit, way, this.#ports.clock.monotonic())) this.#on({ kind: 'digit', digit });
  }

  #on(event: Event): void {
    const [next, effects] = step(this.#state, event, this.#ports.counter.dialled);
    this.#state = next;
    for (const effect of effects) this.#carryOut(effect);
    if (next.kind === 'over') this.#close();
  }

  #carryOut(effect: Effect): void {
    const { leg, endpoint, counter, clock, tell } = this.#ports;
    switch (effect.kind) {
      case 'speak':
        this.#speak(effect.utterance);
        break;
      case 'interrupt':
        this.#utterances += 1;
        endpoint.interrupt();
        break;
      case 'start-timer':
        this.#stopTimer();
        this.#stopTimer = clock.after(effect.ms, () => {
          this.#on({ kind: 'timeout' });
        });
        break;
      case 'stop-timer':
        this.#stopTimer();
        break;
      case 'request':
        void counter.request((verdict) => {
          this.#on({ kind: 'verdict', verdict });
        });
        break;
      case 'verify':
        void counter.verify(effect.code, (verdict) => {
          this.#on({ kind: 'verdict', verdict });
        });
        break;
      case 'withdraw':
        counter.withdraw();
        break;
      case 'dropped':
        void counter.dropped();
        break;
      case 'tell':
        tell(effect.event);
        break;
      case 'hang-up':
        leg.end(reasonFor(effect.outcome));
        break;
      default:
        assertNever(effect);
    }
  }

  /** Picture and sound are one event. A sound that cannot be played is passed over. */
  #speak(utterance: Utterance): void {
    this.#utterances += 1;
    const mine = this.#utterances;
    const spoken = () => {
      if (mine === this.#utterances) this.#on({ kind: 'spoken' });
    };
    this.#ports.tell({ kind: 'prompt', utterance, text: utteranceText(utterance) });
    this.#ports.endpoint.play(soundsOf(utterance)).then(spoken, spoken);
  }

  #close(): void {
    this.#stopTimer();
    this.#ports.endpoint.close();
    this.#finish();
  }
}

function statusOf(error: unknown): number {
  return error instanceof UnacceptableOffer ? 488 : 500;
}

/** Why the Center hung up (RFC 3326): normal clearing, or rejected. */
function reasonFor(outcome: CenterOutcome): Reason {
  return outcome === 'refused'
    ? { protocol: 'Q.850', cause: 21, text: 'Three wrong codes' }
    : { protocol: 'Q.850', cause: 16, text: 'Normal call clearing' };
}
