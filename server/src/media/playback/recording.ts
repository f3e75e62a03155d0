import { FRAME_MS } from '../codec/codec.ts';
import type { Codec } from '../codec/codec.ts';
import { readOggOpus } from '../ogg/ogg-opus.ts';
import { isOpusPacket, opusDuration } from '../codec/opus-packet.ts';
import type { Frame, Sound } from './prompts.ts';
import { SoundWorkshop } from '../conversion/sound-workshop.ts';

/** Callers wait for this: 5 minutes of sound take a second. */
const workshop = new SoundWorkshop({ mostWaiting: 16, limitMs: 20_000 });

/** Makes a recording (an Ogg Opus file) ready to be played to a peer with this codec. Rejects with `UnreadableSound`. */
export async function readRecording(file: Buffer, codec: Codec['name']): Promise<Sound> {
  if (codec === 'pcmu') return { opus: [], pcmu: await workshop.run({ kind: 'recode', file, codec }) };
  const frames = framesOf(readOggOpus(file).filter(isOpusPacket));
  return { opus: frames ?? (await workshop.run({ kind: 'recode', file, codec })), pcmu: [] };
}

/** Each packet at the frame where it begins; undefined where one does not begin on a frame of 20 ms: then all is encoded again. */
function framesOf(packets: readonly Uint8Array[]): Frame[] | undefined {
  if (packets.some((packet) => opusDuration(packet) % FRAME_MS !== 0)) return undefined;
  return packets.flatMap((packet): Frame[] => [
    packet,
    ...Array<undefined>(opusDuration(packet) / FRAME_MS - 1),
  ]);
}
