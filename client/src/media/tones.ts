import type { Sound } from './sound.ts';
import { after, every } from '../world/timers.ts';

/** Row and column frequencies of the keys in hertz (ITU-T Q.23). */
const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  '1': [697, 1209],
  '2': [697, 1336],
  '3': [697, 1477],
  '4': [770, 1209],
  '5': [770, 1336],
  '6': [770, 1477],
  '7': [852, 1209],
  '8': [852, 1336],
  '9': [852, 1477],
  '*': [941, 1209],
  '0': [941, 1336],
  '#': [941, 1477],
};
const KEY_SECONDS = 0.1;
const KEY_GAIN = 0.08;

/** A sound in a pattern: `[on, off, …]` in seconds, repeated. */
interface Cadence {
  readonly frequencies: readonly number[];
  readonly pattern: readonly [number, number, ...number[]];
  readonly gain: number;
}

/** Ringback, busy and call waiting as in most of the world (ITU-T E.180 supplement 2: 425 Hz). */
const CADENCES = {
  ringback: { frequencies: [425], pattern: [1, 4], gain: 0.08 },
  busy: { frequencies: [425], pattern: [0.5, 0.5], gain: 0.08 },
  /** In the ear of a person who is speaking. */
  waiting: { frequencies: [425], pattern: [0.2, 0.2, 0.2, 5.4], gain: 0.05 },
  /** To a person whose other side is being waited for: soft enough to be spoken over. */
  reconnecting: { frequencies: [330], pattern: [0.12, 0.18, 0.12, 2.08], gain: 0.035 },
  /** To a person who is on hold without music: there is still a call. */
  held: { frequencies: [392], pattern: [0.25, 0.15, 0.25, 3.35], gain: 0.03 },
  ring: { frequencies: [659.25, 830.6], pattern: [0.4, 0.2, 0.4, 2], gain: 0.35 },
} as const satisfies Record<string, Cadence>;
export type ToneName = keyof typeof CADENCES;

/** How far ahead a pattern is written into the audio clock (seconds); a background tab's timers fire once a second. */
const AHEAD = 3;
const FADE = 0.012;

/** The sound under a pressed key. */
export function playKey(sound: Sound, digit: string): void {
  const frequencies = KEYS[digit];
  if (frequencies === undefined) return;
  const { level, stop } = voice(sound, frequencies);
  pulse(level, sound.context.currentTime, KEY_SECONDS, KEY_GAIN);
  after(1_000 * (KEY_SECONDS + 0.2), stop);
}

/** Plays a tone until the returned function is called. `volume` is 0 to 1. */
export function playTone(sound: Sound, name: ToneName, volume = 1): () => void {
  const { context } = sound;
  const { frequencies, pattern, gain }: Cadence = CADENCES[name];
  const { level, stop } = voice(sound, frequencies);
  let writtenTo = context.currentTime;
  const write = (): void => {
    while (writtenTo < context.currentTime + AHEAD) {
      for (let i = 0; i < pattern.length; i += 2) {
        const on = pattern[i] ?? 0;
        pulse(level, writtenTo, on, gain * volume);
        writtenTo += on + (pattern[i + 1] ?? 0);
      }
    }
  };
  write();
  const cancel = every(1_000, write);
  return () => {
    cancel();
    stop();
  };
}

/** Oscillators behind a closed gain, which the caller opens. */
function voice(
  sound: Sound,
  frequencies: readonly number[],
): { readonly level: AudioParam; readonly stop: () => void } {
  const { context } = sound;
  const release = sound.use();
  const output = new GainNode(context, { gain: 0 });
  const oscillators = frequencies.map((frequency) => new OscillatorNode(context, { frequency }));
  for (const oscillator of oscillators) {
    oscillator.connect(output);
    oscillator.start();
  }
  output.connect(sound.output);
  const stop = (): void => {
    for (const oscillator of oscillators) oscillator.stop();
    output.disconnect();
    release();
  };
  return { level: output.gain, stop };
}

/** One sound with soft edges, so that it does not click. */
function pulse(gain: AudioParam, at: number, seconds: number, level: number): void {
  gain.setValueAtTime(0, at);
  gain.linearRampToValueAtTime(level, at + FADE);
  gain.setValueAtTime(level, at + seconds - FADE);
  gain.linearRampToValueAtTime(0, at + seconds);
}
