import { assertNever, type VoicemailEvent } from '@perch/shared';
import type { Playable } from '../../../../media/endpoint.ts';
import type { Sound } from '../../../../media/playback/prompts.ts';
import type { Clock } from '../../../ports.ts';
import { messageView } from '../../../voicemail/message-view.ts';
import { type Greeting, LONGEST_GREETING_MS, type Message } from '../../../voicemail/ports.ts';
import type { Conversation, Line } from '../../dialogue-call.ts';
import type { GreetingTake } from './greeting-take.ts';
import type { OwnMailbox } from './own-mailbox.ts';
import type { MailboxSight, OwnEffect, OwnEvent } from './visit.ts';

interface RetrievalStart {
  readonly clock: Clock;
  readonly mailbox: OwnMailbox;
  readonly tell: (event: VoicemailEvent) => void;
  readonly closed: () => void;
}

/** One visit to one's own mailbox: verifies the PIN, plays and deletes messages, records a greeting, has the phone call back. */
export class Retrieval implements Conversation<MailboxSight, OwnEffect, VoicemailEvent> {
  readonly tell: (event: VoicemailEvent) => void;
  readonly closed: () => void;
  readonly #line: Line<OwnEvent>;
  readonly #mailbox: OwnMailbox;
  readonly #clock: Clock;
  /** The message that is being played, or about to be. */
  #prepared: { readonly message: Message; readonly sound: Promise<Sound> } | undefined;
  /** The greeting that is being recorded, or has been and is not in use yet. */
  #take: GreetingTake | undefined;

  constructor(line: Line<OwnEvent>, { clock, mailbox, tell, closed }: RetrievalStart) {
    this.#line = line;
    this.#mailbox = mailbox;
    this.#clock = clock;
    this.tell = tell;
    this.closed = closed;
  }

  get sight(): MailboxSight {
    return this.#mailbox.sight;
  }

  perform(effect: OwnEffect): void {
    const mailbox = this.#mailbox;
    switch (effect.kind) {
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
      default:
        assertNever(effect);
    }
  }

  get #codec() {
    return this.#line.endpoint.codec ?? 'opus';
  }

  #later(event: Promise<OwnEvent>, otherwise: 'failed' | 'unrecordable'): void {
    const settled = event.catch((error: unknown): OwnEvent => {
      this.#mailbox.failed(error);
      return { kind: otherwise };
    });
    void settled.then((one) => {
      this.#line.on(one);
    });
  }

  async #verify(pin: string): Promise<OwnEvent> {
    return { kind: 'verdict', right: await this.#mailbox.verify(pin) };
  }

  /** A message that was played without a sound connection took its time, but was not heard. */
  async #markHeard(message: Message): Promise<void> {
    if (!this.#line.endpoint.connected) return;
    try {
      await this.#mailbox.markHeard(message);
    } catch (error) {
      this.#mailbox.failed(error);
    }
  }

  async #delete(message: Message): Promise<OwnEvent> {
    await this.#mailbox.delete(message);
    return { kind: 'done' };
  }

  /** Read while its envelope is spoken, and kept for as long as it may be heard again. */
  #prepare(message: Message): Promise<Sound> {
    if (this.#prepared?.message.id !== message.id) {
      const sound = this.#mailbox.soundOf(message, this.#codec);
      sound.catch(() => undefined); // reported where it is played
      this.#prepared = { message, sound };
    }
    return this.#prepared.sound;
  }

  /** Plays a recording once it is there, unless something else is said by then. */
  async #play(sound: Promise<Sound>, told: VoicemailEvent): Promise<void> {
    const isStillSilent = this.#line.interrupt();
    const ready = await sound.catch((error: unknown) => {
      this.#mailbox.failed(error);
      return undefined;
    });
    if (!isStillSilent()) return;
    if (!ready) {
      this.#prepared = undefined; // the next attempt may succeed
      this.#line.on({ kind: 'unplayable' });
      return;
    }
    this.tell(told);
    await this.#say([ready]);
  }

  /** Where the sound was closed before its end, nothing has been heard. */
  async #say(sounds: readonly Playable[]): Promise<void> {
    const said = await this.#line.say(sounds);
    if (said !== 'overtaken') this.#line.on({ kind: said === 'whole' ? 'spoken' : 'unplayable' });
  }

  async #record(): Promise<void> {
    const take = this.#take;
    try {
      await take?.record(this.#line.endpoint, () => {
        this.#line.on({ kind: 'record-ended' });
      });
      if (take !== this.#take) return;
      const since = this.#clock.now();
      this.tell({ kind: 'recording', what: 'greeting', since, longestMs: LONGEST_GREETING_MS });
    } catch (error) {
      this.#mailbox.failed(error);
      if (take === this.#take) this.#line.on({ kind: 'unrecordable' });
    }
  }

  async #stopRecording(): Promise<OwnEvent> {
    return { kind: 'recorded', greeting: await this.#take?.stop() };
  }

  async #use(greeting: Greeting): Promise<OwnEvent> {
    const take = this.#take;
    this.#take = undefined; // from now on it stays even if the caller hangs up
    try {
      await this.#mailbox.useGreeting(greeting);
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
      if (greeting) await this.#mailbox.useGreeting(greeting);
      else this.#discard(take);
    } catch (error) {
      this.#mailbox.failed(error);
      this.#discard(take);
    }
  }

  /** Asks the caller's phone to call, and says what it answers. */
  async #askPhone(uri: string | undefined): Promise<void> {
    const status = uri === undefined ? undefined : await this.#line.refer(uri);
    const isAccepted = status !== undefined && status >= 200 && status < 300;
    const refusal = uri === undefined ? 'no-such-number' : 'refused';
    this.#line.on({ kind: 'phone-asked', answer: isAccepted ? 'accepted' : refusal });
  }

  #discard(take: GreetingTake | undefined): void {
    void take?.discard().catch((error: unknown) => {
      this.#mailbox.failed(error);
    });
  }
}
