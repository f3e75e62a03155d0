import { describe, expect, test } from 'vitest';
import { mixDown } from './mix-down.ts';

const tone = (frequency: number, loudness = 0.5, offset = 0): Float32Array =>
  Float32Array.from(
    { length: 8000 },
    (_, i) => offset + loudness * Math.sin((2 * Math.PI * frequency * i) / 8000),
  );
const scaled = (channel: Float32Array, factor: number): Float32Array =>
  channel.map((sample) => sample * factor);
const sum = (one: Float32Array, other: Float32Array): Float32Array =>
  one.map((sample, i) => sample + (other[i] ?? 0));
const loudness = (samples: Float32Array): number =>
  Math.sqrt(2 * (samples.reduce((power, sample) => power + sample * sample, 0) / samples.length));

const voice = tone(600);
const other = tone(1000);
const silence = new Float32Array(8000);
/** A channel whose correlation with `voice` is this. */
const correlated = (correlation: number): Float32Array =>
  sum(scaled(voice, correlation), scaled(other, Math.sqrt(1 - correlation ** 2)));

describe('as loud as the loudest channel', () => {
  test.for<[string, Float32Array[]]>([
    ['alone', [voice]],
    ['beside its copy', [voice, voice]],
    ['beside its copy inverted', [voice, scaled(voice, -1)]],
    ['beside a weaker copy inverted', [voice, scaled(voice, -0.7)]],
    ['beside one of correlation -0.9', [voice, correlated(-0.9)]],
    ['beside one of correlation -0.5', [voice, correlated(-0.5)]],
    ['beside one of correlation 0', [voice, correlated(0)]],
    ['beside one of correlation 0.9', [voice, correlated(0.9)]],
    ['beside silence', [voice, silence]],
    ['behind silence', [silence, voice]],
    [
      'among six, half of them inverted',
      [voice, scaled(voice, -1), voice, scaled(voice, -1), voice, scaled(voice, -1)],
    ],
    ['among six of which the others are silent', [silence, silence, voice, silence, silence, silence]],
  ])('%s', ([, channels]) => {
    expect(loudness(mixDown(channels))).toBeCloseTo(0.5, 2);
  });
});

test('sound that is in one channel only is not lost', () => {
  const mixed = mixDown([voice, scaled(other, 0.5)]);
  const of = (part: Float32Array): number =>
    mixed.reduce((share, sample, i) => share + sample * (part[i] ?? 0), 0) / mixed.length;
  expect(of(other) / of(voice)).toBeCloseTo(0.5, 2);
});

test('an inverted channel is recognized despite an offset in both', () => {
  const direct = Float32Array.from({ length: 8000 }, () => 0.4);
  const mixed = mixDown([sum(voice, direct), sum(scaled(voice, -1), direct)]);
  const wave = mixed.reduce((share, sample, i) => share + sample * (voice[i] ?? 0), 0) / mixed.length;
  expect(wave).toBeCloseTo(0.125, 2);
});

test('silence stays silence, and an empty sound stays empty', () => {
  expect(loudness(mixDown([silence, silence]))).toBe(0);
  expect(mixDown([]).length).toBe(0);
});
