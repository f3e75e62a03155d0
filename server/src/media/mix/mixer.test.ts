import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAME, MixFrame } from './mix-frame.ts';
import { Mixer } from './mixer.ts';

interface TestSource {
  readonly frame: MixFrame;
  isOpen: boolean;
}
const source = (): TestSource => ({ frame: new MixFrame(), isOpen: true });
const tone = (level: number, hertz: number, frame: number): Float32Array =>
  Float32Array.from(
    { length: FRAME },
    (_, i) => level * Math.sin((2 * Math.PI * hertz * (frame * FRAME + i)) / 48_000),
  );
const peak = (samples: Float32Array): number =>
  samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);

test('one voice alone is not touched, but for its 2.5 ms', () => {
  const [mixer, one] = [new Mixer(), source()];
  const heard: number[] = [];
  const said: number[] = [];
  for (let frame = 0; frame < 5; frame++) {
    const samples = tone(20_000, 440, frame);
    said.push(...samples);
    one.frame.push(samples);
    heard.push(...mixer.mix(new Set([one])));
  }
  expect(heard.slice(120)).toEqual(said.slice(0, heard.length - 120));
});

test('a listener’s mix is all but its own', () => {
  const [mixer, one, other] = [new Mixer(), source(), source()];
  for (let frame = 0; frame < 3; frame++) {
    one.frame.push(tone(3000, 440, frame));
    other.frame.push(tone(3000, 1000, frame));
    mixer.mix(new Set([one, other]));
    const alone = mixer.without(one);
    const expected = other.frame.samples.subarray(0, FRAME);
    expect(peak(alone.map((sample, i) => sample - (expected[i] ?? 0)))).toBeLessThan(0.01);
  }
});

test('what is closed is not heard', () => {
  const [mixer, one] = [new Mixer(), source()];
  one.isOpen = false;
  one.frame.push(tone(30, 440, 0));
  expect(peak(mixer.mix(new Set([one])))).toBe(0);
});

test('no mix of any voices clips, however loud and whenever they begin', () => {
  const loudness = fc.array(fc.constantFrom(0, 0, 300, 8000, 20_000, 32_767), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(loudness, { minLength: 1, maxLength: 12 }), (frames) => {
      const mixer = new Mixer();
      const sources = Array.from({ length: 8 }, source);
      for (const [frame, levels] of frames.entries()) {
        for (const [i, { frame: mixed }] of sources.entries())
          mixed.push(tone(levels[i] ?? 0, 210 + i * 37, frame));
        expect(peak(mixer.mix(new Set(sources)))).toBeLessThan(32_767);
        for (const one of sources) expect(peak(mixer.without(one))).toBeLessThan(32_767);
      }
    }),
    { numRuns: 60 },
  );
});

test('the gain comes back too slowly to be heard as pumping, and comes back', () => {
  const [mixer, one, other] = [new Mixer(), source(), source()];
  const levels: number[] = [];
  for (let frame = 0; frame < 200; frame++) {
    one.frame.push(tone(20_000, 450, frame));
    other.frame.push(tone(frame < 10 ? 20_000 : 0, 1250, frame));
    mixer.mix(new Set([one, other]));
    levels.push(peak(mixer.without(other)));
  }
  const recovering = levels.slice(12);
  const steps = recovering.slice(1).map((level, i) => 20 * Math.log10(level / (recovering[i] ?? 1)));
  expect(Math.max(...steps)).toBeLessThan(0.5);
  expect(levels.at(-1)).toBeGreaterThan(19_500);
  expect(Math.min(...levels)).toBeGreaterThan(10_000);
});
