import { describe, expect, test } from 'vitest';
import { resample, StreamResampler } from './resample.ts';

const tone = (frequency: number, rate: number): Float32Array =>
  Float32Array.from({ length: rate }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / rate));
const level = (samples: Float32Array): number =>
  10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

describe.for([8000, 11_025, 22_050, 44_100, 96_000, 192_000, 44_099])('from %i to 48000', (rate) => {
  test('a tone is the same tone, at its place in time', () => {
    const expected = tone(1000, 48_000);
    const difference = resample(tone(1000, rate), rate, 48_000).map(
      (sample, i) => sample - (expected[i] ?? 0),
    );
    expect(level(difference.subarray(1000, 47_000))).toBeLessThan(-60);
  });

  test('a second is a second, and a level stays', () => {
    const constant = resample(new Float32Array(rate).fill(0.5), rate, 48_000);
    expect(constant.length).toBe(48_000);
    const farthest = constant
      .subarray(1000, 47_000)
      .reduce((most, sample) => Math.max(most, Math.abs(sample - 0.5)), 0);
    expect(farthest).toBeLessThan(1e-5);
  });
});

test('frequencies above the new rate’s limit are not aliased into it', () => {
  const folded = resample(tone(30_000, 96_000), 96_000, 48_000);
  expect(level(folded.subarray(1000, 47_000))).toBeLessThan(-60);
});

test('the same rate changes nothing', () => {
  const samples = tone(440, 48_000);
  expect(resample(samples, 48_000, 48_000)).toBe(samples);
});

test.for([
  [8000, 48_000],
  [48_000, 8000],
] as const)('piece by piece, from %i to %i, a tone is the same tone, 3.2 ms late', ([from, to]) => {
  const resampler = new StreamResampler(from, to);
  const input = tone(1000, from);
  const output: number[] = [];
  for (let at = 0; at < input.length; at += from / 50)
    output.push(...resampler.convert(input.subarray(at, at + from / 50)));
  const late = from === 8000 ? 26 / 8000 : 154 / 48_000;
  const expected = output.map((_, i) => Math.sin(2 * Math.PI * 1000 * (i / to - late)));
  const difference = Float32Array.from(output, (sample, i) => sample - (expected[i] ?? 0));
  expect(output).toHaveLength(to);
  expect(level(difference.subarray(to / 50))).toBeLessThan(-60);
});
