import { type CallId, type ExtensionId, type Language, utteranceText, type Utterance } from '@perch/shared';
import type { MediaSound, Playable } from '../../media/endpoint.ts';
import type { Reason } from '../../sip/user-agent/leg.ts';
import { asWorkOf } from '../failure-of-call.ts';
import type { Clock } from '../ports.ts';
import type { Attendant, CallerLine, Said } from './caller-line.ts';
import type { CommonEffect, CommonEvent, Dialogue, HangUp } from './dialogue.ts';
import { soundsOf } from './sounds.ts';

/** An utterance, as the caller's page shows it while it is spoken. */
export interface Prompted {
  readonly kind: 'prompt';
  readonly utterance: Utterance;
  readonly text: string;
}

/** The call, for what a service does in it on its own. */
export interface Line<Event> {
  readonly endpoint: MediaSound;
  /** The caller has hung up, or the call is lost. */
  readonly isGone: boolean;
  /** Tells the dialogue; while a step is being carried out, the event waits until that is done. */
  on(event: Event | CommonEvent): void;
  /** Plays recordings in place of what was being said. Resolves when that is over; what cannot be played is skipped. */
  say(sounds: readonly Playable[]): Promise<Said>;
  /** The returned function says whether nothing was said or interrupted since. */
  interrupt(): () => boolean;
  /** Asks the caller's phone to call that URI itself, once this call is over (RFC 3515). Resolves to the final status. */
  refer(uri: string): Promise<number>;
}

/** A service's part in one call: what its dialogue sees, and what it does beyond the common effects. */
export interface Conversation<Sight, Effect, Told> {
  /** Read anew for each event. */
  readonly sight: Sight;
  /** Who is spoken to now; the caller unless told. */
  readonly hearer?: ExtensionId | undefined;
  perform(effect: Effect): void;
  /** Tells the caller's page. */
  tell(event: Told | Prompted): void;
  /** The dialogue is over. */
  closed?(): void;
}

export interface DialogueCallPorts {
  readonly line: CallerLine;
  readonly clock: Clock;
  readonly call: CallId;
  /** In which language that extension, or the caller, is spoken to: asked for each sentence. */
  readonly language: (hearer: ExtensionId | undefined) => Language;
  /** The call was answered, or is over. */
  readonly changed: () => void;
}

/** One call to a service: runs its dialogue against the leg, its sound, its keys and a timer. */
export class DialogueCall<
  State extends { readonly kind: string },
  Event,
  Effect extends { readonly kind: string },
  Sight,
  Told,
>
  implements Line<Event>, Attendant
{
  readonly endpoint: MediaSound;
  readonly #dialogue: Dialogue<State, Event | CommonEvent, Effect | CommonEffect<Told>, Sight>;
  readonly #conversation: Conversation<Sight, Effect, Told>;
  readonly #clock: Clock;
  readonly #call: CallId;
  readonly #caller: CallerLine;
  readonly #changed: () => void;
  readonly #language: DialogueCallPorts['language'];
  readonly #waiting: (Event | CommonEvent)[] = [];
  #state: State;
  #isStepping = false;
  #stopTimer: () => void = () => undefined;

  constructor(
    { line, clock, call, language, changed }: DialogueCallPorts,
    dialogue: Dialogue<State, Event | CommonEvent, Effect | CommonEffect<Told>, Sight>,
    begin: (line: Line<Event>) => Conversation<Sight, Effect, Told>,
  ) {
    this.endpoint = line.endpoint;
    this.#caller = line;
    this.#dialogue = dialogue;
    this.#clock = clock;
    this.#call = call;
    this.#state = dialogue.initial;
    this.#conversation = begin(this);
    this.#changed = changed;
    this.#language = language;
    line.attend(this);
  }

  confirmed(): void {
    this.#changed();
    this.on({ kind: 'confirmed' });
  }

  digit(digit: string): void {
    this.on({ kind: 'digit', digit });
  }

  gone(): void {
    try {
      this.on({ kind: 'gone' });
    } finally {
      this.#changed();
    }
  }

  get isGone(): boolean {
    return this.#caller.isGone;
  }

  on(event: Event | CommonEvent): void {
    this.#waiting.push(event);
    if (this.#isStepping) return;
    this.#isStepping = true;
    try {
      asWorkOf(this.#call, () => {
        for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
          this.#step(next);
      });
    } finally {
      this.#isStepping = false; // an error costs one event: later ones are still handled
    }
  }

  say(sounds: readonly Playable[]): Promise<Said> {
    return this.#caller.say(sounds);
  }

  interrupt(): () => boolean {
    return this.#caller.interrupt();
  }

  refer(uri: string): Promise<number> {
    return this.#caller.refer(uri);
  }

  #step(event: Event | CommonEvent): void {
    const wasOver = this.#state.kind === 'over';
    const [next, effects] = this.#dialogue.step(this.#state, event, this.#conversation.sight);
    this.#state = next;
    for (const effect of effects) {
      if (isCommon<Told>(effect)) this.#perform(effect);
      else this.#conversation.perform(effect);
    }
    if (next.kind === 'over' && !wasOver) this.#close();
  }

  #perform(effect: CommonEffect<Told>): void {
    switch (effect.kind) {
      case 'speak':
        this.#speak(effect.utterance);
        break;
      case 'interrupt':
        this.#caller.interrupt();
        break;
      case 'start-timer':
        this.#stopTimer();
        this.#stopTimer = this.#clock.after(effect.ms, () => {
          this.on({ kind: 'timeout' });
        });
        break;
      case 'stop-timer':
        this.#stopTimer();
        break;
      case 'tell':
        this.#conversation.tell(effect.event);
        break;
      case 'hang-up':
        this.#caller.hangUp(reasonOf(effect));
        break;
    }
  }

  /** Shown and spoken at the same time. */
  #speak(utterance: Utterance): void {
    const language = this.#language(this.#conversation.hearer);
    this.#conversation.tell({ kind: 'prompt', utterance, text: utteranceText(utterance, language) });
    void this.#caller.say(soundsOf(utterance, language), { language }).then((said) => {
      if (said !== 'overtaken') this.on({ kind: 'spoken' });
    });
  }

  #close(): void {
    this.#stopTimer();
    this.endpoint.close();
    this.#conversation.closed?.();
  }
}

const COMMON: ReadonlySet<string> = new Set<CommonEffect<unknown>['kind']>([
  ...(['speak', 'interrupt', 'start-timer', 'stop-timer', 'tell', 'hang-up'] as const),
]);

const isCommon = <Told>(effect: { readonly kind: string }): effect is CommonEffect<Told> =>
  COMMON.has(effect.kind);

/** Why the server hung up (RFC 3326, causes of ITU-T Q.850): normal clearing, or rejected. */
const reasonOf = ({ refused }: HangUp): Reason =>
  refused === undefined
    ? { protocol: 'Q.850', cause: 16, text: 'Normal call clearing' }
    : { protocol: 'Q.850', cause: 21, text: refused };
