import { expect, test } from 'vitest';
import { ReleasingMap } from './releasing-map.ts';

test('is a map', () => {
  const map = new ReleasingMap<string, { readonly name: string }>();
  const [ada, ben] = [{ name: 'Ada' }, { name: 'Ben' }];
  map.set('101', ada);
  map.set('102', ben);
  map.set('101', ben);
  expect([map.get('101'), map.get('103'), map.has('102'), map.size]).toEqual([ben, undefined, true, 2]);
  map.set('101', ada);
  expect([...map.values()]).toEqual([ada, ben]);
  expect([map.delete('101'), map.delete('101'), map.get('101'), map.size]).toEqual([
    true,
    false,
    undefined,
    1,
  ]);
  expect([...map.values()]).toEqual([ben]);
});

test('an entry that is deleted during iteration is not visited', () => {
  const map = new ReleasingMap<number, { readonly of: number }>();
  for (const of of [1, 2, 3]) map.set(of, { of });
  const seen: number[] = [];
  for (const { of } of map.values()) {
    seen.push(of);
    map.delete(2);
  }
  expect(seen).toEqual([1, 3]);
});
