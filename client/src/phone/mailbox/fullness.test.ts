import { expect, test } from 'vitest';
import { fullnessOf } from './fullness.ts';

const limits = { messages: 100, ms: 60 * 60_000, greetingMs: 60_000 };

test.for([
  [0, 0, null],
  [89, 10_000, null],
  [90, 10_000, { full: false, unit: 'messages', used: 90, most: 100 }],
  [98, 10_000, { full: false, unit: 'messages', used: 98, most: 100 }],
  [100, 10_000, { full: true, unit: 'messages', used: 100, most: 100 }],
  [11, 300_000, { full: false, unit: 'minutes', used: 55, most: 60 }],
  [12, 300_000, { full: true, unit: 'minutes', used: 60, most: 60 }],
] as const)('%d messages of %d ms', ([count, durationMs, fullness]) => {
  const message = { id: '', from: { number: '', name: '' }, at: 0, reason: 'busy', heard: true } as const;
  const messages = Array.from({ length: count }, () => ({ ...message, durationMs }));
  expect(fullnessOf({ messages, limits })).toEqual(fullness);
});
