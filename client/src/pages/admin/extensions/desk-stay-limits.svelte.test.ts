import type { ExtensionView } from '@perch/shared';
import { flushSync, mount, unmount } from 'svelte';
import { expect, test, vi } from 'vitest';
import { m } from '../../../words/messages.svelte.ts';
import DeskStayLimits from './desk-stay-limits.svelte';
import { DESK } from './support/test-desk.ts';

test('a desk without limits of its own says that those of the organization count, not that there is none', () => {
  const target = document.createElement('div');
  const extension = { number: '201', stayLimits: null } as ExtensionView;
  const card = mount(DeskStayLimits, { target, props: { extension } });
  const chosen = Array.from(
    target.querySelectorAll('select'),
    ({ selectedOptions: [option] }) => option?.text,
  );
  expect(chosen).toEqual(['Same as the organization', 'Same as the organization']);
  void unmount(card);
});

test('a limit that is chosen while another one is being saved stays chosen, and is not said to be saved', async () => {
  let answer: (response: Response) => void = () => undefined;
  const asked: unknown[] = [];
  vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
    asked.push(JSON.parse(body));
    return new Promise<Response>((resolve) => (answer = resolve));
  });
  const card = mount(DeskStayLimits, { target: document.body, props: { extension: DESK } });
  const [longest, idle] = document.querySelectorAll('select');
  const choose = (field: HTMLSelectElement | undefined, minutes: string): void => {
    if (field === undefined) throw new Error('there is no field');
    field.value = minutes;
    field.dispatchEvent(new Event('change', { bubbles: true }));
    flushSync();
  };
  choose(longest, '240');
  document.querySelector('form')?.requestSubmit();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  choose(idle, '30');
  answer(Response.json(DESK));
  await vi.waitFor(() => {
    flushSync();
    expect(document.querySelector('[aria-busy="true"]')).toBeNull();
  });
  expect([longest?.value, idle?.value, document.body.textContent.includes(m.saved())]).toEqual([
    '240',
    '30',
    false,
  ]);
  await unmount(card);
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});
