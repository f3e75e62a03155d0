import type { ExtensionFate } from '@perch/shared';
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { m } from '../../../../words/messages.svelte.ts';
import BulkChange from './bulk-change.svelte';
import ImportFile from './import-file.svelte';

let leave: () => Promise<void>;
afterEach(async () => {
  await leave();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

interface Asked {
  readonly csv?: string;
  readonly change?: object;
  readonly dryRun: boolean;
}

/** What the server is asked, oldest first; the test answers. */
function server() {
  const asked: (Asked & { readonly answer: (name: string | undefined) => void })[] = [];
  vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const given = JSON.parse(body) as Asked;
    const answer = (name: string | undefined): void => {
      if (name === undefined) return reject(new TypeError('Failed to fetch'));
      const fate: ExtensionFate = {
        ...{ line: null, number: '101', name, fate: 'changed', changes: [], guest: null, reason: null },
      };
      resolve(Response.json(given.csv === undefined ? [fate] : { rows: 1, fates: [fate] }));
    };
    asked.push({ ...given, answer });
    return promise;
  });
  const said = (text: string) =>
    vi.waitFor(() => {
      flushSync();
      expect(document.body.textContent).toContain(text);
    });
  const count = (questions: number) => vi.waitFor(() => expect(asked).toHaveLength(questions));
  const apply = (): void =>
    [...document.querySelectorAll('button')]
      .find(({ textContent }) => textContent.trim() === m.apply_changes({ count: 1 }))
      ?.click();
  return { asked, said, count, apply };
}

test('of two files, what is shown and applied is the one that was chosen last', async () => {
  const { asked, said, count, apply } = server();
  const page = mount(ImportFile, { target: document.body, props: { ondone: () => undefined } });
  leave = () => unmount(page);
  const choose = (text: string): void => {
    const input = document.querySelector('input');
    if (input === null) throw new Error('there is no field');
    Object.defineProperty(input, 'files', {
      configurable: true,
      value: [{ text: () => Promise.resolve(text) }],
    });
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };
  choose('first');
  await count(1);
  choose('second');
  await count(2);
  asked[1]?.answer('Second');
  await said('Second');
  asked[0]?.answer('First');
  apply();
  await count(3);
  expect(document.body.textContent).not.toContain('First');
  expect(asked.map(({ csv, dryRun }) => [csv, dryRun])).toEqual([
    ['first', true],
    ['second', true],
    ['second', false],
  ]);
  asked[2]?.answer('Second');
  await said(m.fates_all_done());
});

test('a change is applied as it was reviewed, and a review that fails says so', async () => {
  const { asked, said, count, apply } = server();
  const props = { numbers: ['101'], ondone: () => undefined };
  const page = mount(BulkChange, { target: document.body, props });
  leave = () => unmount(page);
  const submit = (): void => document.querySelector('form')?.requestSubmit();
  submit();
  await count(1);
  asked[0]?.answer(undefined);
  await said(m.refusal_unreachable());
  submit();
  await count(2);
  const select = document.querySelector('select');
  if (select === null) throw new Error('there is no choice');
  select.value = 'suspend';
  select.dispatchEvent(new Event('change', { bubbles: true }));
  asked[1]?.answer('Ada');
  await said('Ada');
  apply();
  await count(3);
  expect(asked.slice(1).map(({ change, dryRun }) => [change, dryRun])).toEqual([
    [{ allowVirtualization: true }, true],
    [{ allowVirtualization: true }, false],
  ]);
  asked[2]?.answer('Ada');
  await said(m.fates_all_done());
});
