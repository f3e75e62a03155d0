import { expect, test } from 'vitest';
import { freePlace, movedByKey, placeAt } from './plan.ts';

test.for([
  ['ArrowLeft', false, { x: 490, y: 500 }],
  ['ArrowRight', true, { x: 550, y: 500 }],
  ['ArrowUp', false, { x: 500, y: 490 }],
  ['ArrowDown', true, { x: 500, y: 550 }],
  ['Enter', false, undefined],
] as const)('%s (with Shift: %s) moves a phone', ([key, isLong, place]) => {
  expect(movedByKey({ x: 500, y: 500 }, key, isLong)).toEqual(place);
});

test('no phone leaves the plan, by a key or a pointer', () => {
  expect(movedByKey({ x: 5, y: 0 }, 'ArrowLeft', false)).toEqual({ x: 0, y: 0 });
  expect(movedByKey({ x: 5, y: 990 }, 'ArrowDown', true)).toEqual({ x: 5, y: 1000 });
  const size = { width: 800, height: 400 };
  expect(placeAt(200, 100, size)).toEqual({ x: 250, y: 250 });
  expect(placeAt(-20, 900, size)).toEqual({ x: 0, y: 1000 });
});

test('a phone is put where no other stands, row by row, until the plan is full', () => {
  const places: { x: number; y: number }[] = [];
  for (let count = 0; count < 64; count++) places.push(freePlace(places));
  expect(new Set(places.map(({ x, y }) => `${x}/${y}`)).size).toBe(64);
  expect(places[1]).toEqual({ x: 185, y: 60 });
  expect(freePlace(places)).toEqual({ x: 500, y: 500 });
  expect(freePlace([{ x: 100, y: 100 }])).toEqual({ x: 310, y: 60 });
});
