import type { CheckResult } from '@perch/shared';
import { expect, test } from 'vitest';
import { lastCheckSentence } from './check-words.ts';

test.for<[CheckResult, RegExp]>([
  [{ verdict: 'ready', parts: [] }, /^Phone check .+: ready$/],
  [
    { verdict: 'limited', parts: ['ring', 'notifications'] },
    /^Phone check .+: ready, except ring and notifications$/,
  ],
  [{ verdict: 'not-ready', parts: ['microphone'] }, /^Phone check .+: not ready \(microphone\)$/],
])('a check that found %j', ([result, sentence]) => {
  expect(lastCheckSentence({ ...result, at: 1_000 }, 2_000)).toMatch(sentence);
});
