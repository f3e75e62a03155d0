import { extensionId, GUESSING_WINDOW_MS, WRONG_PER_EXTENSION, WRONG_PER_TERMINAL } from '@perch/shared';
import { expect, test } from 'vitest';
import { phone, TestOrganization } from './support/organization.ts';
import type { Result } from './record.ts';

/** Enters wrong codes and says how each was recorded. */
function guess(organization: TestOrganization, times: number, number: string, on: string): Result[] {
  const before = organization.records.length;
  for (let n = 0; n < times; n += 1) {
    expect(organization.enter('wrong', number, on)).toBe('wrong-code');
    organization.now += 1;
  }
  return organization.records.slice(before).map((record) => record.result);
}

const wrong = (times: number): Result[] => Array<Result>(times).fill('wrong-code');

test('five wrong codes for one extension lock it, from any terminal, for fifteen minutes', () => {
  const organization = new TestOrganization();
  expect(guess(organization, 3, '101', 'B')).toEqual(wrong(3));
  expect(guess(organization, 2, '101', 'C')).toEqual(wrong(2));
  const locked = organization.now - 1;
  expect(organization.enter('right', '101', 'D')).toBe('wrong-code');
  expect(organization.records.at(-1)?.result).toBe('locked-out');
  organization.now = locked + GUESSING_WINDOW_MS - 1;
  expect(organization.enter('right', '101', 'D')).toBe('wrong-code');
  organization.now += 1;
  expect(organization.enter('right', '101', 'D')).toBe('accepted');
});

test('ten wrong codes at one terminal lock it, for any number, for fifteen minutes', () => {
  const organization = new TestOrganization();
  guess(organization, 4, '101', 'B');
  guess(organization, 4, '103', 'B');
  expect(guess(organization, 2, '999', 'B')).toEqual(['no-such-extension', 'no-such-extension']);
  const locked = organization.now - 1;
  expect(organization.enter('right', '104', 'B')).toBe('wrong-code');
  expect(organization.records.at(-1)?.result).toBe('locked-out');
  expect(organization.enter('right', '104', 'C')).toBe('accepted');
  organization.now = locked + GUESSING_WINDOW_MS;
  expect(organization.enter('right', '104', 'B')).toBe('accepted');
});

test('a wrong code counts for fifteen minutes, not longer', () => {
  const organization = new TestOrganization();
  guess(organization, WRONG_PER_EXTENSION - 1, '101', 'B');
  organization.now += GUESSING_WINDOW_MS;
  guess(organization, WRONG_PER_EXTENSION - 1, '101', 'B');
  expect(organization.enter('right', '101', 'B')).toBe('accepted');
});

test('a right code between wrong ones does not empty a bucket', () => {
  const organization = new TestOrganization();
  guess(organization, WRONG_PER_EXTENSION - 1, '101', 'B');
  expect(organization.enter('right', '101', 'B')).toBe('accepted');
  organization.return('B');
  guess(organization, 1, '101', 'C');
  expect(organization.enter('right', '101', 'C')).toBe('wrong-code');
});

test('attempts on a locked extension do not prolong its lock', () => {
  const organization = new TestOrganization();
  guess(organization, WRONG_PER_EXTENSION, '101', 'B');
  const locked = organization.now - 1;
  organization.now += GUESSING_WINDOW_MS / 2;
  guess(organization, 4, '101', 'C');
  organization.now = locked + GUESSING_WINDOW_MS;
  expect(organization.enter('right', '101', 'D')).toBe('accepted');
});

test('a locked terminal locks no extension: attempts there are not counted', () => {
  const organization = new TestOrganization();
  for (const number of ['101', '103', '104']) guess(organization, 4, number, 'B');
  guess(organization, WRONG_PER_EXTENSION, '105', 'B');
  expect(organization.enter('right', '105', 'C')).toBe('accepted');
});

test.for([
  ['an existing number and an unknown one', ['wrong', '101'], ['wrong', '999']],
  ['a right code and a wrong one, for a locked extension', ['right', '105'], ['wrong', '105']],
] as const)('nothing is to be learned from when a terminal locks: %s', ([, one, other]) => {
  const afterHowMany = ([code, number]: readonly ['right' | 'wrong', string]) => {
    const organization = new TestOrganization();
    guess(organization, WRONG_PER_EXTENSION, '105', 'C');
    for (let n = 0; n < WRONG_PER_TERMINAL - 1; n += 1) organization.enter(code, number, 'B');
    const open = new TestOrganization();
    open.state = organization.state;
    open.now = organization.now;
    expect(open.enter('right', '104', 'B')).toBe('accepted');
    organization.enter(code, number, 'B');
    return organization.enter('right', '104', 'B');
  };
  expect(afterHowMany(one)).toBe('wrong-code');
  expect(afterHowMany(other)).toBe('wrong-code');
});

test('a lock stops neither the owner’s claim, nor *30 alone, nor moves of others', () => {
  const organization = new TestOrganization();
  organization.move('101', 'B');
  guess(organization, WRONG_PER_EXTENSION, '102', 'C');
  expect(organization.dial('102', 'B')).toBe('claimed');
  organization.move('101', 'B');
  expect(organization.return('B')).toBe('returned');
  expect(organization.enter('right', '101', 'C')).toBe('accepted');
});

test.for(['lock-lifted', 'deleted'] as const)(
  '%s: the buckets of the extension and its terminal are empty',
  (kind) => {
    const organization = new TestOrganization();
    guess(organization, WRONG_PER_EXTENSION, '102', 'C');
    guess(organization, 3, '101', 'B');
    organization.take({
      ...{ kind, at: organization.now, extension: extensionId('B'), who: null },
      terminal: phone('B'),
    });
    expect(organization.effects).toContainEqual(
      expect.objectContaining({
        kind: 'store',
        stored: expect.objectContaining({
          buckets: [
            { of: 'extension', id: 'B', wrong: [] },
            { of: 'terminal', id: phone('B'), wrong: [] },
          ],
        }),
      }),
    );
    expect(organization.enter('right', '102', 'D')).toBe('accepted');
  },
);
