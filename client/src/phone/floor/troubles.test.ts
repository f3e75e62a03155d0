import type { PageCondition } from '@perch/shared';
import { expect, test } from 'vitest';
import { troublesOf } from './troubles.ts';

const page: PageCondition = {
  at: 1,
  microphone: 'granted',
  clockAhead: 900,
  version: '0.1.0',
  browser: null,
};
const fine = { page, lastCheck: null, suspended: false };
const check = { at: 1, parts: ['microphone' as const] };

test.for<readonly [string, object, readonly string[]]>([
  ['a page in order', {}, []],
  ['a page that has said nothing yet', { page: null }, []],
  ['a browser that will ask', { page: { ...page, microphone: 'prompt' } }, []],
  ['a blocked microphone', { page: { ...page, microphone: 'denied' } }, ['microphone-denied']],
  ['no microphone', { page: { ...page, microphone: 'missing' } }, ['microphone-missing']],
  ['a clock that is slow', { page: { ...page, clockAhead: -60_000 } }, ['clock']],
  ['a clock that is fast', { page: { ...page, clockAhead: 60_000 } }, ['clock']],
  ['an older page', { page: { ...page, version: '0.0.9' } }, ['old-page']],
  ['a check that failed', { lastCheck: { ...check, verdict: 'not-ready' } }, ['check']],
  ['a check with less than all', { lastCheck: { ...check, verdict: 'limited' } }, []],
  ['one that is out of service', { suspended: true, page: { ...page, microphone: 'denied' } }, []],
  [
    'everything at once, the worst first',
    { page: { ...page, microphone: 'denied', clockAhead: 1e9, version: '' } },
    ['microphone-denied', 'clock', 'old-page'],
  ],
])('%s', ([, reported, troubles]) => {
  expect(troublesOf({ ...fine, ...reported }, '0.1.0')).toEqual(troubles);
});
