import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { after, every, pause } from './timers.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('calls back once, unless it is cancelled before', () => {
  const heard: string[] = [];
  const cancel = after(100, () => heard.push('once'));
  after(50, () => heard.push('never'))();
  vi.advanceTimersByTime(99);
  expect(heard).toEqual([]);
  vi.advanceTimersByTime(1_000);
  cancel();
  expect([heard, vi.getTimerCount()]).toEqual([['once'], 0]);
});

test('calls back each time the interval has passed, until it is cancelled', () => {
  let count = 0;
  const cancel = every(100, () => count++);
  vi.advanceTimersByTime(350);
  cancel();
  vi.advanceTimersByTime(1_000);
  expect([count, vi.getTimerCount()]).toEqual([3, 0]);
});

test('a pause is over after its time', async () => {
  let isOver = false;
  void pause(100).then(() => (isOver = true));
  await vi.advanceTimersByTimeAsync(99);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(isOver).toBe(true);
});
