import { assertNever, type Utterance, utteranceText, type VoicemailEvent } from '@perch/shared';
import type { MediaEndpoint, Playable } from '../../../../media/endpoint.ts';
import type { Sound } from '../../../../media/playback/prompts.ts';
import type { Flow } from '../../../../sip/transport/flow.ts';
import type { InboundLeg, Reason } from '../../../../sip/user-agent/leg.ts';
import { AnsweredCall } from '../../answered-call.ts';
import type { Clock } from '../../../ports.ts';
import { soundsOf } from '../../sounds.ts';
import { messageView } from '../../../voicemail/message-view.ts';
import { type Greeting, LONGEST_GREETING_MS, type Message } from '../../../voicemail/ports.ts';
import type { GreetingTake } from './greeting-take.ts';
import { initialState, step } from './machine.ts';
import type { OwnMailbox } from './own-mailbox.ts';
import type { Effect, Event, State } from './visit.ts';

interface RetrievalCallPorts {
  readonly leg: InboundLeg;
  readonly endpoint: MediaEndpoint;
  readonly clock: Clock;
  readonly mailbox: OwnMailbox;
  /** Is told the dialogue as the page is to show it. */
  readonly tell: (event: VoicemailEvent) => void;
}

/** One visit to one's own mailbox (`*97`): runs the dialogue against the call, its sound and the mailbox. */
export class RetrievalCall {
  /** Resolves when the visit is over. */
  readonly over: Promise<void>;
  readonly #ports: RetrievalCallPorts;
  readonly #call: AnsweredCall;
  #state: State = initialState;
  #stopTimer: () => void = () => undefined;
  /** Counts what was said or interrupted, so that a recording that is read too late is not played. */
  #utterances = 0;
  /** The message that is being played, or about to be. */
  #prepared: { readonly message: Message; readonly sound: Promise<Sound> } | undefined;
  /** The greeting that is being recorded, or has been and is not in use yet. */
  #take: GreetingTake | undefined;
  #isBarred = false;
  #finish: () => void = () => undefined;

  constructor(ports: RetrievalCallPorts) {
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

  /** The extension may have left the terminal, or may no longer listen to this mailbox: checks whether the visit goes on. */
  standingChanged(): void {
    this.#on({ kind: 'standing-changed' });
  }

  /** The account of that flow may no longer be used: a visit over it says goodbye and ends. */
  flowBarred(flow: Flow): void {
    if (this.#ports.leg.target.flow !== flow) return;
    this.#isBarred = true;
    this.standingChanged();
  }

  #on(event: Event): void {
    if (this.#state.kind === 'over') return;
    const { sight } = this.#ports.mailbox;
    const [next, effects] = step(this.#state, event, this.#isBarred ? { ...sight, standing: 'shut' } : sight);
    this.#state = next;
    for (const effect of effects) this.#carryOut(effect);
    if (next.kind === 'over') this.#close();
  }

  #carryOut(effect: Effect): void {
    const { clock, mailbox, tell } = this.#ports;
    switch (effect.kind) {
      case 'speak':
        this.#speak(effect.utterance);
        break;
      case 'interrupt':
        this.#interrupt();
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
      case 'verify':
        this.#later(this.#verify(effect.code), 'failed');
        break;
      case 'prepare':
        void this.#prepare(effect.message);
        break;
      case 'play':
        void this.#play(this.#prepare(effect.message), {
          kind: 'playing',
          message: messageView(effect.message),
          position: effect.position,
          of: effect.of,
        });
        break;
      case 'mark-heard':
        void this.#markHeard(effect.message);
        break;
      case 'delete':
        this.#later(this.#delete(effect.message), 'failed');
        break;
      case 'prepare-recording':
        this.#take = mailbox.newTake();
        break;
      case 'record':
        void this.#record();
        break;
      case 'stop-recording':
        this.#later(this.#stopRecording(), 'unrecordable');
        break;
      case 'play-greeting':
        void this.#play(mailbox.soundOfTake(effect.greeting, this.#codec), { kind: 'greeting' });
        break;
      case 'use-greeting':
        this.#later(this.#use(effect.greeting), 'failed');
        break;
      case 'discard-recording':
        this.#discard(this.#take);
        this.#take = undefined;
        break;
      case 'keep-recording':
        void this.#keepRecording();
        break;
      case 'call-back':
        void this.#askPhone(mailbox.uriOf(effect.number));
        break;
      case 'visited':
        mailbox.visited(effect.outcome);
        break;
      case 'tell':
        tell(effect.event);
        break;
      case 'hang-up':
        this.#call.hangUp(effect.refused ? REFUSED : CLEARED);
        break;
      default:
        assertNever(effect);
    }
  }

