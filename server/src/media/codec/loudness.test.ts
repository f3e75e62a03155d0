import { expect, test } from 'vitest';
import { amplitude, findSpeech, gainFor } from './loudness.ts';

const FRAME = 960;
const tone = (seconds: number, level: number): number[] =>
  Array.from({ length: seconds * 48_000 }, (_, i) => Math.sqrt(2) * amplitude(level) * Math.sin(i / 10));
const silence = (seconds: number): number[] => Array<number>(seconds * 48_000).fill(0);

test('speech is where it is loud, and its level is that of the loud parts', () => {
  const speech = findSpeech(Float32Array.from([...silence(1), ...tone(2, -30), ...silence(3)]), FRAME);
  expect(speech).toMatchObject({ first: 50, last: 149 });
  expect(20 * Math.log10(speech?.level ?? 0)).toBeCloseTo(-30, 1);
});

test('faint and loud sounds are brought to the level of speech', () => {
  for (const level of [-50, -10, -3.1]) {
    const speech = findSpeech(Float32Array.from(tone(1, level)), FRAME);
    expect(speech && 20 * Math.log10(gainFor(speech) * speech.level)).toBeCloseTo(-20, 1);
  }
});

test('a single peak keeps all else quieter, so that nothing clips', () => {
  const samples = Float32Array.from(tone(1, -40));
  samples[5000] = 0.9;
  const speech = findSpeech(samples, FRAME);
  expect(speech && gainFor(speech) * speech.peak).toBeCloseTo(amplitude(-1.5), 5);
});

test.for([
  ['silence', silence(1)],
  ['nothing', []],
  ['less than a frame', [1, 1, 1]],
] as const)('in %s there is no speech', ([, samples]) => {
  expect(findSpeech(Float32Array.from(samples), FRAME)).toBeUndefined();
});
