import { extensionId } from '@perch/shared';
import { expect, test } from 'vitest';
import { ringsAt, speaksAt } from './resolve.ts';
import { Virtualizations } from './virtualizations.ts';

/** `A on B, B on C` */
const present = (pairs: string) =>
  Virtualizations.from(
    pairs
      .split(', ')
      .filter(Boolean)
      .map((pair) => {
        const [virtual = '', base = ''] = pair.split(' on ');
        return { virtual: extensionId(virtual), base: extensionId(base), since: 0, by: 'dialled' as const };
      }),
  );

test.for([
  ['none away', '', 'A', 'A', 'A'],
  ['A away: its own phone is locked', 'A on B', 'A', 'B', undefined],
  ['A away: the base has lost its phone', 'A on B', 'B', undefined, 'A'],
  ['A away, with a guest of its own: the phone speaks for the guest', 'A on B, C on A', 'A', 'B', 'C'],
  ['a chain, its head', 'A on B, B on C', 'A', 'B', undefined],
  ['a chain, its middle', 'A on B, B on C', 'B', 'C', 'A'],
  ['a chain, its tail', 'A on B, B on C', 'C', undefined, 'B'],
  ['a swap, one side', 'A on B, B on A', 'A', 'B', 'B'],
  ['a swap, the other side', 'A on B, B on A', 'B', 'A', 'A'],
  ['a cycle', 'A on B, B on C, C on A', 'A', 'B', 'C'],
] as const)('%s (%s): %s rings at %s, and its phone speaks for %s', ([, pairs, who, rings, speaks]) => {
  const virtualizations = present(pairs);
  expect(ringsAt(virtualizations, extensionId(who))).toBe(rings);
  expect(speaksAt(virtualizations, extensionId(who))).toBe(speaks);
});
