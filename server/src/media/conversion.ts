/**
 * Makes a sound file that somebody uploaded (WAV, Ogg Vorbis, Ogg Opus, MP3) into Opus packets of 20 ms, mono, as loud as
 * the prompts. What is longer than `longestMs` is refused. Rejects with `UnreadableSound`, whose message is a sentence for people.
 */
export async function convertSound(file: Buffer, longestMs: number): Promise<readonly Uint8Array[]> {
  throw new Error(`not built: ${file.length} ${longestMs}`);
}
