import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promptId, promptSpeech } from '@perch/shared';
import { expect, test } from 'vitest';
import { HOLD_MUSIC, loadSounds, SOUND_NAMES } from './prompts.ts';
import type { Frame } from './prompts.ts';
import { NUMBER_WORDS } from './spoken-numbers.ts';

const folder = join(import.meta.dirname, '../../../prompts/en');

test('every sound speaks the catalogue’s current text: if not, run `npm run prompts`', async () => {
  const spoken: unknown = JSON.parse(await readFile(join(folder, 'spoken.json'), 'utf8'));
  expect(spoken).toEqual({
    ...Object.fromEntries(promptId.options.map((prompt) => [prompt, promptSpeech(prompt)])),
    ...Object.fromEntries(NUMBER_WORDS),
  });
});

test('every sound is there, in both codecs, and equally long in both', async () => {
  const sounds = await loadSounds(folder);
  expect([...sounds.keys()].sort()).toEqual([...SOUND_NAMES].sort());
  for (const [name, { opus, pcmu }] of sounds) {
    expect(opus.length, name).toBeGreaterThan(10);
    expect(pcmu.length, name).toBe(opus.length);
    expect(new Set(pcmu.map((frame) => frame?.length)), name).toEqual(new Set([160]));
  }
});

test('all that is spoken is about equally loud', async () => {
  const sounds = new Map(await loadSounds(folder));
  sounds.delete(HOLD_MUSIC);
  const loudness = [...sounds].map(([name, { pcmu }]) => ({ name, level: speechLevel(pcmu) }));
  for (const { name, level } of loudness) {
    expect(level, name).toBeGreaterThan(-24);
    expect(level, name).toBeLessThan(-18);
  }
});

test('a missing or broken sound is refused at the start, with its name', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'perch-sounds-'));
  try {
    await cp(folder, copy, { recursive: true });
    await writeFile(join(copy, 'busy.opus'), 'no sound at all');
    await expect(loadSounds(copy)).rejects.toThrow(/"busy" .* cannot be played: no Ogg page at 0/);
    await rm(join(copy, 'busy.opus'));
    await expect(loadSounds(copy)).rejects.toThrow(/"busy" .* cannot be played: ENOENT/);
  } finally {
    await rm(copy, { recursive: true });
  }
});

/** The root mean square of the frames that are not silence, in dB below full scale (ITU-T G.711 decoding). */
function speechLevel(frames: readonly Frame[]): number {
  const powers = frames.map(
    (frame = new Uint8Array()) => frame.reduce((sum, octet) => sum + linear(octet) ** 2, 0) / frame.length,
  );
  const loudest = Math.max(...powers);
  const speech = powers.filter((power) => power > loudest / 10 ** 3.8);
  return 10 * Math.log10(speech.reduce((sum, power) => sum + power, 0) / speech.length);
}

function linear(ulaw: number): number {
  const inverted = ~ulaw & 0xff;
  const magnitude = (((inverted & 0x0f) * 2 + 33) << ((inverted >> 4) & 7)) - 33;
  return (inverted & 0x80 ? -magnitude : magnitude) / 8159;
}
