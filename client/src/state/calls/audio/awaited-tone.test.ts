import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { playWhileSilent } from './awaited-tone.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a tone sounds while nothing is heard of the other side, and never over it', () => {
  const heard: string[] = [];
  let level = 0.4;
  const end = playWhileSilent(
    () => level,
    () => {
      heard.push('tone');
      return () => heard.push('quiet');
    },
  );
  const pass = (ms: number) => {
    vi.advanceTimersByTime(ms);
    return heard.splice(0);
  };
  expect(pass(5_000)).toEqual([]);
  level = 0;
  expect(pass(500)).toEqual([]);
  expect(pass(5_000)).toEqual(['tone']);
  level = 0.1;
  expect(pass(100)).toEqual(['quiet']);
  level = 0;
  expect(pass(1_000)).toEqual(['tone']);
  end();
  expect(pass(5_000)).toEqual(['quiet']);
});
