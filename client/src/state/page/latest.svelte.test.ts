import { expect, test } from 'vitest';
import { Latest } from './latest.ts';

test('an answer counts until one to a later question has come, and so does a failure', async () => {
  const latest = new Latest();
  const questions = Array.from({ length: 5 }, () => Promise.withResolvers<string>());
  const [first, second, third, fourth, fifth] = questions.map(({ promise }) =>
    latest.answer(() => promise).catch((error: unknown) => error),
  );
  questions[1]?.resolve('second');
  expect(await second).toEqual({ value: 'second' });
  questions[0]?.resolve('first');
  expect(await first).toBeUndefined();
  questions[4]?.reject(new Error('fifth'));
  expect(await fifth).toEqual(new Error('fifth'));
  // What failed has told nothing: an earlier answer is still the latest.
  questions[3]?.resolve('fourth');
  expect(await fourth).toEqual({ value: 'fourth' });
  questions[2]?.reject(new Error('third'));
  expect(await third).toBeUndefined();
});
