import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OpusDecoder } from '../src/media/codec/opus-codec.ts';
import { meanPower } from '../src/media/codec/loudness.ts';
import { decodePcmu } from '../src/media/codec/pcmu.ts';
import { loadVoices } from '../src/media/playback/prompts.ts';
import { holdMusic } from './hold-music.ts';

const folder = join(import.meta.dirname, '../prompts');
const FRAME = 960;
const music = holdMusic();

/** Two rounds, as a caller hears them. */
async function heard(): Promise<{ opus: Int16Array; pcmu: Int16Array; frames: number }> {
  const sound = loadVoices(folder).get('ro')?.get('hold-music');
  if (!sound) throw new Error('there is no music');
  const frames = sound.opus.length;
  const decoder = new OpusDecoder(48_000);
  const opus = new Int16Array(2 * frames * FRAME);
  const pcmu = new Int16Array((2 * frames * FRAME) / 6);
  for (let i = 0; i < 2 * frames; i++) {
    opus.set(decoder.decode(sound.opus[i % frames] ?? new Uint8Array()), i * FRAME);
    pcmu.set(decodePcmu(sound.pcmu[i % frames] ?? new Uint8Array()), (i * FRAME) / 6);
  }
  decoder.close();
  return { opus, pcmu, frames };
}

const largestStep = (samples: Int16Array): number =>
  samples.reduce(
    (most, sample, i) => Math.max(most, i === 0 ? 0 : Math.abs(sample - (samples[i - 1] ?? 0))),
    0,
  );

test('it is a whole number of frames, and quiet', () => {
  expect(music.length % FRAME).toBe(0);
  const level = 10 * Math.log10(music.reduce((sum, sample) => sum + sample * sample, 0) / music.length);
  expect(level).toBeCloseTo(-31, 1);
  expect(music.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBeLessThan(0.25);
});

test.for(['opus', 'pcmu'] as const)(
  'in %s, its end goes over into its beginning without a seam',
  async (codec) => {
    const { frames, ...rounds } = await heard();
    const samples = rounds[codec];
    const round = samples.length / 2;
    const frame = round / frames;
    const around = samples.subarray(round - 2 * frame, round + 2 * frame);
    // Neither a click nor a hole: steps and levels there are those of the music elsewhere.
    const elsewhere = samples.subarray(round / 2, round - 2 * frame);
    expect(largestStep(around)).toBeLessThanOrEqual(largestStep(elsewhere));
    const quietest = (of: Int16Array): number =>
      Math.min(
        ...Array.from({ length: of.length / frame }, (_, i) =>
          meanPower(of.subarray(i * frame, (i + 1) * frame)),
        ),
      );
    expect(quietest(around)).toBeGreaterThan(quietest(elsewhere) / 2);
  },
);

test('the file is what the generator makes: if not, run `npm run prompts`', async () => {
  const { pcmu, frames } = await heard();
  expect(music.length).toBe(frames * FRAME);
  // Compared by its loudness over time: eight values a second.
  const stepOf = (samples: ArrayLike<number>, rate: number, at: number): number => {
    let sum = 0;
    for (let i = (at * rate) / 8; i < ((at + 1) * rate) / 8; i++) sum += (samples[i] ?? 0) ** 2;
    return 10 * Math.log10(sum / (rate / 8));
  };
  const full = 20 * Math.log10(0x8000);
  for (let at = 0; at < 150; at++)
    expect(stepOf(pcmu, 8000, at) - full).toBeCloseTo(stepOf(music, 48_000, at), -0.5);
  expect((await readFile(join(folder, 'hold-music.opus'))).length).toBeLessThan(120_000);
});
