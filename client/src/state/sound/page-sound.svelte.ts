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
  /** Why nothing can be heard, to be shown on the page. */
  obstacle: SoundObstacle | null = $state(null);
  devices: Devices = $state.raw(NO_DEVICES);
  /** The sound of the other side, played by the page's only audio element. */
  remote: MediaStream | null = $state.raw(null);
  /** What is really done to the voice of the microphone that was opened last: not every device and browser lets one choose. */
  processing: Partial<SoundProcessing> | null = $state.raw(null);
  readonly #settings: Settings;
  readonly #voice = new Sound((obstacle) => (this.obstacle = obstacle));
  readonly #ringer = new Sound(() => undefined);
  readonly watchPermission = watchMicrophonePermission;
  #deviceListeners: readonly ((devices: Devices) => void)[] = [];
  readonly #unwatch = watchDevices((devices) => this.#onDevices(devices));

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** The audio element did not play. Replacing one stream with another (`AbortError`) is not an obstacle. */
  playRefused(error: unknown): void {
    if (error instanceof DOMException && error.name === 'NotAllowedError') this.obstacle = 'touch';
  }

  /** To be called from a tap or key press only. */
  readonly unblock = (): void => {
    this.#voice.unblock();
    this.#ringer.unblock();
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
