import { expect, test } from 'vitest';
import { focusAmong } from './focus.ts';
import { localCallId } from './identity.ts';

const talking = (local: number) => ({ local: localCallId(local), isOffered: false });
const offered = (local: number) => ({ local: localCallId(local), isOffered: true });

test.for([
  ['there is none without a call', [], null, null],
  ['the first call gets it', [talking(1)], null, 1],
  ['a call that rings does not take it from one that is under way', [talking(1), offered(2)], 1, 1],
  ['a second call that rings does not take it from the first', [offered(1), offered(2)], 1, 1],
  [
    'when its call is over, the one that has rung longest gets it',
    [talking(2), offered(3), offered(4)],
    1,
    3,
  ],
  ['when nothing rings, the newest gets it', [talking(2), talking(3)], 1, 3],
  ['it is lost with the last call', [], 1, null],
] as const)('%s', ([, calls, focus, expected]) => {
  expect(focusAmong(calls, focus === null ? null : localCallId(focus))).toBe(expected);
});
