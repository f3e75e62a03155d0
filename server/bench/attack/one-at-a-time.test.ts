import { expect, test } from 'vitest';
import { OneAtATime } from './one-at-a-time.ts';

test('each begins when the one before is over, also when that has failed', async () => {
  const queue = new OneAtATime();
  const seen: string[] = [];
  const work = (name: string) => async (): Promise<string> => {
    seen.push(`${name} begins`);
    await Promise.resolve();
    seen.push(`${name} ends`);
    if (name === 'b') throw new Error('of b');
    return name;
  };
  const all = await Promise.allSettled(['a', 'b', 'c'].map((name) => queue.run(work(name))));
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(seen).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
});
