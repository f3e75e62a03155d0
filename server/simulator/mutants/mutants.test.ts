import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MUTANTS } from './mutants.ts';

test('there are twenty or more mutants', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
});

test.for(MUTANTS)('"$name" breaks a line that is there, once', ({ file, text, replacement }) => {
  const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  expect(source.split(text)).toHaveLength(2);
  expect(replacement).not.toBe(text);
});
