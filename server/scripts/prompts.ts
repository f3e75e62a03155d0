/**
 * `npm run prompts`: speaks the texts of shared/src/prompt-texts.ts, and the ten digits, into server/prompts/en. Needs
 * Debian's festival, festvox-us-slt-hts, sox and opus-tools; the sounds are committed, so that nobody else does.
 *
 * The voice is festival's HTS voice. Of Debian's English voices, each reading all prompts and digits to a speech
 * recogniser (pocketsphinx, its general English model), it lost 18 % of the words; flite's `rms` lost 27 %, flite's `slt` 29 %, and
 * of espeak-ng next to nothing was understood. It is also the only one with sound above 8 kHz. Lifting the consonants
 * (3 kHz, +8 dB) made it no clearer (17 %) and the others worse (39 %), so nothing is done to its timbre.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { promptId, promptSpeech } from '@perch/shared';
import { NUMBER_WORDS } from '../src/media/spoken-numbers.ts';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '../prompts/en');

const RATE = 48_000;
const FRAME = RATE / 50;
/** Mean level of speech, in dB below full scale: what browsers' automatic gain brings voices to. */
const SPEECH_LEVEL = -20;
/** No sample comes nearer to full scale than this, in dB. */
const HEADROOM = -1.5;
/** 20 ms this far, in dB, below the loudest 20 ms of a sound are silence. */
const SILENCE_BELOW_LOUDEST = -38;
/** Frames of silence before and after each sound: digits follow one another as in a number read aloud. */
const PAUSES = { prompt: [2, 8], digit: [1, 4] } as const;

const decibels = (level: number): number => 10 ** (level / 20);

/** Speech as samples between -1 and 1. */
async function speak(text: string, scratch: string): Promise<Float32Array> {
  const words = join(scratch, 'words.txt');
  const wave = join(scratch, 'speech.wav');
  await writeFile(words, text);
  await run('text2wave', ['-eval', '(voice_cmu_us_slt_arctic_hts)', words, '-o', wave]);
  // A high-pass against rumble, then Opus's rate; -1 dB, so that resampling clips nothing.
  const { stdout } = await run(
    'sox',
    ['-G', wave, '-t', 'f32', '-L', '-r', String(RATE), '-c', '1', '-', 'gain', '-1', 'highpass', '80'],
    { encoding: 'buffer', maxBuffer: 64 << 20 },
  );
  return new Float32Array(Uint8Array.from(stdout).buffer);
}

/** The root mean square of each whole 20 ms. */
function levels(samples: Float32Array): number[] {
  return Array.from({ length: Math.floor(samples.length / FRAME) }, (_, i) => {
    const frame = samples.subarray(i * FRAME, (i + 1) * FRAME);
    return Math.sqrt(frame.reduce((sum, sample) => sum + sample * sample, 0) / FRAME);
  });
}

/** Cuts silence off both ends, brings the speech to its level and puts the pauses around it. */
function finish(samples: Float32Array, [before, after]: readonly [number, number]): Float32Array {
  const level = levels(samples);
  const loud = Math.max(...level) * decibels(SILENCE_BELOW_LOUDEST);
  const first = level.findIndex((value) => value > loud);
  const last = level.findLastIndex((value) => value > loud);
  const speech = samples.subarray(first * FRAME, (last + 1) * FRAME);

  const voiced = level.filter((value) => value > loud);
  const mean = Math.sqrt(voiced.reduce((sum, value) => sum + value * value, 0) / voiced.length);
  const peak = speech.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
  const gain = Math.min(decibels(SPEECH_LEVEL) / mean, decibels(HEADROOM) / peak);

  const finished = new Float32Array((before + last + 1 - first + after) * FRAME);
  finished.set(
    speech.map((sample) => sample * gain),
    before * FRAME,
  );
  return finished;
}

/** Writes one sound as Ogg Opus and as raw µ-law, frame for frame the same. */
async function save(name: string, samples: Float32Array, scratch: string): Promise<void> {
  const pcm = Int16Array.from(samples, (sample) => Math.round(sample * 0x7fff));
  const raw = join(scratch, 'finished.raw');
  await writeFile(raw, pcm);
  const format = ['-t', 's16', '-L', '-r', String(RATE), '-c', '1'];
  await run('sox', ['-G', '-D', ...format, raw, '-t', 'ul', '-r', '8000', join(folder, `${name}.pcmu`)]);
  await run('opusenc', [
    ...['--quiet', '--raw', '--raw-rate', String(RATE), '--raw-chan', '1', '--raw-bits', '16'],
    ...['--bitrate', '32', '--speech', '--framesize', '20', '--comp', '10', '--serial', '1'],
    ...[raw, join(folder, `${name}.opus`)],
  ]);
  console.log(`${name.padEnd(26)} ${(samples.length / RATE).toFixed(2)} s`);
}

const scratch = await mkdtemp(join(tmpdir(), 'perch-prompts-'));
try {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const spoken: Record<string, string> = {};
  for (const prompt of promptId.options) {
    const text = promptSpeech(prompt);
    await save(prompt, finish(await speak(text, scratch), PAUSES.prompt), scratch);
    spoken[prompt] = text;
  }
  for (const [name, word] of NUMBER_WORDS) {
    await save(name, finish(await speak(word, scratch), PAUSES.digit), scratch);
    spoken[name] = word;
  }
  await writeFile(join(folder, 'spoken.json'), `${JSON.stringify(spoken, undefined, 2)}\n`);
} finally {
  await rm(scratch, { recursive: true });
}
