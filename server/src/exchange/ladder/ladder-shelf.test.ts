import { expect, test } from 'vitest';
import { LadderShelf, KEPT_MS } from './ladder-shelf.ts';

test('what has gone by its age leaves room for as much again', () => {
  const board = new LadderShelf().board();
  const putAll = (at: number) => {
    for (let count = 0; count < 6_000; count++) board.put({ lastAt: at, dropped: () => undefined }, at);
    return board.size;
  };
  const most = putAll(0);
  expect(most).toBeLessThan(6_000);
  expect(putAll(KEPT_MS + 1)).toBe(most);
  expect(putAll(2 * (KEPT_MS + 1))).toBe(most);
});
