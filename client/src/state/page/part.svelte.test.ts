import { expect, test } from 'vitest';
import { Part } from './part.svelte.ts';

const MAILBOX = { name: 'mailbox' };

test('a part is loaded once, however often it is asked for', async () => {
  let loads = 0;
  const part = new Part(() => Promise.resolve({ ...MAILBOX, load: (loads += 1) }));
  expect([part.loaded, part.missing, loads]).toEqual([null, false, 0]);
  await Promise.all([part.fetch(), part.fetch()]);
  await part.fetch();
  expect([part.loaded, loads]).toEqual([{ name: 'mailbox', load: 1 }, 1]);
});

test('a part that the server does not send is missing, and may be asked for again', async () => {
  let isThere = false;
  const part = new Part(() => (isThere ? Promise.resolve(MAILBOX) : Promise.reject(new TypeError('404'))));
  await part.fetch();
  expect([part.loaded, part.missing]).toEqual([null, true]);
  isThere = true;
  const again = part.fetch();
  expect(part.missing).toBe(false);
  await again;
  expect([part.loaded, part.missing]).toEqual([MAILBOX, false]);
});
