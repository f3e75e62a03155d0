import { type ExtensionView, NO_FORWARDS } from '@perch/shared';
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import ExtensionCalls from './extension-calls.svelte';
import { DESK } from './support/test-desk.ts';

const mounted: ReturnType<typeof mount>[] = [];
afterEach(() => {
  for (const each of mounted.splice(0)) void unmount(each);
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

/** The fieldset of a desk; what the server is asked is answered so. */
function open(answer: () => Response) {
  const asked: { path: string; body: unknown }[] = [];
  vi.stubGlobal('fetch', async (path: string, { body }: { body: string }) => {
    asked.push({ path, body: JSON.parse(body) as unknown });
    return answer();
  });
  const forwards = { ...NO_FORWARDS, unanswered: { to: '101', seconds: 20 } };
  const extension: ExtensionView = { ...DESK, forwards };
  mounted.push(mount(ExtensionCalls, { target: document.body, props: { extension } }));
  const field = (label: string): HTMLInputElement => {
    const named = [...document.querySelectorAll('label')].find(
      ({ textContent }) => textContent.trim() === label,
    );
    return document.getElementById(named?.htmlFor ?? '') as HTMLInputElement;
  };
  const write = (label: string, text: string): void => {
    field(label).value = text;
    field(label).dispatchEvent(new Event('input', { bubbles: true }));
    flushSync();
  };
  const save = async (): Promise<void> => {
    document.querySelector('form')?.requestSubmit();
    await vi.waitFor(() => expect(asked).not.toEqual([]));
    await vi.waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
    flushSync();
  };
  return { asked, field, write, save };
}

test('an administrator sets where the calls of a desk go on', async () => {
  const { asked, field, write, save } = open(() => Response.json(DESK));
  expect(field('Unanswered, forward to').value).toBe('101');
  expect(field('after (seconds)').value).toBe('20');
  write('When no phone can ring, forward to', '1 02');
  await save();
  const forwards = {
    ...{ always: null, busy: null },
    ...{ unanswered: { to: '101', seconds: 20 }, unreachable: '102' },
  };
  expect(asked).toEqual([{ path: '/api/extensions/201', body: { forwards } }]);
  expect(document.querySelector('[role="status"]')?.textContent).toBe('Saved: this holds for the next call.');
  expect(field('When no phone can ring, forward to').value).toBe('102');
});

test('what is written while it is being saved stays, and is not said to be saved', async () => {
  let answer: (response: Response) => void = () => undefined;
  const { asked, field, write } = open(
    () => new Promise<Response>((resolve) => (answer = resolve)) as unknown as Response,
  );
  write('Always forward to', '101');
  document.querySelector('form')?.requestSubmit();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  write('In a call, forward to', '102');
  answer(Response.json(DESK));
  await vi.waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
  flushSync();
  expect([field('Always forward to').value, field('In a call, forward to').value]).toEqual(['101', '102']);
  expect(document.querySelector('[role="status"]')?.textContent).toBe('');
});

test('what is wrong with a number stands at its field, and what was written stays', async () => {
  const message = 'Enter the number of an extension.';
  const { field, write, save } = open(() =>
    Response.json(
      {
        ...{ type: 'about:blank', title: 'Bad Request', status: 400, code: 'invalid-request' },
        ...{ detail: message, errors: [{ field: 'forwards.busy', message }] },
      },
      { status: 400 },
    ),
  );
  write('In a call, forward to', '1');
  await save();
  const busy = field('In a call, forward to');
  expect(busy.value).toBe('1');
  const described = (busy.getAttribute('aria-describedby') ?? '').split(' ');
  expect(described.map((id) => document.getElementById(id)?.textContent.trim())).toContain(message);
});

test('do not disturb is one switch', async () => {
  const { asked } = open(() => Response.json(DESK));
  document.querySelector<HTMLElement>('[role="switch"]')?.click();
  await vi.waitFor(() =>
    expect(asked).toEqual([{ path: '/api/extensions/201', body: { doNotDisturb: true } }]),
  );
});
