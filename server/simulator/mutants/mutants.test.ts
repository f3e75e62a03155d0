import { expect, test } from 'vitest';
import { isOnce } from '../../altered/broken-lines.ts';
import { writtenRows } from '../../figures/figures.ts';
import { MUTANTS } from './mutants.ts';

test('there are twenty or more mutants', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
});

test.for(MUTANTS)('"$name" breaks a line that is there, once', (mutant) => {
  expect(isOnce(mutant)).toBe(true);
  expect(mutant.replacement).not.toBe(mutant.text);
});

test('docs/reliability.md has the figures of all mutants', () => {
  const [, ...rows] = writtenRows('mutants');
  expect(rows.map(([name]) => name)).toEqual(MUTANTS.map(({ name }) => name));
});
