import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { browserWorld } from '../../world/world.ts';
import { Clock } from './clock.svelte.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 10_400 });
});
afterEach(() => {
  vi.useRealTimers();
});

test('it ticks when the second changes, not a second after it was created', () => {
  const clock = new Clock(browserWorld);
  expect(clock.now).toBe(10_400);
  vi.advanceTimersByTime(599);
  expect(clock.now).toBe(10_400);
  vi.advanceTimersByTime(1);
  expect(clock.now).toBe(11_000);
  vi.advanceTimersByTime(1_000);
  expect(clock.now).toBe(12_000);
  clock.close();
});

test('after a sleep it shows the current time, and ticks on the second again', () => {
  const clock = new Clock(browserWorld);
  vi.setSystemTime(3_600_250);
  vi.advanceTimersToNextTimer();
  expect(clock.now).toBeGreaterThanOrEqual(3_600_250);
  vi.advanceTimersToNextTimer();
  expect(clock.now % 1_000).toBe(0);
  clock.close();
});

test('once closed it stops, and holds no timer', () => {
  const clock = new Clock(browserWorld);
  clock.close();
  vi.advanceTimersByTime(5_000);
  expect([clock.now, vi.getTimerCount()]).toEqual([10_400, 0]);
});
