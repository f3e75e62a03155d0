import type { CallId } from '@perch/shared';
import type { Level } from '../../media/level-meter.ts';
import {
  type Call,
  type CallEffect,
  type CallEvent,
  type Ending,
  step,
  toneOf,
} from '../../phone/calls/call.ts';
import type { MicrophoneTrouble } from '../../phone/calls/microphone-trouble.ts';
import { type CallIdentity, idOf, named } from '../../phone/calls/identity.ts';
import type { TransferProgress } from '../../phone/calls/transfer.ts';
import type { CallSession } from '../../sip/session.ts';
import { CallAudio } from './audio/call-audio.svelte.ts';
import { CallHold } from './call-hold.svelte.ts';
import { SoundWatch } from './survival/sound-watch.ts';
import { CallMicrophone } from './audio/call-microphone.svelte.ts';
import { type CallParts, type CallTarget, directionOf, REFUSALS } from './call-parts.ts';
import { CallSessions } from './survival/call-sessions.ts';
import { CalledSide } from './parties/called-side.ts';

/** One call of this phone, with all that is its own: runs the call machine (`phone/calls/call.ts`) against its SIP session and its sound. */
export class ActiveCall extends CalledSide {
  readonly direction: 'incoming' | 'outgoing';
  /** The number that was dialled, or that is calling. */
  readonly number: string;
  readonly name: string;
  /** Milliseconds since 1970-01-01 UTC, by this browser's clock. */
  readonly startedAt: number;
  /** Identifies the session of the person at this terminal in which it began. */
  readonly begunIn: string | null;
  /** The person who began it is no longer here: it goes on, but is not shown as the next person's. */
  isInherited = false;
  /** It is being taken up from another page or phone, and goes on there if that fails. */
  isTaking = false;
  /** Since when the server has no longer confirmed that it rings, by this browser's clock; `null` while it does. */
  staleSince: number | null = null;
  readonly audio: CallAudio;
  readonly hold: CallHold;
  muted = $state(false);
  /** The keys pressed in this call. */
  digits = $state('');
  /** The keypad is open over the meters of the call. */
  keypadOpen = $state(false);
  #identity: CallIdentity;
  #state: Call = $state.raw({ kind: 'dialling' });
  readonly #parts: CallParts<ActiveCall>;
  readonly #microphone: CallMicrophone;
  readonly #sessions = this.#newSessions();
  #answered = false;
  readonly #watch: SoundWatch;
  /** Keys pressed while the browser was asking for the microphone. */
  #early = '';

