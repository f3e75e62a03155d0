import { assertNever, type Service, serviceOf } from '@perch/shared';
import type { LevelMeter } from '../../media/level-meter.ts';
import type { Microphone, MicrophoneTrouble } from '../../media/microphone.ts';
import { ReceptionProbe } from '../../media/reception.ts';
import {
  type Call,
  type CallEffect,
  type CallEvent,
  type Ending,
  step,
  toneOf,
} from '../../phone/calls/call.ts';
import { type Quality, qualityOf } from '../../phone/calls/quality.ts';
import type { CallSession } from '../../sip/session.ts';
import { CallMicrophone, type CallSound } from './call-microphone.svelte.ts';
import type { Settings } from '../page/settings.svelte.ts';

const LOOK_MS = 2_000;

export interface CallParts {
  readonly sound: CallSound;
  readonly settings: Settings;
  /** Sends the INVITE of an outgoing call, once the microphone is there. */
  readonly invite: (microphone: Microphone) => CallSession;
  readonly iceServers: () => RTCIceServer[];
  /** The microphone of the call has died, and another one has taken its place. */
  readonly onMicrophone: (name: string) => void;
  readonly onOver: (call: ActiveCall) => void;
}

/** One call of this phone: runs the call machine (`phone/call.ts`) against its SIP session and its sound. */
export class ActiveCall {
  readonly direction: 'incoming' | 'outgoing';
  /** The number that was dialled, or that is calling. */
  readonly number: string;
  readonly name: string;
  /** Milliseconds since 1970-01-01 UTC, by this browser's clock. */
  readonly startedAt = Date.now();
  muted = $state(false);
  /** The keys pressed in this call. */
  digits = $state('');
  /** The number to call once this call is over, as the mailbox has asked. */
  callBack: string | null = null;
  quality: Quality | null = $state(null);
  otherLevel: Pick<LevelMeter, 'read' | 'close'> | null = $state.raw(null);
  #state: Call = $state.raw({ kind: 'dialling' });
  readonly #parts: CallParts;
  readonly #microphone: CallMicrophone;
  #session: CallSession | undefined;
  #stopTone: (() => void) | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;
  #answered = false;
  /** Keys pressed while the browser was asking for the microphone. */
  #early = '';

  constructor(target: { number: string } | { offered: CallSession }, parts: CallParts) {
    this.#parts = parts;
    this.#microphone = new CallMicrophone(parts.sound, (stream, name) => {
      this.#session?.replaceMicrophone(stream);
      parts.onMicrophone(name);
    });
    if ('offered' in target) {
      this.direction = 'incoming';
      this.number = target.offered.number;
      this.name = target.offered.name;
      this.#state = { kind: 'offered' };
      this.#attach(target.offered);
    } else {
      this.direction = 'outgoing';
      this.number = target.number;
      this.name = '';
      void this.#dial();
    }
  }

  /** Is the other side the Virtualization Center? Then keys are a secret, and are not kept. */
  get isCenter(): boolean {
    return this.#calls('center');
  }

  /** Is this a visit to a mailbox? Then keys may be its PIN, and are not kept. */
  get isVoicemail(): boolean {
    return this.#calls('voicemail');
  }

  #calls(service: Service['name']): boolean {
    return this.direction === 'outgoing' && serviceOf(this.number)?.name === service;
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

  /** The browser is asking whether the microphone is allowed. */
  get isAsked(): boolean {
    return this.#microphone.isAsked;
  }

  get ownLevel(): Pick<LevelMeter, 'read'> | null {
    return this.#microphone.level;
  }

  /** When it was answered, by this browser's clock. */
  get since(): number | null {
    return this.#state.kind === 'talking' ? this.#state.since : null;
  }

  readonly answer = (): void => this.#take({ kind: 'answer' });
  readonly hangUp = (): void => this.#take({ kind: 'hang-up' });
  /** It no longer rings, and has not been declined here. */
  readonly withdraw = (ending: Ending): void => this.#take({ kind: 'withdrawn', ending });

  readonly toggleMute = (): void => {
    this.muted = !this.muted;
    this.#microphone.setMuted(this.muted);
    this.#session?.setMuted(this.muted);
  };

  readonly press = (digit: string): void => {
    if (this.#state.kind === 'over') return;
    if (!this.isCenter && !this.isVoicemail) this.digits += digit;
    if (this.#session === undefined) this.#early += digit;
    else this.#session.sendDigit(digit, this.#parts.settings.values.digits);
  };

  lineRestored(withServer: boolean): void {
    this.#session?.lineRestored(withServer);
  }

  #take(event: CallEvent): void {
    const before = this.#state;
    const [state, effects] = step(before, event);
    if (state === before) return;
    this.#state = state;
    this.#answered ||= state.kind === 'talking';
    for (const effect of effects) this.#run(effect);
    this.#retune();
    if (state.kind === 'over') this.#end();
  }

  #run(effect: CallEffect): void {
    switch (effect) {
      case 'accept':
        void this.#accept();
        break;
      case 'reject':
        this.#session?.reject(603);
        break;
      case 'drop':
        this.#session?.reject(408);
        break;
      case 'terminate':
        this.#session?.hangUp();
        break;
      default:
        assertNever(effect);
    }
  }

  async #dial(): Promise<void> {
    const microphone = await this.#microphone.open();
    if (!microphone) return;
    try {
      this.#attach(this.#parts.invite(microphone));
    } catch {
      // The dial field does not contain a valid SIP address.
      this.#take({ kind: 'over', ending: 'no-such-number' });
    }
  }

  async #accept(): Promise<void> {
    const microphone = await this.#microphone.open();
    if (microphone)
      this.#session?.answer({ stream: microphone.stream, iceServers: this.#parts.iceServers() });
  }

  #attach(session: CallSession): void {
    this.#session = session;
    session.listen({
      onProgress: (earlyMedia) => this.#take({ kind: 'progress', earlyMedia }),
      onAccepted: () => this.#take({ kind: 'accepted', now: Date.now() }),
      onMedia: (media) => this.#take({ kind: 'media', media }),
      onRemoteStream: (stream) => this.#hear(stream),
      onReferred: (number) => this.#refer(number),
      onOver: (ending) => this.#take({ kind: 'over', ending }),
    });
    if (this.muted) session.setMuted(true);
    for (const digit of this.#early) session.sendDigit(digit, this.#parts.settings.values.digits);
  }

  /** Only a mailbox may ask for another call. */
  #refer(number: string): boolean {
    if (this.isVoicemail) this.callBack = number;
    return this.isVoicemail;
  }

  #hear(stream: MediaStream): void {
    this.#parts.sound.remote = stream;
    this.otherLevel?.close();
    this.otherLevel = this.#parts.sound.meter(stream);
    const probe = new ReceptionProbe();
    clearInterval(this.#looking);
    this.#looking = setInterval(() => void this.#look(probe), LOOK_MS);
  }

  async #look(probe: ReceptionProbe): Promise<void> {
    const connection = this.#session?.connection;
    const reception = connection ? await probe.look(connection) : undefined;
    if (reception) this.quality = qualityOf(reception);
  }

  #retune(): void {
    const tone = toneOf(this.#state);
    this.#stopTone?.();
    this.#stopTone = tone === 'none' ? undefined : this.#parts.sound.tone(tone);
  }

  #end(): void {
    clearInterval(this.#looking);
    setTimeout(() => this.#stopTone?.(), 2_500);
    this.otherLevel?.close();
    this.#microphone.close();
    this.#parts.sound.remote = null;
    this.#parts.onOver(this);
  }
}
