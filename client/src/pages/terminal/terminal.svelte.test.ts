import { createRawSnippet, flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { Settings } from '../../state/page/settings.svelte.ts';
import { m } from '../../words/messages.svelte.ts';
import Terminal from './terminal.svelte';

const CODE = 'a-code-of-twenty-characters';
let leave: () => Promise<void>;
afterEach(async () => {
  await leave();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

test('a setup link that got no answer is tried again with the same code, until the server has refused it', async () => {
  const asked: string[] = [];
  let isReached = false;
  vi.stubGlobal('fetch', async (path: string, { body }: { body: string }) => {
    asked.push(`${path} ${body}`);
    if (!isReached) throw new TypeError('Failed to fetch');
    const problem = {
      type: 'about:blank',
      title: 'Gone',
      status: 410,
      detail: 'Used up.',
      code: 'link-invalid',
    };
    return Response.json(problem, { status: 410 });
  });
  history.replaceState(null, '', `/phone#${CODE}`);
  const children = createRawSnippet(() => ({ render: () => '<p></p>' }));
  const props = { kind: 'phone', number: undefined, settings: new Settings(), children } as const;
  const page = mount(Terminal, { target: document.body, props });
  leave = () => unmount(page);
  const again = () =>
    [...document.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === m.try_again());
  await vi.waitFor(() => {
    flushSync();
    expect(document.body.textContent).toContain(m.refusal_unreachable());
  });
  expect(location.hash).toBe('');
  isReached = true;
  again()?.click();
  await vi.waitFor(() => {
    flushSync();
    expect(document.body.textContent).toContain('Used up.');
  });
  expect(asked).toEqual([asked[0], asked[0]]);
  expect(asked[0]).toContain(CODE);
  expect(again()).toBeUndefined();
});
