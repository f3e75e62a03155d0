import { expect, test } from 'vitest';
import { Crowd } from './crowd.ts';

const crowdOf = (...members: readonly string[]) => {
  const crowd = new Crowd<string>({ most: 4, mostOfNetwork: 2 });
  for (const member of members) crowd.enter(member, member[0]);
  return crowd;
};

test('when one network has too many, its oldest gives way; others stay', () => {
  const crowd = crowdOf('b1', 'a1', 'a2');
  expect(crowd.enter('a3', 'a')).toBe('a1');
  expect([...crowd]).toEqual(['b1', 'a2', 'a3']);
});

test('when there are too many in total, the oldest of all gives way', () => {
  const crowd = crowdOf('a1', 'b1', 'c1', 'd1');
  expect(crowd.enter('e1', 'e')).toBe('a1');
  expect([...crowd]).toEqual(['b1', 'c1', 'd1', 'e1']);
});

test('behind a shared address, only the total limit applies', () => {
  const crowd = crowdOf();
  for (const member of ['p1', 'p2', 'p3', 'p4']) expect(crowd.enter(member, undefined)).toBeUndefined();
  expect(crowd.enter('p5', undefined)).toBe('p1');
});

test('a member that has left no longer counts, and leaves once', () => {
  const crowd = crowdOf('a1', 'a2');
  crowd.leave('a1');
  crowd.leave('a1');
  expect(crowd.enter('a3', 'a')).toBeUndefined();
  expect([crowd.size, crowd.has('a1'), crowd.has('a3')]).toEqual([2, false, true]);
});
