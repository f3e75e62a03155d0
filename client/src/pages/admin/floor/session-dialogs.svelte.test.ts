import type { FloorLine } from '@perch/shared';
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { m } from '../../../words/messages.svelte.ts';
import { DESK } from '../extensions/support/test-desk.ts';
import SessionDialogs from './session-dialogs.svelte';
import type { Wish } from './wish.ts';

let leave: () => Promise<void>;
afterEach(async () => {
  await leave();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

const end = (number: string): Wish => ({
  what: 'end',
  who: { number, name: '' },
  at: { number: '201', name: 'Front desk' },
});

/** The dialogs as the floor shows them; the test answers what the server is asked. */
function open() {
  const asked: { readonly path: string; readonly answer: (status: number) => void }[] = [];
  vi.stubGlobal('fetch', (path: string) => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const answer = (status: number): void => {
      const problem = { type: 'about:blank', title: 'No', status, detail: 'Not now.', code: 'calls-busy' };
      resolve(Response.json(status === 200 ? DESK : problem, { status }));
    };
    asked.push({ path, answer });
    return promise;
  });
  const over: Wish[] = [];
  const terminals: readonly FloorLine[] = [];
  const props = $state({
    wish: undefined as Wish | undefined,
    terminals,
    ondone: (wish: Wish) => void over.push(wish),
  });
  const dialogs = mount(SessionDialogs, { target: document.body, props });
  leave = () => unmount(dialogs);
  const wish = (next: Wish | undefined): void => {
    props.wish = next;
    flushSync();
  };
  const press = async (label: string): Promise<void> => {
    const named = () =>
      [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === label);
    await vi.waitFor(() => expect(named()).toBeDefined());
    named()?.click();
    flushSync();
  };
  const alerts = (): string[] =>
    [...document.querySelectorAll('[role="alert"]')].map((one) => one.textContent);
  return { asked, over, wish, press, alerts };
}

test('the answer to one wish ends that wish: the next one is asked by itself, and hears of its own refusal only', async () => {
  const { asked, over, wish, press, alerts } = open();
  const [first, second] = [end('101'), end('102')];
  wish(first);
  await press(m.end_session());
  wish(undefined);
  wish(second);
  await press(m.end_session());
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(asked.map(({ path }) => path.includes('101'))).toEqual([true, false]);
  asked[0]?.answer(200);
  await vi.waitFor(() => expect(over).toEqual([first]));
  asked[1]?.answer(409);
  await vi.waitFor(() => {
    flushSync();
    expect(alerts()).toEqual(['Not now.']);
  });
  expect(over).toEqual([first]);
});

test('what is refused once its dialog is closed is said on the page, until something else is asked for', async () => {
  const { asked, wish, press, alerts } = open();
  wish(end('101'));
  await press(m.end_session());
  wish(undefined);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  asked[0]?.answer(409);
  await vi.waitFor(() => {
    flushSync();
    expect(alerts()).toEqual(['Not now.']);
  });
  wish(end('102'));
  expect(alerts()).toEqual([]);
  wish(undefined);
  expect(alerts()).toEqual([]);
});
