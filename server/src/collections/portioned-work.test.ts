import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PortionedWork } from './portioned-work.ts';
import { collectGarbage } from './support/held-memory.ts';

/** Work whose pieces take so long on a clock that only they move. */
function build() {
  let now = 0;
  const failures: unknown[] = [];
  const later = new PortionedWork(
    () => now,
    (error) => failures.push(error),
  );
  const done: string[] = [];
  const work = (name: string, pieces: number, ms: number): void => {
    let left = pieces;
    later.add(() => {
      now += ms;
      done.push(name);
      return --left > 0;
    });
  };
  /** What the clock shows goes on, as when calls are carried out. */
  const elsewhere = (ms: number): void => void (now += ms);
  return { later, failures, done, work, elsewhere };
}

test('a turn has as many pieces as fit into a millisecond, and nothing is done before the next turn', async () => {
  const { done, work } = build();
  work('a', 7, 0.4);
  expect(done).toHaveLength(0);
  const perTurn: number[] = [];
  for (let turn = 0; turn < 4; turn++) {
    const before = done.length;
    await nextTurn();
    perTurn.push(done.length - before);
  }
  // Each waits for its turn anew, so a single one has one piece a turn.
  expect(perTurn).toEqual([1, 1, 1, 1]);
});

test('those who wait have their pieces in turn, a millisecond of them at a time', async () => {
  const { done, work } = build();
  for (const name of ['a', 'b', 'c', 'd']) work(name, 2, 0.4);
  await nextTurn();
  expect(done).toEqual(['a', 'b', 'c']);
  await nextTurn();
  expect(done).toEqual(['a', 'b', 'c', 'd', 'a', 'b']);
  await nextTurn();
  expect(done).toEqual(['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd']);
});

test('of pieces that are done when they return there are four times as many in a turn, as far as the time goes', async () => {
  const { later, done, work } = build();
  for (let count = 0; count < 40; count++)
    later.addBrief(() => {
      done.push('brief');
      return false;
    });
  for (let count = 0; count < 4; count++) work('other', 1, 0);
  const perTurn: number[] = [];
  for (let turn = 0; turn < 4; turn++) {
    const before = done.length;
    await nextTurn();
    perTurn.push(done.length - before);
  }
  // The last eight brief ones are two of the others.
  expect(perTurn).toEqual([16, 16, 10, 2]);
});

test('a piece that takes long is alone in its turn, and of short ones there are four', async () => {
  const { done, work } = build();
  work('long', 1, 5);
  for (let count = 0; count < 2_500; count++) work('short', 1, 0);
  await nextTurn();
  expect(done).toEqual(['long']);
  await nextTurn();
  expect(done).toHaveLength(5);
  for (let turn = 0; turn < 2_500 / 4; turn++) await nextTurn();
  expect(done).toHaveLength(2_501);
});

test('where all else takes long, what pieces have left to promises, too, there are half as many pieces in a turn', async () => {
  const { done, work, elsewhere } = build();
  for (let count = 0; count < 12; count++) work('short', 1, 0);
  const perTurn: number[] = [];
  for (const ms of [3, 3, 1, 3, 0]) {
    const before = done.length;
    elsewhere(ms);
    await nextTurn();
    perTurn.push(done.length - before);
  }
  expect(perTurn).toEqual([2, 2, 4, 2, 2]);
});

test('a piece that fails is over and told of, and the others go on, also those who come later', async () => {
  const { later, failures, done, work } = build();
  const failure = new Error('of one');
  later.add(() => {
    throw failure;
  });
  work('beside it', 2, 1);
  await nextTurn();
  await nextTurn();
  await nextTurn();
  expect([failures, done]).toEqual([[failure], ['beside it', 'beside it']]);
  work('afterwards', 1, 0);
  await nextTurn();
  expect(done.at(-1)).toBe('afterwards');
});

test('what is done is let go, also while others never come to an end', async () => {
  const { later } = build();
  const forgotten: WeakRef<object>[] = [];
  let isOver = false;
  later.add(() => !isOver);
  for (let count = 0; count < 8; count++) {
    const octets = new Uint8Array(8);
    forgotten.push(new WeakRef(octets));
    later.add(() => octets.length > 8);
  }
  for (let turn = 0; turn < 16; turn++) await nextTurn();
  collectGarbage();
  isOver = true;
  expect(forgotten.filter((one) => one.deref() !== undefined)).toEqual([]);
});
