import { type Devices, listDevices, NO_DEVICES, watchDevices } from '../../media/devices.ts';
import { EchoTone } from '../../media/echo-tone.ts';
import { type HoldMusic, playHoldMusic } from '../../media/hold-music.ts';
import { LevelMeter } from '../../media/level-meter.ts';
import {
  closeMicrophone,
  type Microphone,
  openMicrophone,
  type SoundProcessing,
} from '../../media/microphone.ts';
import { watchMicrophonePermission } from '../../media/microphone-permission.ts';
import type { WatchDevices } from '../../media/microphone-watch.ts';
import { Sound, type SoundObstacle } from '../../media/sound.ts';
import { playKey, playTone, type ToneName } from '../../media/tones.ts';
import type { CallSound } from '../calls/audio/call-microphone.svelte.ts';
import type { Settings } from '../page/settings.svelte.ts';

/** Microphone, speaker and ringer of this page. */
export class PageSound implements CallSound {
  devices: Devices = $state.raw(NO_DEVICES);
  /** What is really done to the voice of the microphone that was opened last: not every device and browser lets one choose. */
  processing: Partial<SoundProcessing> | null = $state.raw(null);
  readonly #settings: Settings;
  /** Why the page’s own sounds cannot be heard. */
  #own: SoundObstacle | null = $state(null);
  /** What would play the other side, and waits for a touch. */
  #refused: HTMLAudioElement | null = $state.raw(null);
  readonly #voice = new Sound((obstacle) => (this.#own = obstacle));
  readonly #ringer = new Sound(() => undefined);
  readonly watchPermission = watchMicrophonePermission;
  #deviceListeners: readonly ((devices: Devices) => void)[] = [];
  readonly #unwatch = watchDevices((devices) => this.#onDevices(devices));

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Why nothing can be heard, to be shown on the page. */
  get obstacle(): SoundObstacle | null {
    return this.#refused === null ? this.#own : 'touch';
  }

  /** Has the page’s audio element play the other side from now on, or nothing. */
  hear(remote: MediaStream | null, audio: HTMLAudioElement): void {
    audio.srcObject = remote;
    this.#refused = null;
    if (remote !== null) this.#play(audio);
  }

  /** To be called from a tap or key press only. */
  readonly unblock = (): void => {
    this.#voice.unblock();
    this.#ringer.unblock();
    if (this.#refused !== null) this.#play(this.#refused);
  };

  key(digit: string): void {
    if (!this.#settings.values.keySounds) return;
    this.#voice.sendTo(this.#settings.values.speaker);
    playKey(this.#voice, digit);
  }

  /** Plays a tone of the call's progress until the returned function is called. */
  tone(name: Exclude<ToneName, 'ring'>): () => void {
    this.#voice.sendTo(this.#settings.values.speaker);
    return playTone(this.#voice, name);
  }

  /** Plays music into a stream until it is stopped. */
  holdMusic(): HoldMusic {
    return playHoldMusic(this.#voice);
  }

  /** Rings on the ringer's device until the returned function is called. */
  ring(): () => void {
    const { ringer, ringVolume } = this.#settings.values;
    this.#ringer.sendTo(ringer);
    return playTone(this.#ringer, 'ring', ringVolume);
  }

  /** A tone for the other end, which is listened for in what comes back. */
  echoTone(): EchoTone {
    return new EchoTone(this.#voice);
  }

  /** Opens the microphone that the person has chosen, or the one with that id. */
  async openMicrophone(deviceId = this.#settings.values.microphone): Promise<Microphone> {
    const microphone = await openMicrophone(
      this.#voice.context,
      deviceId,
      this.#settings.values.soundProcessing,
    );
    if (microphone.kind === 'live') {
      const [track] = microphone.stream.getAudioTracks();
      this.processing = track === undefined ? null : processingOf(track);
      // Devices have names once a microphone has been allowed.
      void listDevices().then((devices) => this.#onDevices(devices));
    }
    return microphone;
  }

  /** Calls back when the person has chosen another microphone, or what is done to their voice, until the returned function is called. */
  watchChoice(onChange: () => void): () => void {
    return this.#settings.watch(({ microphone, soundProcessing }) => {
      if (microphone !== undefined || soundProcessing !== undefined) onChange();
    });
  }

  closeMicrophone(microphone: Microphone): void {
    closeMicrophone(microphone);
  }

  readonly watchDevices: WatchDevices = (onChange) => {
    this.#deviceListeners = [...this.#deviceListeners, onChange];
    onChange(this.devices);
    return () => (this.#deviceListeners = this.#deviceListeners.filter((listener) => listener !== onChange));
  };

  meter(stream: MediaStream): LevelMeter {
    return new LevelMeter(this.#voice, stream);
  }

  close(): void {
    this.#unwatch();
    this.#voice.close();
    this.#ringer.close();
  }

  /** Replacing one stream by another (`AbortError`) is not an obstacle. */
  #play(audio: HTMLAudioElement): void {
    audio.play().then(
      () => (this.#refused = null),
      (error: unknown) => {
        const waits = error instanceof DOMException && error.name === 'NotAllowedError';
        if (waits && audio.srcObject !== null) this.#refused = audio;
      },
    );
  }

  #onDevices(devices: Devices): void {
    this.devices = devices;
    this.#voice.sendAgain();
    this.#ringer.sendAgain();
    for (const listener of this.#deviceListeners) listener(devices);
  }
}

function processingOf(track: MediaStreamTrack): Partial<SoundProcessing> {
  const { echoCancellation, noiseSuppression, autoGainControl } = track.getSettings();
  return {
    // Newer browsers have several kinds of it, each with a name.
    ...(echoCancellation === undefined ? {} : { echoCancellation: Boolean(echoCancellation) }),
    ...(noiseSuppression === undefined ? {} : { noiseSuppression }),
    ...(autoGainControl === undefined ? {} : { autoGainControl }),
  };
}
