/**
 * `npm run prompts`: speaks the texts of shared/src/prompt-texts.ts, and the words of numbers, into server/prompts/en.
 * Sounds whose text in `spoken.json` is unchanged are kept: delete that file to have everything spoken again. Needs
 * Debian's festival, festvox-us-slt-hts, sox and opus-tools; the sounds are committed, so that no one else needs them. The music for
 * those on hold (hold-music.ts) is made each time.
 *
 * The voice is festival's HTS voice. Of Debian's English voices, each reading all prompts and digits to a speech
 * recogniser (pocketsphinx, its general English model), it lost 18 % of the words; flite's `rms` lost 27 %, flite's `slt` 29 %, and
 * of espeak-ng almost nothing was understood. It is also the only one with sound above 8 kHz. Lifting the consonants
 * (3 kHz, +8 dB) made it no clearer (17 %) and the others worse (39 %), so its timbre is left alone.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { promisify } from 'node:util';
import { promptId, promptSpeech } from '@perch/shared';
import { findSpeech, gainFor } from '../src/media/codec/loudness.ts';
import { OpusEncoder } from '../src/media/codec/opus-codec.ts';
import { encodePcmu } from '../src/media/codec/pcmu.ts';
import { StreamResampler } from '../src/media/codec/resample.ts';
import { oggOpusBody, oggOpusHead } from '../src/media/ogg/ogg-opus-writer.ts';
import { HOLD_MUSIC } from '../src/media/playback/prompts.ts';
import { NUMBER_WORDS } from '../src/media/playback/spoken-numbers.ts';
import { holdMusic } from './hold-music.ts';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '../prompts/en');

const RATE = 48_000;
const FRAME = RATE / 50;
/** Frames of silence before and after each sound: digits follow one another as in a number read aloud. */
const PAUSES = { prompt: [2, 8], number: [1, 4] } as const;
const SPOKEN = join(folder, 'spoken.json');

/** Speech as samples between -1 and 1. */
async function speak(text: string, scratch: string): Promise<Float32Array> {
  const words = join(scratch, 'words.txt');
  const wave = join(scratch, 'speech.wav');
  await writeFile(words, text);
  await run('text2wave', ['-eval', '(voice_cmu_us_slt_arctic_hts)', words, '-o', wave]);
  // A high-pass against rumble, then Opus's rate; -1 dB, so that resampling clips nothing.
  return samples([wave], ['gain', '-1', 'highpass', '80']);
}

/** The tone after which callers speak, for a prompt without words. It fades in and out, so that it does not click. */
function beep(): Promise<Float32Array> {
  return samples(['-n'], ['synth', '0.4', 'sine', '1000', 'gain', '-20', 'fade', 'h', '0.02', '0', '0.04']);
}

/** The output of sox for an input and effects, as samples at Opus's rate. */
async function samples(input: readonly string[], effects: readonly string[]): Promise<Float32Array> {
  const output = ['-t', 'f32', '-L', '-r', String(RATE), '-c', '1', '-'];
  const { stdout } = await run('sox', ['-G', ...input, ...output, ...effects], {
    encoding: 'buffer',
    maxBuffer: 64 << 20,
  });
  return new Float32Array(Uint8Array.from(stdout).buffer);
}

/** Cuts silence off both ends, brings the speech to its level and puts the pauses around it. */
function finish(samples: Float32Array, [before, after]: readonly [number, number]): Float32Array {
  const speech = findSpeech(samples, FRAME);
  if (!speech) throw new Error('nothing was spoken');
  const { first, last } = speech;
  const gain = gainFor(speech);
  const finished = new Float32Array((before + last + 1 - first + after) * FRAME);
  finished.set(
    samples.subarray(first * FRAME, (last + 1) * FRAME).map((sample) => sample * gain),
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

/** Writes the music for those on hold, encoded from its second round on: so its end fits its beginning. */
async function saveMusic(): Promise<void> {
  const music = holdMusic().map((sample) => sample * 0x7fff);
  const encoder = new OpusEncoder(RATE, 32_000, 10);
  const resampler = new StreamResampler(RATE, 8000);
  const packets: Uint8Array[] = [];
  const ulaw: Uint8Array[] = [];
  for (let at = 0; at < 2 * music.length; at += FRAME) {
    const frame = music.subarray(at % music.length, (at % music.length) + FRAME);
    packets.push(encoder.encode(Int16Array.from(frame)));
    ulaw.push(encodePcmu(Int16Array.from(resampler.convert(frame))));
  }
  encoder.close();
  const round = packets.length / 2;
  await writeFile(
    join(folder, `${HOLD_MUSIC}.opus`),
    Buffer.concat([oggOpusHead([]), oggOpusBody(packets.slice(round))]),
  );
  await writeFile(join(folder, `${HOLD_MUSIC}.pcmu`), Buffer.concat(ulaw.slice(round)));
}

/** The texts of the existing sounds; a sound with a missing file has none. */
async function readSpoken(): Promise<Map<string, string>> {
  const files = new Set(await readdir(folder));
  if (!files.has(parse(SPOKEN).base)) return new Map();
  const spoken = Object.entries(JSON.parse(await readFile(SPOKEN, 'utf8')) as Record<string, string>);
  return new Map(spoken.filter(([name]) => files.has(`${name}.opus`) && files.has(`${name}.pcmu`)));
}

await mkdir(folder, { recursive: true });
const before = await readSpoken();
const wanted = new Map([
  ...promptId.options.map((prompt) => [prompt, promptSpeech(prompt)] as const),
  ...NUMBER_WORDS,
]);
const scratch = await mkdtemp(join(tmpdir(), 'perch-prompts-'));
try {
  for (const [name, text] of wanted) {
    if (before.get(name) === text) continue;
    const sound = text === '' ? beep() : speak(text, scratch);
    await save(name, finish(await sound, PAUSES[NUMBER_WORDS.has(name) ? 'number' : 'prompt']), scratch);
  }
  await saveMusic();
  for (const file of await readdir(folder))
    if (!wanted.has(parse(file).name) && parse(file).name !== HOLD_MUSIC && file !== parse(SPOKEN).base)
      await rm(join(folder, file));
  await writeFile(SPOKEN, `${JSON.stringify(Object.fromEntries(wanted), undefined, 2)}\n`);
} finally {
  await rm(scratch, { recursive: true });
}
