import type { LevelMeter } from '../../media/level-meter.ts';
import type { Microphone, MicrophoneTrouble } from '../../media/microphone.ts';
import { watchMicrophone } from '../../media/microphone-watch.ts';
import type { HoldSound } from './call-hold.svelte.ts';

/** How long a browser that need not ask takes to open a microphone (milliseconds). */
const ASKING_MS = 500;

/** What a call needs of the page's sound; `PageSound` is the real one. */
export interface CallSound extends HoldSound {
  /** The sound of the other side. */
  remote: MediaStream | null;
  openMicrophone(): Promise<Microphone>;
  closeMicrophone(microphone: Microphone): void;
  meter(stream: MediaStream): Pick<LevelMeter, 'read' | 'close'>;
  /** Plays a tone until the returned function is called. */
  tone(name: 'ringback' | 'busy'): () => void;
  /** Calls back when a device comes or goes, until the returned function is called. */
  watchDevices(onChange: () => void): () => void;
}

/** The microphone of one call: opened for it, watched, and replaced by the next one when it dies. */
export class CallMicrophone {
  /** Why this side cannot be heard. */
  trouble: MicrophoneTrouble | null = $state(null);
  /** The browser has not answered yet: it is asking the person for permission. */
  isAsked = $state(false);
  level: Pick<LevelMeter, 'read' | 'close'> | null = $state.raw(null);
  readonly #sound: CallSound;
  readonly #onReplaced: (stream: MediaStream, label: string) => void;
  #microphone: Microphone | undefined;
  #unwatch: (() => void) | undefined;
  readonly #unwatchDevices: () => void;
  #opening = false;
  /** A device has come or gone while a microphone was being opened. */
  #isChanged = false;
  #closed = false;
  #muted = false;

  /** `onReplaced`: another microphone is open from now on. */
  constructor(sound: CallSound, onReplaced: (stream: MediaStream, label: string) => void) {
    this.#sound = sound;
    this.#onReplaced = onReplaced;
    this.#unwatchDevices = sound.watchDevices(() => {
      this.#isChanged = true;
      if (this.#microphone !== undefined && this.trouble !== null && this.trouble !== 'silenced')
        void this.#replace();
    });
  }

  /** `undefined` where it was closed while the browser was asking. */
  async open(): Promise<Microphone | undefined> {
    const late = setTimeout(() => (this.isAsked = true), ASKING_MS);
    const microphone = await this.#sound.openMicrophone();
    clearTimeout(late);
    this.isAsked = false;
    if (this.#closed) {
      this.#sound.closeMicrophone(microphone);
      return undefined;
    }
    this.#use(microphone);
    return microphone;
  }

  /** Also mutes a microphone that is opened later. */
  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#silence();
  }

  close(): void {
    this.#closed = true;
    this.isAsked = false;
    this.#unwatchDevices();
    this.#release();
  }

  #use(microphone: Microphone): void {
    this.#release();
    this.#microphone = microphone;
    this.#silence();
    this.trouble = microphone.kind === 'silent' ? microphone.trouble : null;
    this.level = this.#sound.meter(microphone.stream);
    if (microphone.kind === 'silent') return;
    this.#unwatch = watchMicrophone(microphone.stream, (state) => {
      this.trouble = state === 'live' ? null : state === 'silenced' ? 'silenced' : 'lost';
      if (state === 'ended') void this.#replace();
    });
  }

  #silence(): void {
    for (const track of this.#microphone?.stream.getAudioTracks() ?? []) track.enabled = !this.#muted;
  }

  #release(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.level?.close();
    this.level = null;
    if (this.#microphone) this.#sound.closeMicrophone(this.#microphone);
    this.#microphone = undefined;
  }

  /** Switches to the microphone that a new call would get; without one, waits for a device. */
  async #replace(): Promise<void> {
    if (this.#opening) return;
    this.#opening = true;
    this.#isChanged = false;
    const next = await this.#sound.openMicrophone();
    this.#opening = false;
    if (this.#closed || next.kind === 'silent') {
      this.#sound.closeMicrophone(next);
      if (this.#closed || next.kind === 'live') return;
      if (next.trouble === 'refused') this.trouble = 'refused';
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the devices may have changed meanwhile
      if (this.#isChanged) void this.#replace();
      return;
    }
    this.#use(next);
    this.#onReplaced(next.stream, next.stream.getAudioTracks()[0]?.label ?? '');
  }
}
