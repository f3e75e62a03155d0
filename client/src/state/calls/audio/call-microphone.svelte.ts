import type { Devices } from '../../../media/devices.ts';
import type { Level } from '../../../media/level-meter.ts';
import type { Microphone } from '../../../media/microphone.ts';
import {
  listed,
  type Source,
  sourceOf,
  type WatchDevices,
  watchMicrophone,
} from '../../../media/microphone-watch.ts';
import type { WatchPermission } from '../../../media/microphone-permission.ts';
import type { MicrophoneTrouble } from '../../../phone/calls/microphone-trouble.ts';
import type { World } from '../../../world/world.ts';
import type { HoldSound } from '../call-hold.svelte.ts';
import { VoiceWatch } from './voice-watch.svelte.ts';
import { after } from '../../../world/timers.ts';

/** How long a browser that need not ask takes to open a microphone (milliseconds). */
const ASKING_MS = 500;

/** What a call needs of the page's sound; `PageSound` is the real one. */
export interface CallSound extends HoldSound {
  /** Opens the microphone that the person has chosen, or the one with that id. */
  openMicrophone(deviceId?: string): Promise<Microphone>;
  closeMicrophone(microphone: Microphone): void;
  meter(stream: MediaStream): Level;
  /** Plays a tone until the returned function is called. */
  tone(name: 'ringback' | 'busy'): () => void;
  readonly watchDevices: WatchDevices;
  readonly watchPermission: WatchPermission;
  /** Calls back when the person has chosen another microphone, or what is done to their voice, until the returned function is called. */
  watchChoice(onChange: () => void): () => void;
}

/**
 * Why this microphone is in use: the one before it was `lost`, it has `returned`, it was `chosen` in the settings, it was `kept`
 * because the one that was chosen cannot be opened, or there was none and it has been `allowed`.
 */
export type Replacement = 'lost' | 'returned' | 'chosen' | 'kept' | 'allowed';

/**
 * The microphone of one call: opened for it, watched, replaced by the next one when it dies, and used again when it is back. What is
 * sent is a copy of its track: muting turns off the copy, so that it is noticed when somebody speaks while muted.
 */
export class CallMicrophone {
  /** The browser has not answered yet: it is asking the person for permission. */
  isAsked = $state(false);
  level: Level | null = $state.raw(null);
  #trouble: MicrophoneTrouble | null = $state(null);
  readonly #voice = new VoiceWatch();
  readonly #sound: CallSound;
  readonly #now: World['now'];
  readonly #onReplaced: (stream: MediaStream, label: string, why: Replacement) => void;
  #microphone: Microphone | undefined;
  #sent: MediaStream | undefined;
  #unwatch: (() => void) | undefined;
  readonly #unwatchDevices: () => void;
  readonly #unwatchChoice: () => void;
  readonly #unwatchPermission: () => void;
  #source: Source = {};
  /** The microphone that died, until it is back; `isGone` once it has been seen to be no longer there. */
  #away: { readonly source: Source; readonly isGone: boolean } | null = null;
  /** Why one is being opened in place of another. */
  #opening: Replacement | null = null;
  /** Why a microphone is to be opened once more: something has changed while one was being opened. */
  #again: 'lost' | 'chosen' | 'allowed' | null = null;
  #closed = false;
  #muted = false;

  /** `onReplaced`: another microphone is open from now on. */
  constructor(
    sound: CallSound,
    now: World['now'],
    onReplaced: (stream: MediaStream, label: string, why: Replacement) => void,
  ) {
    this.#sound = sound;
    this.#now = now;
    this.#onReplaced = onReplaced;
    this.#unwatchDevices = sound.watchDevices((devices) => this.#onDevices(devices));
    this.#unwatchChoice = sound.watchChoice(() => this.#onChoice());
    this.#unwatchPermission = sound.watchPermission(() => this.request());
  }

  /** Why this side cannot be heard. */
  get trouble(): MicrophoneTrouble | null {
    return this.#trouble ?? (this.#voice.word === 'silent' ? 'silent' : null);
  }

  /** Is there a microphone, whatever it gives? The browser may still be asking for it. */
  get isThere(): boolean {
    return this.#trouble === null || this.#trouble === 'silenced';
  }

  /** Does the person speak, though nobody hears it? */
  get speaksMuted(): boolean {
    return this.#voice.word === 'speaking-muted';
  }

  /** What the call is to send, while the microphone is open. */
  get sent(): MediaStream | undefined {
    return this.#sent;
  }

