import { expect, test } from 'vitest';
import { octetsHeldAfter } from '../collections/support/held-memory.ts';
import type { Chance } from './chance.ts';
import { seededChance } from './seeded-chance.ts';
import { systemChance } from './system-chance.ts';

const draws = (chance: Chance) =>
  Array.from({ length: 20 }, () => [
    chance.bytes(5).toString('hex'),
    chance.fraction(),
    chance.token(),
    chance.id(),
  ]);

test.for<[string, Chance]>([
  ['the system’s', systemChance],
  ['a seeded one', seededChance('a')],
])('%s has the promised length and form, and never repeats a draw', ([, chance]) => {
  expect(chance.bytes(0)).toHaveLength(0);
  expect(chance.bytes(100)).toHaveLength(100);
  const all = draws(chance);
  for (const [, fraction, token, id] of all) {
    expect(fraction).toBeGreaterThanOrEqual(0);
    expect(fraction).toBeLessThan(1);
    expect(token).toMatch(/^[0-9a-f]{24}$/);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect(new Set(all.flat()).size).toBe(all.flat().length);
});

test('one seed gives the same draws again, another gives others', () => {
  expect(draws(seededChance('a'))).toEqual(draws(seededChance('a')));
  expect(draws(seededChance('a'))).not.toEqual(draws(seededChance('b')));
});

test('who keeps one token keeps nothing else', () => {
  const kept: string[] = [];
  const held = octetsHeldAfter(() => {
    for (let drawn = 0; drawn < 256 * 1_000; drawn++) {
      const token = systemChance.token();
      if (drawn % 256 === 0) kept.push(token);
    }
  });
  expect(held / kept.length).toBeLessThan(500);
});
