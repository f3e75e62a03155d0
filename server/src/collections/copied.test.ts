import { expect, test } from 'vitest';
import { copied } from './copied.ts';
import { holdsFrames } from './support/held-memory.ts';

test.each(['', 'a', 'Zoë \u2028 \ud83d\udc26 \ud800 "\\\0', 'x'.repeat(70_000)])(
  '%j stays as it is',
  (text) => {
    expect(copied(text)).toBe(text);
  },
);

test('a slice keeps the text that it was cut from in memory, a copy does not', () => {
  const kept: string[] = [];
  expect(holdsFrames((frame) => kept.push(frame.slice(0, 40)))).toBe(true);
  expect(holdsFrames((frame) => kept.push(copied(frame.slice(0, 40))))).toBe(false);
  expect(kept.slice(0, 100)).toEqual(kept.slice(100));
});
