import { extensionId } from '@perch/shared';
import { expect, test } from 'vitest';
import { brokenInvariants } from './invariants.ts';
import { home } from './support/organization.ts';
import { ringsAt, speaksAt } from './resolve.ts';
import { initialState } from './state.ts';
import { step } from './transition.ts';

/** A, B, C, D are 101, 102, 103, 104: all with codes, all allowing virtualization. */
const people = ['A', 'B', 'C', 'D'].map(extensionId);
const byNumber = new Map(people.map((extension, index) => [`10${index + 1}`, extension]));
const NOWHERE = '-';

/** Dials on a phone, with the right code where one is asked for. */
function dial(state: typeof initialState, dialled: string, phone: string, at: number) {
  const number = dialled.slice('*30'.length);
  if (number === '')
    return step(state, { kind: 'return-asked', at, ...home(phone), way: 'dialled' }, new Set());
  const target = byNumber.get(number);
  const request = { at, ...home(phone), allowed: true, asked: number, target, way: 'dialled' } as const;
  const [asked, effects] = step(state, { kind: 'number-dialled', ...request }, new Set());
  const codeNeeded = effects.some((one) => one.kind === 'answer' && one.answer.kind === 'code-needed');
  if (!codeNeeded) return [asked, effects] as const;
  return step(asked, { kind: 'code-entered', correct: true, ...request }, new Set());
}

test('the worked example of the sources, as one run', () => {
  // [dialled, on whose phone, who is on whose phone afterwards, where calls to A, B, C, D ring]
  const steps = [
    ['*30102', 'A', 'B on A', '- A C D'],
    ['*30104', 'B', 'B on A, D on B', '- A C B'],
    ['*30103', 'A', 'C on A, D on B', '- - A B'],
    ['*30', 'B', 'C on A', '- B A D'],
    ['*30101', 'B', 'A on B, C on A', 'B - A D'],
    ['*30102', 'C', 'A on B, B on C, C on A', 'B C A D'],
    ['*30', 'B', 'B on C, C on A', '- C A D'],
    ['*30', 'B', 'C on A', '- B A D'],
    ['*30101', 'A', '', 'A B C D'],
  ] as const;

  let state = initialState;
  for (const [index, [dialled, phone, present, ring]] of steps.entries()) {
    [state] = dial(state, dialled, phone, index);
    const virtualizations = [...state.virtualizations];
    const where = `step ${index + 1}`;
    expect(
      virtualizations
        .map((one) => `${one.virtual} on ${one.base}`)
        .sort()
        .join(', '),
      where,
    ).toBe(present);
    expect(people.map((one) => ringsAt(state.virtualizations, one) ?? NOWHERE).join(' '), where).toBe(ring);
    expect(
      brokenInvariants(virtualizations, (one) => people.includes(one)),
      where,
    ).toEqual([]);
  }
});

test('step 9 takes no code', () => {
  const onA = { virtual: extensionId('C'), base: extensionId('A'), since: 0, by: 'dialled' } as const;
  const state = {
    ...initialState,
    virtualizations: initialState.virtualizations.after({ ended: [], begun: [onA] }),
  };
  const [after, effects] = dial(state, '*30101', 'A', 1);
  expect(effects).toContainEqual({ kind: 'answer', answer: { kind: 'claimed', extension: 'A' } });
  expect([...after.virtualizations]).toEqual([]);
});

test('calls from a terminal are made by the extension that rings there, at every step of a full cycle', () => {
  const cycle = [
    ['A', 'B'],
    ['B', 'C'],
    ['C', 'A'],
  ].map(([virtual = '', base = '']) => ({
    virtual: extensionId(virtual),
    base: extensionId(base),
    since: 0,
    by: 'dialled' as const,
  }));
  const virtualizations = initialState.virtualizations.after({ ended: [], begun: cycle });
  for (const { virtual, base } of cycle) {
    expect(ringsAt(virtualizations, virtual)).toBe(base);
    expect(speaksAt(virtualizations, base)).toBe(virtual);
  }
});
