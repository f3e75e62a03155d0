import { extensionId } from '@perch/shared';
import { expect, test } from 'vitest';
import { brokenInvariants } from './invariants.ts';
import { InvariantBroken, Virtualizations } from './virtualizations.ts';
import { type Virtualization } from './virtualization.ts';

const on = (virtual: string, base: string): Virtualization => ({
  virtual: extensionId(virtual),
  base: extensionId(base),
  since: 0,
  by: 'dialled',
});

test.for([
  ['an extension is virtual at most once', [on('A', 'B'), on('A', 'C')]],
  ['a terminal has at most one guest', [on('A', 'C'), on('B', 'C')]],
  ['an extension is not its own guest', [on('A', 'A')]],
  ['both belong to the same organization', [on('A', 'stranger')]],
] as const)('%s', ([, virtualizations]) => {
  expect(brokenInvariants(virtualizations, (one) => one !== 'stranger')).toHaveLength(1);
});

test('chains, swaps and cycles break nothing', () => {
  const all = [on('A', 'B'), on('B', 'A'), on('C', 'D'), on('D', 'E'), on('E', 'C')];
  expect(brokenInvariants(all)).toEqual([]);
});

test('a set that breaks an invariant is not stored', () => {
  expect(() => Virtualizations.from([on('A', 'B'), on('A', 'C')])).toThrow(InvariantBroken);
});

test.for([
  ['a second base', { ended: [], begun: [on('A', 'C')] }],
  ['a second guest', { ended: [], begun: [on('C', 'B')] }],
  ['itself as base', { ended: [], begun: [on('C', 'C')] }],
  ['two at once on one base', { ended: [], begun: [on('C', 'D'), on('E', 'D')] }],
  ['the end of what is not there', { ended: [on('A', 'B')], begun: [] }],
] as const)('a change to A on B is refused whole: %s', ([, change]) => {
  const present = Virtualizations.from([on('A', 'B')]);
  expect(() => present.after(change)).toThrow(InvariantBroken);
});

test('a change leaves the set before it as it was', () => {
  const before = on('A', 'B');
  const present = Virtualizations.from([before]);
  const after = present.after({ ended: [before], begun: [on('C', 'B')] });
  expect([...present]).toEqual([before]);
  expect([...after]).toEqual([on('C', 'B')]);
});
