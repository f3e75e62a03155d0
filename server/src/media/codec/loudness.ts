/** How loud sounds are and should be: everything that the server plays is equally loud. PURE. */

/** Mean level of speech, in dB below full scale: what browsers' automatic gain brings voices to. */
const SPEECH_LEVEL = -20;
/** No sample comes nearer to full scale than this, in dB. */
const HEADROOM = -1.5;
/** 20 ms this far, in dB, below the loudest 20 ms of a sound are silence. */
const SILENCE_BELOW_LOUDEST = -38;

/** Sound louder than this, in dB below full scale, counts as something to hear (RFC 6464 §3). */
export const HEARD_LEVEL = 50;
/** The same as the mean square of samples of 16 bits. */
export const QUIET_POWER = 0x8000 ** 2 * 10 ** (-HEARD_LEVEL / 10);

/** The mean square of samples. */
export function meanPower(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum / samples.length;
}

export const amplitude = (decibels: number): number => 10 ** (decibels / 20);

/** Where there is speech in a sound, in whole frames of 20 ms; undefined where nothing is louder than 0. */
export interface Speech {
  readonly first: number;
  readonly last: number;
  /** The root mean square of the frames with speech. */
  readonly level: number;
  /** The largest sample. */
  readonly peak: number;
}

/** `samples` between -1 and 1, `frame` of them 20 ms. */
export function findSpeech(samples: Float32Array, frame: number): Speech | undefined {
  const levels = Array.from({ length: Math.floor(samples.length / frame) }, (_, i) =>
    rootMeanSquare(samples.subarray(i * frame, (i + 1) * frame)),
  );
  const threshold =
    levels.reduce((loudest, level) => Math.max(loudest, level), 0) * amplitude(SILENCE_BELOW_LOUDEST);
  const isSpeech = (level: number): boolean => level > threshold;
  const first = levels.findIndex(isSpeech);
  if (first < 0) return undefined;
  return {
    first,
    last: levels.findLastIndex(isSpeech),
    level: rootMeanSquare(levels.filter(isSpeech)),
    peak: samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0),
  };
}

/** What every sample is to be multiplied by. */
export function gainFor({ level, peak }: Speech): number {
  return Math.min(amplitude(SPEECH_LEVEL) / level, amplitude(HEADROOM) / peak);
}

function rootMeanSquare(values: Float32Array | readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}
