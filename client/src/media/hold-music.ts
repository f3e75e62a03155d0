import type { Sound } from './sound.ts';

/** Enough for a telephone (hertz): the browser converts it to the rate of its context. */
const RATE = 16_000;
/** Seconds of one note. */
const NOTE = 0.8;
/** How fast a note fades (1/s). */
const FADE = 2.2;
/** Seconds until a note is at its loudest, so that it does not click. */
const RISE = 0.04;

/** Under all of it (hertz), with whole waves in a round of the melody. */
export const HOLD_DRONE = 260;
const DRONE_LEVEL = 0.06;
const NOTE_LEVEL = 0.09;
/** A round of the melody, in hertz; 0 is a rest. Five notes that fit together in any order. */
const MELODY = [390, 520, 585, 0, 650, 585, 520, 0, 440, 520, 390, 0, 325, 390, 520, 0];

/** One round of the music, which can be repeated without a seam: -1 to 1, `rate` samples a second. */
export function holdMusic(rate = RATE): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(MELODY.length * NOTE * rate));
  const turn = 2 * Math.PI;
  for (let n = 0; n < samples.length; n++) {
    samples[n] = DRONE_LEVEL * Math.sin((turn * HOLD_DRONE * n) / rate);
  }
  // A note sounds on under the next ones; the last ones of a round sound on in its beginning.
  MELODY.forEach((hertz, position) => {
    const start = Math.round(position * NOTE * rate);
    const length = hertz === 0 ? 0 : Math.round(3 * NOTE * rate);
    for (let n = 0; n < length; n++) {
      const at = n / rate;
      const level = NOTE_LEVEL * Math.min(1, at / RISE) * Math.exp(-FADE * at) * (1 - n / length);
      const index = (start + n) % samples.length;
      samples[index] = (samples[index] ?? 0) + level * Math.sin(turn * hertz * at);
    }
  });
  return samples;
}

/** What the other side of a call on hold is sent. */
export interface HoldMusic {
  readonly stream: MediaStream;
  stop(): void;
}

/** Plays the music into a stream of its own until it is stopped; no timer is needed, so that a tab in the background goes on. */
export function playHoldMusic(sound: Sound): HoldMusic {
  const { context } = sound;
  const release = sound.use();
  const samples = holdMusic();
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: RATE });
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  const { stream } = source.connect(
    new MediaStreamAudioDestinationNode(context, { channelCount: 1 }),
  ) as MediaStreamAudioDestinationNode;
  source.start();
  return {
    stream,
    stop: () => {
      source.stop();
      release();
    },
  };
}
