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
  const brief = (name: string, ms: number): void =>
    later.addBrief(() => {
      now += ms;
      done.push(name);
      return false;
    });
  /** What the clock shows goes on, as when calls are carried out. */
  const elsewhere = (ms: number): void => void (now += ms);
  return { later, failures, done, work, brief, elsewhere };
}

/** How many pieces are done in each of so many turns. */
async function perTurn(done: readonly string[], turns: number): Promise<number[]> {
  const counts: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const before = done.length;
    await nextTurn();
    counts.push(done.length - before);
  }
  return counts;
}

test('a turn has one piece, and nothing is done before the next turn', async () => {
  const { done, work } = build();
  for (const name of ['a', 'b']) work(name, 2, 0);
  expect(done).toHaveLength(0);
  expect(await perTurn(done, 5)).toEqual([1, 1, 1, 1, 0]);
  // Those who wait have theirs in turn.
  expect(done).toEqual(['a', 'b', 'a', 'b']);
});

test('of pieces that are done when they return there are four in a turn', async () => {
  const { done, brief, work } = build();
  for (let count = 0; count < 10; count++) brief('brief', 0);
  for (let count = 0; count < 2; count++) work('other', 1, 0);
  // The last two brief ones are half of another.
  expect(await perTurn(done, 5)).toEqual([4, 4, 3, 1, 0]);
});

test('and only as many as fit into a quarter of a millisecond', async () => {
  const { done, brief } = build();
  for (const ms of [0.2, 0.1, 0.1, 5, 0.1, 0.1]) brief('brief', ms);
  expect(await perTurn(done, 4)).toEqual([2, 2, 2, 0]);
});

test('a turn in which all else took long has none, but nobody is put off for longer than four milliseconds', async () => {
  const { done, work, elsewhere } = build();
  for (let count = 0; count < 12; count++) work('short', 1, 0);
  const counts: number[] = [];
  for (const ms of [0.1, 0.5, 0.2, 3, 0.9, 0.2, 1, 1, 1, 1, 1]) {
    elsewhere(ms);
    counts.push(...(await perTurn(done, 1)));
  }
  expect(counts).toEqual([1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0]);
});

test('of one that is done when it returns and has more there is one piece in a turn', async () => {
  const { later, done } = build();
  let left = 3;
  later.addBrief(() => {
    done.push('brief');
    return --left > 0;
  });
  expect(await perTurn(done, 4)).toEqual([1, 1, 1, 0]);
});

test('who comes while nobody has waited is not put off for what was done before', async () => {
  const { done, work, elsewhere } = build();
  work('first', 1, 0);
  expect(await perTurn(done, 1)).toEqual([1]);
  elsewhere(1);
  work('second', 1, 0);
  expect(await perTurn(done, 1)).toEqual([1]);
});

test('what has nothing left to do takes nobody’s turn, as far as the time goes', async () => {
  const { later, done, work, elsewhere } = build();
  for (let count = 0; count < 1_000; count++) later.add(() => undefined);
  work('a', 2, 0);
  expect(await perTurn(done, 3)).toEqual([1, 1, 0]);
  for (let count = 0; count < 5; count++)
    later.add(() => {
      elsewhere(0.1);
      return undefined;
    });
  work('b', 1, 0);
  expect(await perTurn(done, 3)).toEqual([0, 1, 0]);
});

test('while somebody waits, it rests twice as long as a turn with pieces has taken, and longer than four milliseconds never', async () => {
  const { later, done, work, elsewhere } = build();
  for (let count = 0; count < 12; count++) work('short', 1, 0);
  later.giveWay();
  const counts: number[] = [];
  // What comes after a piece and before the next turn counts as its own.
  for (const ms of [0.2, 0.1, 0.2, 0.2, 9, 0.2, 3, 0.9, 0.2])
    counts.push(...(await perTurn(done, 1).finally(() => elsewhere(ms))));
  expect(counts).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
});

test('the rest is over with the moment for which it was asked', async () => {
  const { later, done, work, elsewhere } = build();
  for (let count = 0; count < 6; count++) work('short', 1, 0);
  const counts: number[] = [];
  later.giveWay();
  elsewhere(50);
  await nextTurn();
  for (const ms of [0.2, 0.2, 0.2]) counts.push(...(await perTurn(done, 1).finally(() => elsewhere(ms))));
  expect(counts).toEqual([1, 1, 1]);
});

test('one that comes after the last of those who waited does not come before the rest is over', async () => {
  const { later, done, work, elsewhere } = build();
  later.giveWay();
  work('first', 1, 0);
  expect(await perTurn(done, 1)).toEqual([1]);
  elsewhere(0.2);
  expect(await perTurn(done, 1)).toEqual([0]);
  work('second', 1, 0);
  elsewhere(0.2);
  expect(await perTurn(done, 1)).toEqual([0]);
  elsewhere(0.2);
  expect(await perTurn(done, 1)).toEqual([1]);
});

test('a rest is over where the clock stands still', async () => {
  const { later, done, work, elsewhere } = build();
  later.giveWay();
  work('first', 2, 0);
  expect(await perTurn(done, 1)).toEqual([1]);
  elsewhere(0.2);
  expect(await perTurn(done, 2)).toEqual([0, 1]);
});

test('what is to be done first is done before the pieces of each turn', async () => {
  const { later, done, work } = build();
  later.doFirst(() => done.push('first'));
  work('a', 2, 0);
  await nextTurn();
  await nextTurn();
  await nextTurn();
  expect(done).toEqual(['first', 'a', 'first', 'a']);
});

test('where that fails, it is told of, and the pieces are done all the same', async () => {
  const { later, failures, done, work } = build();
  const failure = new Error('of the first');
  later.doFirst(() => {
    throw failure;
  });
  work('a', 2, 0);
  expect(await perTurn(done, 3)).toEqual([1, 1, 0]);
  expect(failures).toEqual([failure, failure]);
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
