import type { Codec } from './codec.ts';
import type { Sound } from './prompts.ts';

/** Makes a recording (an Ogg Opus file) ready to be played to a peer with this codec. Rejects with `UnreadableSound`. */
export async function readRecording(file: Buffer, codec: Codec['name']): Promise<Sound> {
  throw new Error(`not built: ${file.length} ${codec}`);
}
