import {
  extensionId,
  GUESSING_WINDOW_MS,
  LOCKS_FORGOTTEN_MS,
  WRONG_PER_EXTENSION,
  WRONG_PER_TERMINAL,
} from '@perch/shared';
import { expect, test } from 'vitest';
import { extensionLockedUntil, terminalLockedUntil, wrongCodesFor } from './guessing.ts';
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

/** Fills the bucket of 101, from several terminals so that none of them is locked, and says for how long that locks it. */
function lock(organization: TestOrganization): number {
  const lockedUntil = () =>
    extensionLockedUntil(organization.state.guesses, extensionId('A'), organization.now);
  while (lockedUntil() === undefined)
    guess(organization, 1, '101', 'BCDE'.charAt(organization.records.length % 4));
  const until = lockedUntil() ?? 0;
  const ms = until - organization.now + 1;
  organization.now = until;
  return ms;
}

test('each lock within a day is twice as long as the one before, up to eight hours', () => {
  const organization = new TestOrganization();
  const minutes = Array.from({ length: 7 }, () => lock(organization) / 60_000);
  expect(minutes).toEqual([15, 30, 60, 120, 240, 480, 480]);
});

test('after a day without a wrong code a lock is as short as at first', () => {
  const organization = new TestOrganization();
  lock(organization);
  organization.now += LOCKS_FORGOTTEN_MS - GUESSING_WINDOW_MS - 1;
  guess(organization, 1, '101', 'B');
  expect(lock(organization) / 60_000).toBe(30);
  organization.now += LOCKS_FORGOTTEN_MS;
  expect(lock(organization) / 60_000).toBe(15);
});

test('a terminal’s lock doubles, too, and a lifted lock is forgotten', () => {
  const organization = new TestOrganization();
  const fill = () => {
    guess(organization, WRONG_PER_TERMINAL, '999', 'B');
    const until = terminalLockedUntil(organization.state.guesses, phone('B'), organization.now) ?? 0;
    const ms = until - organization.now + 1;
    organization.now = until;
    return ms / 60_000;
  };
  expect([fill(), fill()]).toEqual([15, 30]);
  organization.take({
    ...{ kind: 'lock-lifted', at: organization.now, extension: extensionId('B'), who: null },
    terminal: phone('B'),
  });
  expect(fill()).toBe(15);
});

test('what has locked an extension is listed as long as it is locked', () => {
  const organization = new TestOrganization();
  lock(organization);
  guess(organization, 3, '101', 'B');
  guess(organization, 2, '101', 'C');
  organization.now += GUESSING_WINDOW_MS;
  const wrong = wrongCodesFor(organization.state.guesses, extensionId('A'), organization.now);
  expect(wrong).toHaveLength(WRONG_PER_EXTENSION);
  organization.now += GUESSING_WINDOW_MS;
  expect(wrongCodesFor(organization.state.guesses, extensionId('A'), organization.now)).toEqual([]);
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
            { of: 'extension', id: 'B', wrong: [], locks: 0 },
            { of: 'terminal', id: phone('B'), wrong: [], locks: 0 },
          ],
        }),
      }),
    );
    expect(organization.enter('right', '102', 'D')).toBe('accepted');
  },
);
