import {
  assertNever,
  utteranceText,
  type CenterEvent,
  type CenterOutcome,
  type Utterance,
} from '@perch/shared';
import type { MediaEndpoint } from '../../../media/endpoint.ts';
import type { Flow } from '../../../sip/transport/flow.ts';
import type { InboundLeg, Reason } from '../../../sip/user-agent/leg.ts';
import { AnsweredCall } from '../answered-call.ts';
import type { Clock } from '../../ports.ts';
import { soundsOf } from '../sounds.ts';
import type { Counter } from './counter.ts';
import { initialState, step } from './machine.ts';
import type { Effect, Event, State } from './visit.ts';

export interface CenterCallPorts {
  readonly leg: InboundLeg;
  readonly endpoint: MediaEndpoint;
  readonly counter: Counter;
  readonly clock: Clock;
  /** Is told the dialogue as the page is to show it. */
  readonly tell: (event: CenterEvent) => void;
}

/** One visit to the Virtualization Center: runs the dialogue against the call, its sound and the desk. */
export class CenterCall {
  /** Resolves when the visit is over. */
  readonly over: Promise<void>;
  readonly #ports: CenterCallPorts;
  readonly #call: AnsweredCall;
  #state: State = initialState;
  #stopTimer: () => void = () => undefined;
  #finish: () => void = () => undefined;

  constructor(ports: CenterCallPorts) {
    this.#ports = ports;
    this.over = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#call = new AnsweredCall(ports, {
      acknowledged: () => {
        this.#on({ kind: 'confirmed' });
      },
      digit: (digit) => {
        this.#on({ kind: 'digit', digit });
      },
      gone: () => {
        this.#on({ kind: 'gone' });
      },
    });
  }

  /** The account of that flow may no longer be used. */
  flowBarred(flow: Flow): void {
    if (this.#ports.leg.target.flow === flow) this.#call.hangUp();
  }

  #on(event: Event): void {
    const [next, effects] = step(this.#state, event, this.#ports.counter.number);
    this.#state = next;
    for (const effect of effects) this.#carryOut(effect);
    if (next.kind === 'over') this.#close();
  }

  #carryOut(effect: Effect): void {
    const { counter, clock, tell } = this.#ports;
    switch (effect.kind) {
      case 'speak':
        this.#speak(effect.utterance);
        break;
      case 'interrupt':
        this.#call.interrupt();
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
        this.#call.hangUp(reasonFor(effect.outcome));
        break;
      default:
        assertNever(effect);
    }
  }

  /** Shown and spoken at the same time. A sound that cannot be played is skipped. */
  #speak(utterance: Utterance): void {
    this.#ports.tell({ kind: 'prompt', utterance, text: utteranceText(utterance) });
    void this.#call.say(soundsOf(utterance)).then((said) => {
      if (said !== 'overtaken') this.#on({ kind: 'spoken' });
    });
  }

  #close(): void {
    this.#stopTimer();
    this.#ports.endpoint.close();
    this.#finish();
  }
}

/** Why the Center hung up (RFC 3326): normal clearing, or rejected. */
function reasonFor(outcome: CenterOutcome): Reason {
  return outcome === 'refused'
    ? { protocol: 'Q.850', cause: 21, text: 'Three wrong codes' }
    : { protocol: 'Q.850', cause: 16, text: 'Normal call clearing' };
}
