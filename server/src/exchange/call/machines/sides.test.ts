import { expect, test } from 'vitest';
import type { Party } from '../ports.ts';
import { talking } from './call-state.ts';
import { isAway, otherSide, withSide } from './sides.ts';

const party = (name: string) => ({ name, number: name }) as unknown as Party;
const CALL = talking({ caller: party('Ada'), callee: party('Ben') }, 'a', 'b');
/** Both phones have lost their lines; their pages were loaded anew. */
const AWAY = { ...CALL, away: ['a', 'b'], reloaded: ['a', 'b'] };

test('a leg that takes the place of one that was away is there, and the other side stays as it is', () => {
  const next = withSide(AWAY, 'a', 'c');
  expect([next.caller, next.callee]).toEqual(['c', 'b']);
  expect([next.away, next.reloaded]).toEqual([['b'], ['b']]);
  expect([isAway(next, 'c'), isAway(next, 'b')]).toEqual([false, true]);
  expect(otherSide(next, 'b')).toBe('c');
});

test('it takes the place for the same party, unless another one is named', () => {
  expect(withSide(CALL, 'b', 'c').parties).toBe(CALL.parties);
  expect(withSide(CALL, 'b', 'c', party('Chloe')).parties).toEqual({
    caller: party('Ada'),
    callee: party('Chloe'),
  });
});
