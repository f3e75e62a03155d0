import { SoundWorkshop } from './sound-workshop.ts';

/** Uploads wait for one another, never calls for them. */
const workshop = new SoundWorkshop({ mostWaiting: 4, limitMs: 30_000 });

/**
 * Makes a sound file that somebody uploaded (WAV, AIFF, FLAC, MP3; Opus, Vorbis or FLAC in Ogg) into Opus packets of 20 ms, mono, as loud as
 * the prompts. What is longer than `longestMs` is refused. Rejects with `UnreadableSound`, whose message is a sentence for people.
 */
export function convertSound(file: Buffer, longestMs: number): Promise<readonly Uint8Array[]> {
  return workshop.run({ kind: 'convert', file, longestMs });
}