  get #codec() {
    return this.#ports.endpoint.codec ?? 'opus';
  }

  #later(event: Promise<Event>, otherwise: 'failed' | 'unrecordable'): void {
    const settled = event.catch((error: unknown): Event => {
      this.#ports.mailbox.failed(error);
      return { kind: otherwise };
    });
    void settled.then((one) => {
      this.#on(one);
    });
  }

  async #verify(pin: string): Promise<Event> {
    return { kind: 'verdict', right: await this.#ports.mailbox.verify(pin) };
  }

  /** A message that was played without a sound connection took its time, but was not heard. */
  async #markHeard(message: Message): Promise<void> {
    const { endpoint, mailbox } = this.#ports;
    if (!endpoint.connected) return;
    try {
      await mailbox.markHeard(message);
    } catch (error) {
      mailbox.failed(error);
    }
  }

  async #delete(message: Message): Promise<Event> {
    await this.#ports.mailbox.delete(message);
    return { kind: 'done' };
  }

  /** Shown and spoken at the same time. */
  #speak(utterance: Utterance): void {
    this.#ports.tell({ kind: 'prompt', utterance, text: utteranceText(utterance) });
    this.#utterances += 1;
    void this.#say(soundsOf(utterance), 'spoken');
  }

  #interrupt(): void {
    this.#utterances += 1;
    this.#call.interrupt();
  }

  /** Read while its envelope is spoken, and kept for as long as it may be heard again. */
  #prepare(message: Message): Promise<Sound> {
    if (this.#prepared?.message.id !== message.id) {
      const sound = this.#ports.mailbox.soundOf(message, this.#codec);
      sound.catch(() => undefined); // reported where it is played
      this.#prepared = { message, sound };
    }
    return this.#prepared.sound;
  }

  /** Plays a recording once it is there, unless something else is said by then. */
  async #play(sound: Promise<Sound>, told: VoicemailEvent): Promise<void> {
    const { mailbox, tell } = this.#ports;
    this.#interrupt();
    const mine = this.#utterances;
    const ready = await sound.catch((error: unknown) => {
      mailbox.failed(error);
      return undefined;
    });
    if (mine !== this.#utterances) return;
    if (!ready) {
      this.#prepared = undefined; // the next attempt may succeed
      this.#on({ kind: 'unplayable' });
      return;
    }
    tell(told);
    await this.#say([ready], 'unplayable');
  }

  /** `cutOff` is the event where the sound was closed before its end: without sound nothing has been heard. */
  async #say(sounds: readonly Playable[], cutOff: 'spoken' | 'unplayable'): Promise<void> {
    const said = await this.#call.say(sounds);
    if (said !== 'overtaken') this.#on({ kind: said === 'whole' ? 'spoken' : cutOff });
  }

  async #record(): Promise<void> {
    const { endpoint, clock, mailbox, tell } = this.#ports;
    const take = this.#take;
    try {
      await take?.record(endpoint, () => {
        this.#on({ kind: 'record-ended' });
      });
      if (take !== this.#take) return;
      tell({ kind: 'recording', what: 'greeting', since: clock.now(), longestMs: LONGEST_GREETING_MS });
    } catch (error) {
      mailbox.failed(error);
      if (take === this.#take) this.#on({ kind: 'unrecordable' });
    }
  }

  async #stopRecording(): Promise<Event> {
    return { kind: 'recorded', greeting: await this.#take?.stop() };
  }

  async #use(greeting: Greeting): Promise<Event> {
    const take = this.#take;
    this.#take = undefined; // from now on it stays even if the caller hangs up
    try {
      await this.#ports.mailbox.useGreeting(greeting);
    } catch (error) {
      this.#discard(take);
      throw error;
    }
    return { kind: 'done' };
  }

  /** Keeps the greeting without asking: the visit is over. */
  async #keepRecording(): Promise<void> {
    const take = this.#take;
    this.#take = undefined;
    try {
      const greeting = await take?.stop();
      if (greeting) await this.#ports.mailbox.useGreeting(greeting);
      else this.#discard(take);
    } catch (error) {
      this.#ports.mailbox.failed(error);
      this.#discard(take);
    }
  }

  /** Asks the caller's phone to call, and says what it answers. */
  async #askPhone(uri: string | undefined): Promise<void> {
    const status = uri === undefined ? undefined : await this.#call.refer(uri);
    const isAccepted = status !== undefined && status >= 200 && status < 300;
    const refusal = uri === undefined ? 'no-such-number' : 'refused';
    await Promise.resolve(); // lets the effects of the current step finish first
    this.#on({ kind: 'phone-asked', answer: isAccepted ? 'accepted' : refusal });
  }

  #discard(take: GreetingTake | undefined): void {
    void take?.discard().catch((error: unknown) => {
      this.#ports.mailbox.failed(error);
    });
  }

  #close(): void {
    this.#stopTimer();
    this.#ports.endpoint.close();
    this.#finish();
  }
}

/** Why the server hung up (RFC 3326): normal clearing, or rejected. */
const CLEARED: Reason = { protocol: 'Q.850', cause: 16, text: 'Normal call clearing' };
const REFUSED: Reason = { protocol: 'Q.850', cause: 21, text: 'Three wrong PINs' };
