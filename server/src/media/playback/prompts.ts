import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promptId } from '@perch/shared';
import { readOggOpus, UnreadableSound } from '../ogg/ogg-opus.ts';
import { opusDuration } from '../codec/opus-packet.ts';
import { FRAME_MS } from '../codec/codec.ts';
import { NUMBER_WORDS } from './spoken-numbers.ts';

/** What is sent for one frame of 20 ms; undefined while an earlier packet continues. */
export type Frame = Uint8Array | undefined;

/** A sound cut into frames of 20 ms. The codecs match frame for frame; one that it was not made for is empty. */
export interface Sound {
  readonly opus: readonly Frame[];
  readonly pcmu: readonly Frame[];
}

/** How many frames of 20 ms a sound takes. */
export const soundFrames = ({ opus, pcmu }: Sound): number => Math.max(opus.length, pcmu.length);

/** Sounds by name: a prompt's id, a digit's, or a number word's (`spoken-numbers.ts`). */
export type Sounds = ReadonlyMap<string, Sound>;

/** The music for those on hold, made to be played `forever`. */
export const HOLD_MUSIC = 'hold-music';
/** Every sound that the server may play. */
export const SOUND_NAMES: readonly string[] = [...promptId.options, ...NUMBER_WORDS.keys(), HOLD_MUSIC];

const PCMU_FRAME_OCTETS = 160;
/** Silence in µ-law (ITU-T G.711). */
const PCMU_SILENCE = 0xff;

/** Reads all sounds of a language's folder. Rejects, with a sentence, if one is missing or cannot be played. */
export async function loadSounds(folder: string): Promise<Sounds> {
  return new Map(
    await Promise.all(SOUND_NAMES.map(async (name) => [name, await loadSound(folder, name)] as const)),
  );
}

async function loadSound(folder: string, name: string): Promise<Sound> {
  try {
    const opus = readOggOpus(await readFile(join(folder, `${name}.opus`)));
    const ulaw = await readFile(join(folder, `${name}.pcmu`));
    if (opus.some((packet) => opusDuration(packet) !== FRAME_MS))
      throw new UnreadableSound(`not in packets of ${FRAME_MS} ms`);
    return { opus, pcmu: opus.map((_, i) => pcmuFrame(ulaw, i)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnreadableSound(`the sound "${name}" in ${folder} cannot be played: ${why}`);
  }
}

/** The encoder's delay makes Opus one frame longer: µ-law ends in silence. */
function pcmuFrame(ulaw: Buffer, i: number): Uint8Array {
  const frame = new Uint8Array(PCMU_FRAME_OCTETS).fill(PCMU_SILENCE);
  frame.set(ulaw.subarray(i * PCMU_FRAME_OCTETS, (i + 1) * PCMU_FRAME_OCTETS));
  return frame;
}
