import { peaksOf } from '../phone/mailbox/waveform.ts';

/** The number of samples in a picture of a recording; screens are narrower. */
const PEAKS = 600;
/** Enough for a picture, and five minutes take ten megabytes instead of sixty. */
const PICTURE_RATE = 8_000;

export interface Picture {
  /** 0 to 1, evenly over the recording. */
  readonly peaks: readonly number[];
  readonly seconds: number;
}

/** Sound in any format that the browser knows, as samples. Rejects where it knows none that fits. */
export async function decode(sound: Blob, sampleRate: number): Promise<AudioBuffer> {
  const context = new OfflineAudioContext(1, 1, sampleRate);
  return context.decodeAudioData(await sound.arrayBuffer());
}

/** `null` where the browser cannot decode it, though it may still be able to play it. */
export async function pictureOf(sound: Blob): Promise<Picture | null> {
  try {
    const decoded = await decode(sound, PICTURE_RATE);
    return { peaks: peaksOf(decoded.getChannelData(0), PEAKS), seconds: decoded.duration };
  } catch {
    return null;
  }
}

/** All channels as one. */
export function mixDown(sound: AudioBuffer): Float32Array {
  const mixed = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; channel++) {
    sound.getChannelData(channel).forEach((sample, at) => {
      mixed[at] = (mixed[at] ?? 0) + sample / sound.numberOfChannels;
    });
  }
  return mixed;
}
