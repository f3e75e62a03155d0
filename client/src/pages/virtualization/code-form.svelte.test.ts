import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { m } from '../../words/messages.svelte.ts';
import CodeForm from './code-form.svelte';

let leave: () => Promise<void>;
afterEach(async () => {
  await leave();
  document.body.replaceChildren();
});

test('a code that is written while another one is being saved stays, and is the one that counts with the next press', async () => {
  const saved: { readonly code: string; readonly answer: () => void }[] = [];
  const onsave = (code: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    saved.push({ code, answer: () => resolve(undefined) });
    return promise;
  };
  const props = { label: 'Code', field: 'code', weakness: () => undefined, onsave } as const;
  const form = mount(CodeForm, { target: document.body, props });
  leave = () => unmount(form);
  const input = document.querySelector('input');
  if (input === null) throw new Error('there is no field');
  const write = (text: string): void => {
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    flushSync();
  };
  const save = (): void => document.querySelector('form')?.requestSubmit();
  const count = (times: number) => vi.waitFor(() => expect(saved).toHaveLength(times));
  write('739185');
  save();
  save();
  await count(1);
  write('847263');
  save();
  saved[0]?.answer();
  await count(2);
  flushSync();
  expect([input.value, document.body.textContent.includes(m.secret_code_saved())]).toEqual(['847263', false]);
  saved[1]?.answer();
  await vi.waitFor(() => {
    flushSync();
    expect(document.body.textContent).toContain(m.secret_code_saved());
  });
  expect([input.value, saved.map(({ code }) => code)]).toEqual(['', ['739185', '847263']]);
});
