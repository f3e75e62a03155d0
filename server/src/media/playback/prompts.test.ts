import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { languages, promptId, promptSpeech } from '@perch/shared';
import { expect, test } from 'vitest';
import { HOLD_MUSIC, loadVoices, soundNames } from './prompts.ts';
import type { Frame } from './prompts.ts';
import { SPOKEN_NUMBERS } from './numbers/spoken-numbers.ts';

const folder = join(import.meta.dirname, '../../../prompts');

test.for(languages)(
  'every sound speaks the catalogue’s current text in %s: if not, run `npm run prompts`',
  async (language) => {
    const spoken: unknown = JSON.parse(await readFile(join(folder, language, 'spoken.json'), 'utf8'));
    expect(spoken).toEqual({
      ...Object.fromEntries(promptId.options.map((prompt) => [prompt, promptSpeech(prompt, language)])),
      ...Object.fromEntries(SPOKEN_NUMBERS[language].words),
    });
  },
);

test('every sound is there in every language, in both codecs, and equally long in both', () => {
  const voices = loadVoices(folder);
  expect([...voices.keys()]).toEqual(languages);
  for (const [language, sounds] of voices) {
    expect([...sounds.keys()].sort()).toEqual([...soundNames(language), HOLD_MUSIC].sort());
    for (const [name, { opus, pcmu }] of sounds) {
      expect(opus.length, `${language}/${name}`).toBeGreaterThan(10);
      expect(pcmu.length, `${language}/${name}`).toBe(opus.length);
      expect(new Set(pcmu.map((frame) => frame?.length)), `${language}/${name}`).toEqual(new Set([160]));
    }
  }
});

test('all that is spoken is about equally loud in every language, without clipping, and lasts as long as its text', async () => {
  for (const [language, sounds] of loadVoices(folder)) {
    const spoken = JSON.parse(await readFile(join(folder, language, 'spoken.json'), 'utf8')) as Record<
      string,
      string
    >;
    for (const [name, text] of Object.entries(spoken)) {
      const { pcmu } = sounds.get(name) ?? { pcmu: [] };
      const level = speechLevel(pcmu);
      expect(level, `${language}/${name}`).toBeGreaterThan(-24);
      // Of short words in µ-law, what hisses is lost: they are measured louder than they are.
      expect(level, `${language}/${name}`).toBeLessThan(/^(?:digit|number)-/.test(name) ? -16 : -18);
      expect(peak(pcmu), `${language}/${name}`).toBeLessThan(0.9);
      const seconds = pcmu.length / 50;
      if (text.length > 20) expect(text.length / seconds, `${language}/${name}`).toBeGreaterThan(8);
      if (text.length > 20) expect(text.length / seconds, `${language}/${name}`).toBeLessThan(21);
    }
  }
});

test('a missing or broken sound is refused at the start, with its name', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'perch-sounds-'));
  const broken = join(copy, 'ro', 'busy.opus');
  try {
    await cp(folder, copy, { recursive: true });
    await writeFile(broken, 'no sound at all');
    expect(() => loadVoices(copy)).toThrow(/"busy" .*ro cannot be played: no Ogg page at 0/);
    await rm(broken);
    expect(() => loadVoices(copy)).toThrow(/"busy" .*ro cannot be played: ENOENT/);
  } finally {
    await rm(copy, { recursive: true });
  }
});

/** The largest sample; 1 is full scale. */
const peak = (frames: readonly Frame[]): number =>
  frames.reduce(
    (highest, frame = new Uint8Array()) =>
      frame.reduce((most, octet) => Math.max(most, Math.abs(linear(octet))), highest),
    0,
  );

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
