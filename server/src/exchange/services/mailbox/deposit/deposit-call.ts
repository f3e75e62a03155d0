import {
  assertNever,
  type DepositReason,
  type Party,
  type RecordingId,
  type Utterance,
  utteranceText,
  type VoicemailEvent,
} from '@perch/shared';
import type { MediaEndpoint, Playable } from '../../../../media/endpoint.ts';
import type { Sound } from '../../../../media/playback/prompts.ts';
import type { InboundLeg } from '../../../../sip/user-agent/leg.ts';
import { AnsweredCall } from '../../answered-call.ts';
import type { Clock, Extension } from '../../../ports.ts';
import { soundsOf } from '../../sounds.ts';
import { partyOf } from '../../../terminal-view.ts';
import type { Mailboxes } from '../../../voicemail/mailboxes.ts';
import type { Place } from '../../../voicemail/places.ts';
import {
  LONGEST_MESSAGE_MS,
  type Recordings,
  SHORTEST_MESSAGE_MS,
  type VoicemailJournal,
} from '../../../voicemail/ports.ts';
import { Draft } from './draft.ts';
import type { Greetings } from './greetings.ts';
import { initialState, step } from './machine.ts';
import type { Effect, Event, Obstacle, State } from './visit.ts';

export interface DepositPorts {
  readonly mailboxes: Mailboxes;
  readonly recordings: Recordings;
  readonly greetings: Greetings;
  readonly clock: Clock;
  readonly journal: VoicemailJournal;
  readonly newId: () => RecordingId;
}

export interface Deposit {
  readonly leg: InboundLeg;
  readonly endpoint: MediaEndpoint;
  readonly caller: Party;
  readonly callee: Extension;
  readonly reason: DepositReason;
  /** Is told the dialogue as the caller's page is to show it. */
  readonly tell: (event: VoicemailEvent) => void;
}

/** One caller's visit to an extension's mailbox: runs the dialogue against the call, its sound and the mailbox. */
export class DepositCall {
  /** Resolves when the visit is over, and its result is durable. */
  readonly over: Promise<void>;
  readonly #ports: DepositPorts;
  readonly #deposit: Deposit;
  readonly #owner: Party;
  readonly #call: AnsweredCall;
  #state: State = initialState;
  #place: Place | undefined;
  #greeting: Sound | undefined;
  #draft: Draft | undefined;
  #finish: () => void = () => undefined;

  constructor(ports: DepositPorts, deposit: Deposit) {
    this.#ports = ports;
    this.#deposit = deposit;
    this.#owner = partyOf(deposit.callee);
    this.over = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#call = new AnsweredCall(
      { leg: deposit.leg, endpoint: deposit.endpoint, clock: ports.clock },
      {
        acknowledged: () => {
          this.#on({ kind: 'confirmed' });
        },
        digit: (digit) => {
          this.#on({ kind: 'digit', digit });
        },
        gone: () => {
          this.#on({ kind: 'gone' });
        },
      },
    );
  }

  #on(event: Event): void {
    if (this.#state.kind === 'over') return;
    const [next, effects] = step(this.#state, event, this.#owner);
    this.#state = next;
    for (const effect of effects) this.#carryOut(effect);
    if (next.kind === 'over') this.#finish();
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'open':
        this.#later(this.#open());
        break;
      case 'speak':
        this.#speak(effect.utterance);
        break;
      case 'greet':
        this.#deposit.tell({ kind: 'greeting' });
        this.#say(this.#greeting ? [this.#greeting] : []);
        break;
      case 'interrupt':
        this.#call.interrupt();
        break;
      case 'begin':
        this.#later(this.#begin());
        break;
      case 'record':
        this.#record();
        break;
      case 'finish':
        this.#later(this.#settle());
        break;
      case 'discard':
        void this.#draft?.discard();
        break;
      case 'outcome':
        this.#place?.release();
        this.#ports.journal.deposited(this.#deposit.callee.id, effect.outcome);
        break;
      case 'tell':
        this.#deposit.tell(effect.event);
        break;
      case 'hang-up':
        this.#call.hangUp({ protocol: 'Q.850', cause: 16, text: 'Normal call clearing' });
        break;
      default:
        assertNever(effect);
    }
  }

  #later(event: Promise<Event>): void {
    void event.then((one) => {
      this.#on(one);
    });
  }

  async #open(): Promise<Event> {
    const { mailboxes, recordings, greetings, journal } = this.#ports;
    const { callee, endpoint } = this.#deposit;
    this.#place = mailboxes.takePlace(callee.id);
    if (!this.#place) return refused('mailbox-full');
    try {
      if (!(await recordings.hasRoom())) return refused('disk-full');
      this.#greeting = await greetings.of(callee.id, endpoint.codec ?? 'opus');
      return { kind: 'opened', greeting: this.#greeting ? 'own' : 'default' };
    } catch (error) {
      journal.failed(error);
      return refused('failed');
    }
  }

  async #begin(): Promise<Event> {
    const { mailboxes, clock, journal, newId } = this.#ports;
    const { caller, callee, reason } = this.#deposit;
    // Other callers may have filled the mailbox while the greeting was played.
    if (mailboxes.roomMs(callee.id) < SHORTEST_MESSAGE_MS) return refused('mailbox-full');
    const from = { number: caller.number, name: caller.name };
    const at = clock.now();
    try {
      const label = { kind: 'message', id: newId(), extension: callee.id, from, at, reason } as const;
      this.#draft = await Draft.begin(this.#ports, label);
      return { kind: 'begun' };
    } catch (error) {
      journal.failed(error);
      return refused('failed');
    }
  }

  #record(): void {
    const { mailboxes, clock } = this.#ports;
    const { callee, endpoint, tell } = this.#deposit;
    const longestMs = Math.min(LONGEST_MESSAGE_MS, mailboxes.roomMs(callee.id));
    tell({ kind: 'recording', what: 'message', since: clock.now(), longestMs });
    this.#draft?.record(endpoint, (end) => {
      this.#on({ kind: 'recorded', end });
    });
    this.#place?.begin(() => {
      // The recording may end at once, and the effects of the current step come first.
      queueMicrotask(() => {
        this.#on({ kind: 'recorded', end: 'longest' });
      });
    });
  }

  async #settle(): Promise<Event> {
    const settlement = await this.#draft?.keep(this.#place, () => this.#state.kind === 'saving');
    return { kind: 'settled', settlement: settlement ?? 'failed' };
  }

  /** Shown and spoken at the same time. */
  #speak(utterance: Utterance): void {
    this.#deposit.tell({ kind: 'prompt', utterance, text: utteranceText(utterance) });
    this.#say(soundsOf(utterance));
  }

  #say(sounds: readonly Playable[]): void {
    void this.#call.say(sounds).then((said) => {
      if (said !== 'overtaken') this.#on({ kind: 'spoken' });
    });
  }
}

function refused(obstacle: Obstacle): Event {
  return { kind: 'refused', obstacle };
}
