import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('tasks run one at a time, in the order in which they came', async () => {
  const turns = new Turns();
  const steps: string[] = [];
  const task = (name: string) => async () => {
    steps.push(`${name} begins`);
    await Promise.resolve();
    steps.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all([turns.take(task('a')), turns.take(task('b'))])).toEqual(['a', 'b']);
  expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('a task that fails says so to the one who gave it, and the next runs', async () => {
  const turns = new Turns();
  const failed = turns.take(() => {
    throw new Error('the disk is full');
  });
  const next = turns.take(() => 'done');
  await expect(failed).rejects.toThrow('the disk is full');
  expect(await next).toBe('done');
});

test('settled waits for what came before, and not for what comes after', async () => {
  const turns = new Turns();
  let over = false;
  void turns.take(async () => {
    await Promise.resolve();
    over = true;
  });
  const settled = turns.settled();
  void turns.take(() => new Promise(() => undefined));
  await settled;
  expect(over).toBe(true);
});
