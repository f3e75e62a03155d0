import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DialText } from './dial-text.svelte.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a number that was not reached can be called again for a minute', () => {
  const text = new DialText(() => []);
  text.giveBack('102');
  vi.advanceTimersByTime(59_999);
  expect(text.dialled).toEqual({ kind: 'number', number: '102' });
  vi.advanceTimersByTime(1);
  expect(text.value).toBe('');
});

test('it has a minute of its own each time', () => {
  const text = new DialText(() => []);
  text.giveBack('102');
  vi.advanceTimersByTime(50_000);
  text.clear();
  text.giveBack('102');
  vi.advanceTimersByTime(50_000);
  expect(text.value).toBe('102');
});

test('it does not replace what is being typed, and removing it does not either', () => {
  const text = new DialText(() => []);
  text.value = '10';
  text.giveBack('102');
  expect(text.value).toBe('10');
  text.clear();
  text.giveBack('102');
  text.eraseLast();
  vi.advanceTimersByTime(60_000);
  expect(text.value).toBe('10');
});

test('the next key replaces a number that was given back, unless it was being corrected', () => {
  const text = new DialText(() => []);
  text.giveBack('998');
  text.press('*');
  text.press('9');
  expect(text.value).toBe('*9');
  text.clear();
  text.giveBack('998');
  text.eraseLast();
  text.press('7');
  expect(text.value).toBe('997');
});
