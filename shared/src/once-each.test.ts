import { expect, test } from 'vitest';
import { onceEach } from './once-each.ts';

const number = ({ number }: { readonly number: string }): string => number;

test('what a list says twice counts once, as it was said last, where it was said first', () => {
  const said = [
    { number: '101', state: 'busy' },
    { number: '102', state: 'busy' },
    { number: '101', state: 'available' },
  ];
  expect(onceEach(said, number)).toEqual([
    { number: '101', state: 'available' },
    { number: '102', state: 'busy' },
  ]);
});

test('a list that says nothing twice stays the same list', () => {
  const said = [{ number: '101' }, { number: '102' }];
  expect(onceEach(said, number)).toBe(said);
});
