import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Language } from '@perch/shared';

const run = promisify(execFile);

/** Has a Debian program speak the words into a wave file. */
type Voice = (words: string, wave: string, scratch: string) => Promise<unknown>;

/**
 * The English one is festival's HTS voice. Of Debian's English voices, each reading all prompts and digits to a speech
 * recogniser (pocketsphinx, its general English model), it lost 18 % of the words; flite's `rms` lost 27 %, flite's `slt` 29 %, and
 * of espeak-ng almost nothing was understood. It is also the only one with sound above 8 kHz. Lifting the consonants
 * (3 kHz, +8 dB) made it no clearer (17 %) and the others worse (39 %), so its timbre is left alone.
 */
const festival: Voice = async (words, wave, scratch) => {
  const text = join(scratch, 'words.txt');
  await writeFile(text, words);
  return run('text2wave', ['-eval', '(voice_cmu_us_slt_arctic_hts)', text, '-o', wave]);
};

/** German, Spanish and French are spoken by SVOX Pico: of what Debian has for them, only espeak-ng is beside it, and MBROLA, which may not be used for everything. */
const pico =
  (locale: string): Voice =>
  (words, wave) =>
    run('pico2wave', ['-l', locale, '-w', wave, words]);

/**
 * Romanian has espeak-ng only: slowly (160 words a minute, 175 is its own pace), as a woman like the others, and
 * with a little pause between words. How well it is understood cannot be measured as above: no recogniser of Debian knows Romanian.
 */
const espeak: Voice = (words, wave) =>
  run('espeak-ng', ['-v', 'ro+f2', '-s', '160', '-g', '1', '-w', wave, words]);

export const VOICES: Readonly<Record<Language, Voice>> = {
  en: festival,
  de: pico('de-DE'),
  es: pico('es-ES'),
  fr: pico('fr-FR'),
  ro: espeak,
};
