import { expect, test } from 'vitest';
import { HOLD_DRONE, holdMusic } from './hold-music.ts';

const RATE = 16_000;
const music = holdMusic(RATE);
const at = (index: number): number => music[(index + music.length) % music.length] ?? Number.NaN;

test('the music is quiet, and never silent for as long as a listener would notice', () => {
  const chunk = RATE / 10;
  for (let start = 0; start < music.length; start += chunk) {
    const peak = music
      .subarray(start, start + chunk)
      .reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(peak).toBeGreaterThan(0.03);
    expect(peak).toBeLessThan(0.4);
  }
});

test('it has no click, and none where it begins anew', () => {
  const steps = Array.from(music, (sample, index) => Math.abs(sample - at(index - 1)));
  const most = steps.reduce((a, b) => Math.max(a, b), 0);
  expect(most).toBeLessThan(0.06);
  expect(steps[0]).toBeLessThan(0.06);
});

test('a round has whole waves of the drone', () => {
  expect(((music.length / RATE) * HOLD_DRONE) % 1).toBeCloseTo(0, 6);
});
