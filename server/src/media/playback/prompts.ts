import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Language, languages, promptId } from '@perch/shared';
import { readOggOpus, UnreadableSound } from '../ogg/ogg-opus.ts';
import { opusDuration } from '../codec/opus-packet.ts';
import { FRAME_MS } from '../codec/codec.ts';
import { SPOKEN_NUMBERS } from './numbers/spoken-numbers.ts';

/** What is sent for one frame of 20 ms; undefined while an earlier packet continues. */
export type Frame = Uint8Array | undefined;

/** A sound cut into frames of 20 ms. The codecs match frame for frame; one that it was not made for is empty. */
export interface Sound {
  readonly opus: readonly Frame[];
  readonly pcmu: readonly Frame[];
}

/** How many frames of 20 ms a sound takes. */
export const soundFrames = ({ opus, pcmu }: Sound): number => Math.max(opus.length, pcmu.length);

/** Sounds by name: a prompt's id, a digit's, or that of a part of numbers (`numbers/`). */
export type Sounds = ReadonlyMap<string, Sound>;

/** What the server may play, by the language in which it is spoken. */
export type Voices = ReadonlyMap<Language, Sounds>;

/** The music for those on hold, made to be played `forever`. */
export const HOLD_MUSIC = 'hold-music';
/** Every sound that is spoken in a language. */
export const soundNames = (language: Language): readonly string[] => [
  ...promptId.options,
  ...SPOKEN_NUMBERS[language].words.keys(),
];

const PCMU_FRAME_OCTETS = 160;
/** Silence in µ-law (ITU-T G.711). */
const PCMU_SILENCE = 0xff;

/**
 * Reads all sounds: a folder for each language, and the music in every one of them. Throws, with a sentence, if one is missing or cannot be
 * played. For the start of a server, before there is anything else to do: a thousand small files take twice as long in Node's threads.
 */
export function loadVoices(folder: string): Voices {
  const music = loadSound(folder, HOLD_MUSIC);
  const load = (language: Language): Sounds =>
    new Map([
      ...soundNames(language).map((name) => [name, loadSound(join(folder, language), name)] as const),
      [HOLD_MUSIC, music],
    ]);
  return new Map(languages.map((language) => [language, load(language)] as const));
}

function loadSound(folder: string, name: string): Sound {
  try {
    const opus = readOggOpus(readFileSync(join(folder, `${name}.opus`)));
    const ulaw = readFileSync(join(folder, `${name}.pcmu`));
    if (opus.some((packet) => opusDuration(packet) !== FRAME_MS))
      throw new UnreadableSound(`not in packets of ${FRAME_MS} ms`);
    return withUlaw(opus, ulaw);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnreadableSound(`the sound "${name}" in ${folder} cannot be played: ${why}`);
  }
}

/** Few phones want µ-law, and its frames would take most of the memory: they are cut when the sound is first played in it. */
function withUlaw(opus: readonly Frame[], ulaw: Buffer): Sound {
  let pcmu: readonly Frame[] | undefined;
  return {
    opus,
    get pcmu() {
      return (pcmu ??= opus.map((_, i) => pcmuFrame(ulaw, i)));
    },
  };
}

/** The encoder's delay makes Opus one frame longer: µ-law ends in silence. */
function pcmuFrame(ulaw: Buffer, i: number): Uint8Array {
  const frame = new Uint8Array(PCMU_FRAME_OCTETS).fill(PCMU_SILENCE);
  frame.set(ulaw.subarray(i * PCMU_FRAME_OCTETS, (i + 1) * PCMU_FRAME_OCTETS));
  return frame;
}
