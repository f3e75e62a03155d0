import { expect, test } from 'vitest';
import { RequestError } from '../../api/request.ts';
import { Task } from './task.svelte.ts';

const refused = (errors?: { field: string; message: string }[]) =>
  new RequestError({
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail: 'That number is taken.',
    code: 'number-taken',
    ...(errors && { errors }),
  });
const failing = (error: Error) => () => Promise.reject(error);

test('the result is returned, even if it is empty', async () => {
  const task = new Task();
  expect(await task.run(() => Promise.resolve('done'))).toEqual({ value: 'done' });
  expect(await task.run(() => Promise.resolve(undefined))).toEqual({ value: undefined });
  expect([task.busy, task.refusal, task.errors]).toEqual([false, undefined, {}]);
});

test('while it runs it is not asked a second time', async () => {
  const task = new Task();
  const { promise, resolve } = Promise.withResolvers<string>();
  let asked = 0;
  const work = () => {
    asked++;
    return promise;
  };
  const first = task.run(work);
  expect(task.busy).toBe(true);
  expect(await task.run(work)).toBeUndefined();
  resolve('one');
  expect(await first).toEqual({ value: 'one' });
  expect([asked, task.busy]).toEqual([1, false]);
});

test('a key that is pressed while something is read is heard once, and so is each choice, in order', async () => {
  const task = new Task();
  const reading = Promise.withResolvers<string>();
  const done: string[] = [];
  const work = (what: string) => () => {
    done.push(what);
    return Promise.resolve(what);
  };
  const read = task.inTurn(() => reading.promise);
  const asked = [
    task.run(work('pressed')),
    task.run(work('pressed again')),
    task.inTurn(work('German')),
    task.inTurn(failing(new TypeError('x is not a function'))),
    task.inTurn(work('French')),
  ];
  expect(done).toEqual([]);
  reading.resolve('read');
  await read;
  const answers = await Promise.allSettled(asked);
  expect(done).toEqual(['pressed', 'German', 'French']);
  expect(answers.map((answer) => answer.status === 'fulfilled' && answer.value?.value)).toEqual([
    'pressed',
    undefined,
    'German',
    false,
    'French',
  ]);
  expect(task.busy).toBe(false);
});

test('while what one key was pressed for runs, the press of another waits and is not lost', async () => {
  const task = new Task();
  const first = Promise.withResolvers<string>();
  const begun: string[] = [];
  const work = (what: string) => () => {
    begun.push(what);
    return what === 'end 1' ? first.promise : Promise.resolve(what);
  };
  const done = [
    task.run(work('end 1'), 'end 1'),
    task.run(work('end 2'), 'end 2'),
    task.run(work('end 1 again'), 'end 1'),
    task.run(work('end 2 again'), 'end 2'),
  ];
  expect(begun).toEqual(['end 1']);
  first.resolve('end 1');
  expect((await Promise.all(done)).map((one) => one?.value)).toEqual([
    'end 1',
    'end 2',
    undefined,
    undefined,
  ]);
  expect(begun).toEqual(['end 1', 'end 2']);
});

test('a refusal is a sentence, until it is tried again', async () => {
  const task = new Task();
  expect(await task.run(failing(refused()))).toBeUndefined();
  expect([task.busy, task.refusal, task.errors]).toEqual([false, 'That number is taken.', {}]);
  const trying = task.run(() => Promise.resolve(1));
  expect(task.refusal).toBeUndefined();
  await trying;
});

test('errors of fields are shown at the fields only', async () => {
  const task = new Task();
  await task.run(
    failing(
      refused([
        { field: 'number', message: 'Three digits or more.' },
        { field: 'name', message: 'Too long.' },
      ]),
    ),
  );
  expect(task.refusal).toBeUndefined();
  expect(task.errors).toEqual({ number: 'Three digits or more.', name: 'Too long.' });
  await task.run(() => Promise.resolve(1));
  expect(task.errors).toEqual({});
});

test('an error of ours is not a refusal, and the task can be run again', async () => {
  const task = new Task();
  await expect(task.run(failing(new TypeError('x is not a function')))).rejects.toThrow(TypeError);
  expect([task.busy, task.refusal]).toEqual([false, undefined]);
});
