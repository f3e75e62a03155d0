import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { m } from '../../../words/messages.svelte.ts';
import ExtensionLabel from './extension-label.svelte';
import { DESK } from './support/test-desk.ts';

let leave: () => Promise<void>;
afterEach(async () => {
  await leave();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

test('what is written while another text is being saved stays, is saved with the next press, and only then said to be', async () => {
  const asked: { readonly body: unknown; readonly answer: () => void }[] = [];
  vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    asked.push({ body: JSON.parse(body), answer: () => resolve(Response.json(DESK)) });
    return promise;
  });
  const form = mount(ExtensionLabel, { target: document.body, props: { extension: DESK, field: 'group' } });
  leave = () => unmount(form);
  const input = document.querySelector('input');
  if (input === null) throw new Error('there is no field');
  const write = (text: string): void => {
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    flushSync();
  };
  const save = (): void => document.querySelector('form')?.requestSubmit();
  const idle = () =>
    vi.waitFor(() => {
      flushSync();
      expect(document.querySelector('[aria-busy="true"]')).toBeNull();
    });
  write('North');
  save();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  write('South');
  save();
  asked[0]?.answer();
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  flushSync();
  expect([input.value, document.body.textContent.includes(m.group_saved())]).toEqual(['South', false]);
  asked[1]?.answer();
  await idle();
  expect(asked.map(({ body }) => body)).toEqual([{ group: 'North' }, { group: 'South' }]);
  await vi.waitFor(() => {
    flushSync();
    expect(document.body.textContent).toContain(m.group_saved());
  });
});