  constructor(identity: CallIdentity, target: CallTarget, parts: CallParts<ActiveCall>) {
    super('number' in target ? target : null);
    this.#identity = $state.raw(identity);
    this.#parts = parts;
    this.direction = directionOf(target);
    this.startedAt = parts.now();
    this.begunIn = parts.session;
    this.audio = new CallAudio(
      parts.sound,
      () => parts.surroundings(this),
      () => this.#watch.isInterrupted,
    );
    this.hold = new CallHold(parts.sound);
    this.#microphone = new CallMicrophone(parts.sound, parts.now, (stream, name, why) => {
      this.hold.speak(stream);
      parts.onMicrophone(name, why);
    });
    this.#watch = new SoundWatch({
      direction: this.direction,
      now: parts.now,
      connection: () => this.#session?.connection ?? null,
      isExpected: () => this.#state.kind === 'talking' && !this.isWithServer && parts.shouldHear(this),
      onMedia: (media) => this.#take({ kind: 'media', media }),
      askLine: parts.askLine,
      renew: () => this.#renew(),
    });
    if ('offered' in target) {
      this.number = target.offered.number;
      this.name = target.offered.name;
      this.#state = { kind: 'offered' };
      this.#sessions.begin(target.offered);
    } else if ('taken' in target) {
      const { with: other, hold } = target.taken;
      this.number = other.number;
      this.name = other.name;
      this.#state = { kind: 'talking', since: target.since, media: 'connecting' };
      this.isTaking = this.#answered = true;
      this.#mute(target.muted);
      if (hold.here) this.setHold(true);
      void this.#dial();
    } else {
      this.number = target.number;
      this.name = '';
      void this.#dial();
    }
  }

  get identity(): CallIdentity {
    return this.#identity;
  }

  /** The id under which the server speaks of this call; `null` until the server has named it. */
  get id(): CallId | null {
    return idOf(this.#identity);
  }

  get state(): Call {
    return this.#state;
  }

  /** Was it answered? */
  get answered(): boolean {
    return this.#answered;
  }

  /** Why this side cannot be heard. */
  get trouble(): MicrophoneTrouble | null {
    return this.#microphone.trouble;
  }

  /** There is no microphone in it that could be muted. */
  get isVoiceless(): boolean {
    return !this.#microphone.isThere;
  }

  /** Does the person here speak, though muted? */
  get speaksMuted(): boolean {
    return this.#microphone.speaksMuted;
  }

  /** The browser is asking whether the microphone is allowed. */
  get isAsked(): boolean {
    return this.#microphone.isAsked;
  }

  get ownLevel(): Pick<Level, 'read'> | null {
    return this.#microphone.level;
  }

  /** When it was answered, by this browser's clock. */
  get since(): number | null {
    return this.#state.kind === 'talking' ? this.#state.since : null;
  }

  readonly answer = (): void => this.#take({ kind: 'answer' });
  /** It rings here once more: answered again, where it was answered and nobody has heard of it; else `false`. */
  readonly answerAgain = (session: CallSession): boolean =>
    this.#state.kind === 'talking' && this.#sessions.offerAgain(session);
  readonly hangUp = (): void => this.#take({ kind: 'hang-up' });
  readonly toVoicemail = (): void => this.#take({ kind: 'to-voicemail' });
  /** It no longer rings, and has not been declined here. */
  readonly withdraw = (ending: Ending): void => this.#take({ kind: 'withdrawn', ending });
  /** The server no longer has it. */
  readonly forget = (): void => this.#take({ kind: 'forgotten' });

  readonly toggleMute = (): void => this.#mute(!this.muted);

  /** Asks the browser for the microphone once more, where there is none. */
  readonly requestMicrophone = (): void => this.#microphone.request();

  /** Puts the other side on hold, or takes it back: at once, or as soon as they answer. */
  setHold(on: boolean): void {
    this.hold.set(on, this.#parts.now());
    this.#tune();
  }

  /** Hands this call to anyone who answers at that number, or to the other side of that call. */
  transfer(to: string | ActiveCall, onProgress: (progress: TransferProgress) => void): void {
    const target = typeof to === 'string' ? to : to.#session;
    if (target !== undefined) this.#session?.transfer(target, onProgress);
  }

  readonly toggleKeypad = (): void => {
    this.keypadOpen = !this.keypadOpen;
  };

  readonly press = (digit: string): void => {
    if (this.#state.kind === 'over') return;
    if (!this.isCenter && !this.isVoicemail) this.digits += digit;
    this.keypadOpen ||= !this.isWithServer;
    if (this.#session === undefined) this.#early += digit;
    else this.#session.sendDigit(digit, this.#parts.settings.values.digits);
  };

  get #session(): CallSession | undefined {
    return this.#sessions.current;
  }

  lineRestored(atOnce: boolean): void {
    this.#session?.lineRestored(this.isWithServer);
    this.#watch.lineRestored(atOnce);
  }

  /** A call with the server has one session only, which mends itself; and one whose answer was not heard rings once more. */
  #renew(): void {
    if (this.#session?.isConfirmed !== true) return;
    const { sent } = this.#microphone;
    if (this.id === null || sent === undefined || this.#state.kind !== 'talking' || this.isWithServer) return;
    this.#sessions.succeed(this.#parts.inviteAnew(this, this.hold.begin(sent)));
  }

  #take(event: CallEvent): void {
    const before = this.#state;
    const [state, effects] = step(before, event);
    if (state === before) return;
    this.#state = state;
    this.#answered ||= state.kind === 'talking';
    for (const effect of effects) this.#run(effect);
    this.#tune();
    if (state.kind === 'over') this.#end();
  }

  /** A call that is on hold is not listened to. */
  #tune(): void {
    this.audio.tune(this.hold.here ? 'none' : toneOf(this.#state));
  }

  #run(effect: CallEffect): void {
    if (effect === 'accept') void this.#accept();
    else if (effect === 'terminate') this.#sessions.hangUp();
    else this.#session?.reject(REFUSALS[effect]);
  }

  async #dial(): Promise<void> {
    const microphone = await this.#microphone.open();
    if (!microphone) return;
    this.hold.begin(microphone.stream);
    try {
      this.#sessions.begin(this.#parts.invite(microphone));
    } catch {
      // The dial field does not contain a valid SIP address.
      this.#take({ kind: 'over', ending: 'no-such-number' });
    }
  }

  async #accept(): Promise<void> {
    const microphone = await this.#microphone.open();
    if (microphone && this.#session) this.#answer(this.#session, microphone.stream);
  }

  #answer(session: CallSession, stream: MediaStream): void {
    session.answer({ stream: this.hold.begin(stream), iceServers: this.#parts.iceServers() });
  }

  #newSessions(): CallSessions {
    return new CallSessions({
      listener: {
        onProgress: (earlyMedia) => this.#take({ kind: 'progress', earlyMedia }),
        onAccepted: () => {
          this.isTaking = false;
          this.#take({ kind: 'accepted', now: this.#parts.now() });
        },
        onMedia: (media) => this.#watch.hear(media),
        onRemoteStream: (stream) => this.audio.hear(stream, () => this.#session?.connection ?? null),
        onNamed: (id) => this.#name(id),
        onHeld: (there) => (this.hold.there = there),
        onReferred: (number) => this.refer(number),
        onOver: (ending) => this.#take({ kind: 'over', ending }),
      },
      onBegun: (session) => {
        this.hold.attach(session);
        for (const digit of this.#early) session.sendDigit(digit, this.#parts.settings.values.digits);
        this.#early = '';
      },
      onOffered: (session) => {
        const { sent } = this.#microphone;
        if (sent === undefined) session.reject(486);
        else this.#answer(session, sent);
      },
    });
  }

  #mute(muted: boolean): void {
    this.muted = muted;
    this.#microphone.setMuted(muted);
  }

  #name(id: CallId): void {
    if (id === this.id) return;
    this.#identity = named(this.#identity, id);
    this.#parts.onNamed(this);
  }

  #end(): void {
    this.#sessions.drop();
    this.#watch.close();
    this.audio.close();
    this.hold.close();
    this.#microphone.close();
    this.#parts.onOver(this);
  }
}