  /** What the call is to send; `undefined` where it was closed while the browser was asking. */
  async open(): Promise<Microphone | undefined> {
    this.#again = null;
    const microphone = await this.#ask();
    if (this.#closed) {
      this.#sound.closeMicrophone(microphone);
      return undefined;
    }
    const stream = this.#use(microphone);
    const again = this.#takeAgain();
    if (again === 'chosen' || (again === 'allowed' && !this.isThere)) void this.#replace(again);
    return { ...microphone, stream };
  }

  /** Asks the browser once more, where there is none: it may be allowed by now. */
  readonly request = (): void => {
    this.#again = this.#opening === 'lost' ? 'lost' : 'allowed';
    if (this.#microphone !== undefined && !this.isThere) void this.#replace('allowed');
  };

  /** Also mutes a microphone that is opened later. */
  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#silence();
  }

  close(): void {
    this.#closed = true;
    this.isAsked = false;
    this.#unwatchDevices();
    this.#unwatchChoice();
    this.#unwatchPermission();
    this.#release();
  }

  #use(microphone: Microphone): MediaStream {
    this.#release();
    this.#microphone = microphone;
    const level = (this.level = this.#sound.meter(microphone.stream));
    this.#trouble = microphone.kind === 'silent' ? microphone.trouble : null;
    if (microphone.kind === 'silent') return (this.#sent = microphone.stream);
    const sent = (this.#sent = microphone.stream.clone());
    this.#silence();
    const [track] = microphone.stream.getAudioTracks();
    this.#source = track === undefined ? {} : sourceOf(track);
    this.#voice.begin(level, this.#now, () => this.#muted);
    this.#unwatch = watchMicrophone(microphone.stream, this.#sound.watchDevices, (state) => {
      this.#trouble = state === 'live' ? null : state === 'silenced' ? 'silenced' : 'lost';
      if (state !== 'ended') return;
      this.#away ??= { source: this.#source, isGone: false };
      void this.#replace('lost');
    });
    return sent;
  }

  #silence(): void {
    for (const track of this.#sent?.getAudioTracks() ?? []) track.enabled = !this.#muted;
  }

  #release(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#voice.end();
    this.level?.close();
    this.level = null;
    for (const track of this.#sent?.getTracks() ?? []) track.stop();
    if (this.#microphone) this.#sound.closeMicrophone(this.#microphone);
    this.#microphone = undefined;
  }

  #onDevices({ microphones }: Devices): void {
    this.#again ??= 'lost';
    if (this.#microphone === undefined) return;
    const back = this.#away === null ? undefined : listed(this.#away.source, microphones);
    if (this.#away !== null && back === undefined) this.#away = { ...this.#away, isGone: true };
    if (this.#away?.isGone === true && back !== undefined) void this.#replace('returned', back.id);
    // A question that was dismissed comes again only where it is asked for.
    else if (!this.isThere && this.#trouble !== 'dismissed') void this.#replace('lost');
  }

  #onChoice(): void {
    this.#away = null;
    this.#again = 'chosen';
    if (this.#microphone !== undefined) void this.#replace('chosen');
  }

  /** Switches to that microphone, else to the one that a new call would get; without one, waits for a device. */
  async #replace(why: Replacement, deviceId?: string): Promise<void> {
    if (this.#opening !== null) return;
    this.#opening = why;
    this.#again = null;
    const next = await this.#ask(deviceId);
    this.#opening = null;
    if (this.#closed) {
      this.#sound.closeMicrophone(next);
      return;
    }
    if (next.kind === 'live') {
      if (why !== 'lost') this.#away = null;
      this.#onReplaced(this.#use(next), labelOf(next.stream), why);
    } else {
      this.#sound.closeMicrophone(next);
      if (!this.isThere && (this.#trouble !== 'lost' || next.trouble !== 'missing'))
        this.#trouble = next.trouble;
      if (why === 'chosen' && this.#trouble === null && this.#sent)
        this.#onReplaced(this.#sent, labelOf(this.#sent), 'kept');
    }
    const again = this.#takeAgain();
    if (again === 'chosen' || (again !== null && next.kind === 'silent' && !this.isThere))
      void this.#replace(again);
  }

  async #ask(deviceId?: string): Promise<Microphone> {
    const cancel = after(ASKING_MS, () => (this.isAsked = true));
    const microphone = await this.#sound.openMicrophone(deviceId);
    cancel();
    this.isAsked = false;
    return microphone;
  }

  /** What has happened while a microphone was being opened. */
  #takeAgain(): 'lost' | 'chosen' | 'allowed' | null {
    const again = this.#again;
    this.#again = null;
    return again;
  }
}

const labelOf = (stream: MediaStream): string => stream.getAudioTracks()[0]?.label ?? '';
