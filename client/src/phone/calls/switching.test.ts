import { expect, test } from 'vitest';
import { localCallId } from './identity.ts';
import { type Switched, switchTo } from './switching.ts';

const call = (local: number, kind: Switched['kind'], isHeld = false): Switched => ({
  local: localCallId(local),
  kind,
  isHeld,
});

test.for<readonly [string, readonly Switched[], number | null, ReturnType<typeof switchTo>]>([
  ['nothing else', [call(1, 'person')], 1, { hold: [], resume: [], hangUp: [] }],
  [
    'a person who speaks',
    [call(1, 'person'), call(2, 'ringing')],
    2,
    { hold: [localCallId(1)], resume: [], hangUp: [] },
  ],
  [
    'two who are on hold, one of them meant',
    [call(1, 'person', true), call(2, 'person', true)],
    2,
    { hold: [], resume: [localCallId(2)], hangUp: [] },
  ],
  [
    'a mailbox',
    [call(1, 'service'), call(2, 'ringing')],
    2,
    { hold: [], resume: [], hangUp: [localCallId(1)] },
  ],
  ['a call that rings', [call(1, 'ringing')], null, { hold: [], resume: [], hangUp: [] }],
  ['a call to make', [call(1, 'person')], null, { hold: [localCallId(1)], resume: [], hangUp: [] }],
])('beside %s', ([, calls, next, expected]) => {
  expect(switchTo(calls, next === null ? null : localCallId(next))).toEqual(expected);
});
