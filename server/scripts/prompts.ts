/**
 * `npm run prompts`: speaks the texts of shared/src/prompts, and the words of numbers, into server/prompts, a folder for each
 * language. Sounds whose text in `spoken.json` is unchanged are kept: delete that file to have everything spoken again. Needs
 * Debian's festival, festvox-us-slt-hts, espeak-ng, sox and opus-tools, and libttspico-utils of its section non-free (voices.ts); the sounds are
 * committed, so that no one else needs them. The music for those on hold (hold-music.ts) is made each time.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { promisify } from 'node:util';
import { type Language, languages, promptId, promptSpeech } from '@perch/shared';
import { findSpeech, gainFor } from '../src/media/codec/loudness.ts';
import { OpusEncoder } from '../src/media/codec/opus-codec.ts';
import { encodePcmu } from '../src/media/codec/pcmu.ts';
import { StreamResampler } from '../src/media/codec/resample.ts';
import { oggOpusBody, oggOpusHead } from '../src/media/ogg/ogg-opus-writer.ts';
import { HOLD_MUSIC } from '../src/media/playback/prompts.ts';
import { SPOKEN_NUMBERS } from '../src/media/playback/numbers/spoken-numbers.ts';
import { holdMusic } from './hold-music.ts';
import { VOICES } from './voices.ts';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '../prompts');

const RATE = 48_000;
const FRAME = RATE / 50;
/** Frames of silence before and after each sound: digits follow one another as in a number read aloud. */
const PAUSES = { prompt: [2, 8], number: [1, 4] } as const;
const SPOKEN = 'spoken.json';

/** Speech as samples between -1 and 1. */
async function speak(text: string, language: Language, scratch: string): Promise<Float32Array> {
  const wave = join(scratch, 'speech.wav');
  await VOICES[language](text, wave, scratch);
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

/** Writes one sound as Ogg Opus and as raw µ-law, frame for frame the same; `name` with its folder. */
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

/** The texts of the existing sounds of a language; a sound with a missing file has none. */
async function readSpoken(own: string): Promise<Map<string, string>> {
  const files = new Set(await readdir(own));
  if (!files.has(SPOKEN)) return new Map();
  const spoken = Object.entries(
    JSON.parse(await readFile(join(own, SPOKEN), 'utf8')) as Record<string, string>,
  );
  return new Map(spoken.filter(([name]) => files.has(`${name}.opus`) && files.has(`${name}.pcmu`)));
}

/** Speaks what is new or different in one language, and deletes what is no longer said. */
async function speakAll(language: Language, scratch: string): Promise<void> {
  const own = join(folder, language);
  await mkdir(own, { recursive: true });
  const before = await readSpoken(own);
  const { words } = SPOKEN_NUMBERS[language];
  const wanted = new Map([
    ...promptId.options.map((prompt) => [prompt, promptSpeech(prompt, language)] as const),
    ...words,
  ]);
  for (const [name, text] of wanted) {
    if (before.get(name) === text) continue;
    const sound = text === '' ? beep() : speak(text, language, scratch);
    const pauses = PAUSES[words.has(name) ? 'number' : 'prompt'];
    await save(`${language}/${name}`, finish(await sound, pauses), scratch);
  }
  for (const file of await readdir(own))
    if (!wanted.has(parse(file).name) && file !== SPOKEN) await rm(join(own, file));
  await writeFile(join(own, SPOKEN), `${JSON.stringify(Object.fromEntries(wanted), undefined, 2)}\n`);
}

const scratch = await mkdtemp(join(tmpdir(), 'perch-prompts-'));
try {
  for (const language of languages) await speakAll(language, scratch);
  await saveMusic();
} finally {
  await rm(scratch, { recursive: true });
}
