import { type Devices, NO_DEVICES } from '../../media/devices.ts';
import type { HoldMusic } from '../../media/hold-music.ts';
import { closeMicrophone, type Microphone } from '../../media/microphone.ts';
import type { Level } from '../../media/level-meter.ts';
import { fakeMicrophone } from '../../media/support/fake-microphone.ts';
import type { Loudness } from '../../phone/calls/own-voice.ts';
import type { CallSound } from '../calls/audio/call-microphone.svelte.ts';

/** The page's sound without devices: opens what the test gives it, in that order. */
export class FakeSound implements CallSound {
  /** The microphones to open next; with none left, the browser keeps asking. */
  readonly microphones: Microphone[] = [];
  /** What has been played to calls on hold. */
  readonly music: MediaStream[] = [];
  /** What is asked for: the id of a device, or `undefined` for the one that the person has chosen. */
  readonly opened: (string | undefined)[] = [];
  /** How loud the sound is that is measured. */
  loudness: Loudness = { rmsDb: -60, peakDb: -50 };
  #devices: Devices = NO_DEVICES;
  #waiting: ((microphone: Microphone) => void)[] = [];
  #listeners: ((devices: Devices) => void)[] = [];
  #choosers: (() => void)[] = [];
  #permitted: (() => void)[] = [];

  openMicrophone(deviceId?: string): Promise<Microphone> {
    this.opened.push(deviceId);
    const next = this.microphones.shift();
    return next === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(next);
  }

  /** The person has allowed this microphone. */
  allow(microphone: Microphone): void {
    this.#waiting.shift()?.(microphone);
  }

  closeMicrophone(microphone: Microphone): void {
    closeMicrophone(microphone);
  }

  meter(): Level {
    return { read: () => 0, loudness: () => this.loudness, close: () => undefined };
  }

  holdMusic(): HoldMusic {
    const { microphone } = fakeMicrophone('music');
    this.music.push(microphone.stream);
    return { stream: microphone.stream, stop: () => closeMicrophone(microphone) };
  }

  tone(): () => void {
    return () => undefined;
  }

  readonly watchDevices = (onChange: (devices: Devices) => void): (() => void) => {
    this.#listeners.push(onChange);
    onChange(this.#devices);
    return () => (this.#listeners = this.#listeners.filter((listener) => listener !== onChange));
  };

  watchChoice(onChange: () => void): () => void {
    this.#choosers.push(onChange);
    return () => (this.#choosers = this.#choosers.filter((listener) => listener !== onChange));
  }

  readonly watchPermission = (onAllowed: () => void): (() => void) => {
    this.#permitted.push(onAllowed);
    return () => (this.#permitted = this.#permitted.filter((listener) => listener !== onAllowed));
  };

  /** The person allows the microphone in the browser's settings of the page. */
  permit(): void {
    for (const listener of this.#permitted) listener();
  }

  /** The person chooses another microphone, or what is done to their voice. */
  choose(): void {
    for (const listener of this.#choosers) listener();
  }

  /** A device comes or goes: these microphones are there from now on. */
  plug(...names: readonly string[]): void {
    const microphones = names.map((name) => ({ id: name, label: name, group: `group of ${name}` }));
    this.#devices = { microphones, speakers: [] };
    for (const listener of this.#listeners) listener(this.#devices);
  }
}
