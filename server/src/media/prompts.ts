import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promptId } from '@perch/shared';
import { opusDuration, readOggOpus, UnreadableSound } from './ogg-opus.ts';
import { FRAME_MS } from './pacer.ts';

/** A sound in every codec, cut into frames of 20 ms; frame for frame the same in each. */
export interface Sound {
  readonly opus: readonly Uint8Array[];
  readonly pcmu: readonly Uint8Array[];
}

/** Sounds by name: a prompt's id, or `digit-0` to `digit-9`. */
export type Sounds = ReadonlyMap<string, Sound>;

/** The digits as they are read aloud. */
export const DIGIT_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** The name of a digit's sound. */
export const soundName = (digit: string): string => `digit-${digit}`;

/** Every sound that the server may want to play. */
export const SOUND_NAMES: readonly string[] = [
  ...promptId.options,
  ...DIGIT_WORDS.map((_, digit) => soundName(String(digit))),
];

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
