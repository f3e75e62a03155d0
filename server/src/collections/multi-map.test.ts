import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MultiMap } from './multi-map.ts';

const [a, b, c] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];

test('it holds what a map of arrays without doubles would hold', () => {
  const step = fc.record({
    what: fc.constantFrom('add', 'add', 'delete'),
    key: fc.constantFrom('x', 'y'),
    value: fc.constantFrom(a, b, c),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const [map, model] = [new MultiMap<string, typeof a>(), new Map<string, (typeof a)[]>()];
      for (const { what, key, value } of steps) {
        const before = model.get(key) ?? [];
        if (what === 'add') {
          map.add(key, value);
          model.set(key, before.includes(value) ? before : [...before, value]);
        } else {
          expect(map.delete(key, value)).toBe(before.includes(value));
          model.set(
            key,
            before.filter((other) => other !== value),
          );
        }
        for (const each of ['x', 'y']) {
          expect(map.of(each)).toEqual(model.get(each) ?? []);
          expect(map.only(each)).toBe(model.get(each)?.length === 1 ? model.get(each)?.[0] : undefined);
          expect(map.count(each)).toBe(model.get(each)?.length ?? 0);
        }
        expect([...map.values()].length).toBe([...model.values()].flat().length);
      }
    }),
  );
});

test('lists that were returned do not change', () => {
  const map = new MultiMap<string, typeof a>();
  map.add('x', a);
  map.add('x', b);
  const given = map.of('x');
  for (const value of given) map.delete('x', value);
  expect(given).toEqual([a, b]);
  expect(map.of('x')).toEqual([]);
});
