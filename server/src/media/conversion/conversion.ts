import { SoundWorkshop } from './sound-workshop.ts';

/** Uploads wait for each other, but calls never wait for uploads. */
const workshop = new SoundWorkshop({ mostWaiting: 4, limitMs: 30_000 });

/**
 * Makes an uploaded sound file (WAV, AIFF, FLAC, MP3; Opus, Vorbis or FLAC in Ogg) into Opus packets of 20 ms, mono, as loud as
 * the prompts. Sounds longer than `longestMs` are refused. Rejects with `UnreadableSound`, whose message is a sentence for people.
 */
export function convertSound(file: Buffer, longestMs: number): Promise<readonly Uint8Array[]> {
  return workshop.run({ kind: 'convert', file, longestMs });
}
