import { type CallNotice, LANGUAGE_COOKIE } from '@perch/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import de from '../messages/de.json' with { type: 'json' };
import en from '../messages/en.json' with { type: 'json' };
import { followPushedCalls } from './pushed-calls.ts';

const about = {
  ...{ call: 'c1', phone: '101', from: { number: '102', name: 'Ben' } },
  ...{ language: null, organizationLanguage: null },
};
const rings: CallNotice = {
  kind: 'rings',
  ...about,
  ...{ callee: null, ringsFor: 25_000, organization: 'o', word: 'w' },
};
const over = (why: 'missed' | 'elsewhere' | 'moved'): CallNotice => ({ kind: 'over', ...about, why, at: 7 });

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly data: unknown;
  close(): void;
}

/** A worker whose browser has these windows; `status` is what the server answers. */
function worker({
  windows = [] as string[],
  status = 204,
  language = 'en-GB',
  chosen = '',
  badge = undefined as ((count: number) => Promise<void>) | null | undefined,
} = {}) {
  const shown = new Map<string, Shown>();
  const handlers = new Map<string, (event: never) => void>();
  const asked: string[] = [];
  const failures: unknown[] = [];
  let pending = 0;
  const self = {
    addEventListener: (name: string, handle: (event: never) => void) => void handlers.set(name, handle),
    navigator:
      badge === null
        ? {}
        : { setAppBadge: badge ?? (async (count: number) => void asked.push(`badge ${count}`)) },
    registration: {
      showNotification: async (
        title: string,
        { tag, body, data }: { tag: string; body: string; data: unknown },
      ) => {
        shown.set(tag, { title, body, tag, data, close: () => void shown.delete(tag) });
      },
      getNotifications: async ({ tag }: { tag?: string } = {}) =>
        [...shown.values()].filter((each) => tag === undefined || each.tag === tag),
    },
    clients: {
      matchAll: async () =>
        windows.map((url) => ({
          url,
          postMessage: (message: object) => void asked.push(`tell ${url} ${JSON.stringify(message)}`),
          focus: async () => void asked.push(`focus ${url}`),
        })),
      openWindow: async (url: string) => void asked.push(`open ${url}`),
    },
  };
  vi.stubGlobal('fetch', (path: string, { body }: { body: string }) => {
    asked.push(`${path} ${body}`);
    return status === 0
      ? Promise.reject(new TypeError('no network'))
      : Promise.resolve(new Response(null, { status }));
  });
  vi.stubGlobal('navigator', { languages: [language] });
  vi.stubGlobal('cookieStore', {
    get: (name: string) =>
      Promise.resolve(name === LANGUAGE_COOKIE && chosen !== '' ? { value: chosen } : null),
  });
  vi.stubGlobal('NOTIFICATION_WORDS', { en, de });
  followPushedCalls(self as unknown as ServiceWorkerGlobalScope);
  const happen = async (name: string, event: object): Promise<void> => {
    handlers.get(name)?.({
      ...event,
      waitUntil: (done: Promise<unknown>) => {
        pending += 1;
        void done.catch((error: unknown) => failures.push(error)).finally(() => (pending -= 1));
      },
    } as never);
    await vi.advanceTimersByTimeAsync(0);
  };
  return {
    asked,
    /** Of what it has promised to do. */
    failures,
    /** Does the browser keep it alive? */
    isKept: () => pending > 0,
    shown: () => [...shown.values()].map(({ title, body }) => `${title}: ${body}`),
    push: (notice: unknown) => happen('push', { data: { json: () => notice } }),
    /** What the worker says to the page of that phone, which asks. */
    ask: (phone: string) => {
      const said: unknown[] = [];
      const source = { postMessage: (message: unknown) => void said.push(message) };
      for (const data of [null, 'text', { type: 'SKIP_WAITING' }, { type: 'WISH', phone }])
        handlers.get('message')?.({ data, source } as never);
      return said;
    },
    click: async (action: string) => {
      const [notification] = shown.values();
      await happen('notificationclick', { notification, action });
    },
    touch: (notification: object) => happen('notificationclick', { notification, action: '' }),
  };
}

const answer = (says: string): string => `/api/push/answer {"organization":"o","word":"w","says":"${says}"}`;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a call is shown, and the server is told that a person can see it', async () => {
  const { push, shown, asked } = worker();
  await push(rings);
  expect(shown()).toEqual(['Ben · 102: Incoming call']);
  expect(asked).toEqual([answer('ringing')]);
});

test("it is said in the browser's language", async () => {
  const { push, shown } = worker({ language: 'de-AT' });
  await push(rings);
  expect(shown()).toEqual([`Ben · 102: ${de.incoming_call}`]);
});

test('it is said in the language that was chosen in this browser, where the worker can see it', async () => {
  const { push, shown } = worker({ language: 'en-GB', chosen: 'de' });
  await push(rings);
  expect(shown()).toEqual([`Ben · 102: ${de.incoming_call}`]);
  vi.stubGlobal('cookieStore', undefined);
  await push({ ...rings, call: 'c2' });
  expect(shown()[1]).toBe(`Ben · 102: ${en.incoming_call}`);
});

test('it is said in the language of the person for whom it rings, before that of the browser and of its pages', async () => {
  const { push, shown } = worker({ language: 'en-GB', chosen: 'en' });
  await push({ ...rings, language: 'de' });
  expect(shown()).toEqual([`Ben · 102: ${de.incoming_call}`]);
  await push({ ...over('missed'), language: 'de' });
  expect(shown()).toEqual([`Ben · 102: ${de.call_missed}`]);
});

test('what a call has become of which nothing more is heard is said in the same language', async () => {
  const { push, shown } = worker();
  await push({ ...rings, language: 'de' });
  await vi.advanceTimersByTimeAsync(25_000);
  expect(shown()).toEqual([`Ben · 102: ${de.call_rang_out}`]);
});

test("where nobody has chosen one, it is the organization's", async () => {
  const { push, shown } = worker({ language: 'en-GB' });
  await push({ ...rings, organizationLanguage: 'de' });
  const chosen = worker({ language: 'de', chosen: 'en' });
  await chosen.push({ ...rings, organizationLanguage: 'de' });
  expect([shown(), chosen.shown()]).toEqual([
    [`Ben · 102: ${de.incoming_call}`],
    [`Ben · 102: ${en.incoming_call}`],
  ]);
});

test('a message of an older server, and one in a language of a newer one, are shown', async () => {
  const { push, shown } = worker({ language: 'de-AT' });
  const { language: _, organizationLanguage: __, ...older } = rings;
  await push(older);
  await push({ ...rings, call: 'c2', language: 'tlh', organizationLanguage: 'tlh' });
  expect(shown()).toEqual([`Ben · 102: ${de.incoming_call}`, `Ben · 102: ${de.incoming_call}`]);
});

test('a language that this version does not know is not taken for one', async () => {
  const { push, shown } = worker({ language: 'de-AT', chosen: 'tlh' });
  await push(rings);
  expect(shown()).toEqual([`Ben · 102: ${de.incoming_call}`]);
});

test('a browser whose icon counts nothing, or refuses to, shows a missed call all the same', async () => {
  const without = worker({ badge: null });
  await without.push(over('missed'));
  expect(without.shown()).toEqual(['Ben · 102: Missed']);
  const refusing = worker({ badge: () => Promise.reject(new TypeError('not allowed')) });
  await refusing.push(over('missed'));
  expect([refusing.shown(), refusing.failures]).toEqual([['Ben · 102: Missed'], []]);
});

test('a touch on a notification that is none of ours does nothing', async () => {
  const { touch, asked, failures } = worker();
  await touch({ data: null, close: () => undefined });
  expect([asked, failures]).toEqual([[], []]);
});

test('for whom it is, where that is not the owner; a withheld number, and a number without a name', async () => {
  const { push, shown } = worker();
  await push({ ...rings, callee: { number: '104', name: 'Dev' } });
  expect(shown()).toEqual(['Ben · 102: Call for Dev · 104']);
  await push({ ...rings, from: { number: 'anonymous', name: '' } });
  expect(shown()).toEqual(['Number withheld: Incoming call']);
  await push({ ...rings, from: { number: '102', name: '' } });
  expect(shown()).toEqual(['102: Incoming call']);
});

test('a name from right to left does not run into its number, in a title or in a sentence', async () => {
  const { push, shown } = worker();
  const [desk, yael] = [
    { number: '201', name: 'דלפק קבלה 3' },
    { number: '108', name: 'יעל כהן' },
  ];
  await push({ ...rings, from: desk, callee: yael });
  expect(shown()).toEqual(['\u2068דלפק קבלה 3\u2069 · 201: Call for \u2068\u2068יעל כהן\u2069 · 108\u2069']);
});

test('a call that is over by the time the message comes is not shown for long', async () => {
  const { push, shown } = worker({ status: 404 });
  await push(rings);
  expect(shown()).toEqual([]);
});

test.for([204, 0])(
  'nothing more is heard of it (status %i): it rings as long as it may, and then says that it does not',
  async (status) => {
    const { push, click, shown, asked, isKept } = worker({ status });
    await push(rings);
    await vi.advanceTimersByTimeAsync(24_999);
    expect([shown(), isKept()]).toEqual([['Ben · 102: Incoming call'], true]);
    await vi.advanceTimersByTimeAsync(1);
    expect([shown(), isKept()]).toEqual([['Ben · 102: No longer ringing'], false]);
    await click('');
    expect(asked.at(-1)).toBe('open /phone/101');
  },
);

test("a guest's call that has rung out leaves nothing", async () => {
  const { push, shown } = worker();
  await push({ ...rings, callee: { number: '104', name: 'Dev' } });
  await vi.advanceTimersByTimeAsync(25_000);
  expect(shown()).toEqual([]);
});

test('it has ended before the time is up, and stays as it is', async () => {
  const { push, shown } = worker();
  await push(rings);
  await push(over('missed'));
  await vi.advanceTimersByTimeAsync(25_000);
  expect(shown()).toEqual(['Ben · 102: Missed']);
});

test.for(['missed', 'elsewhere', 'moved'] as const)(
  'over (%s): the worker is kept for it no longer',
  async (why) => {
    const { push, isKept } = worker();
    await push(rings);
    expect(isKept()).toBe(true);
    await push(over(why));
    expect(isKept()).toBe(false);
  },
);

test('that it is over comes before the server has said that it rings', async () => {
  const { push, isKept } = worker();
  const ring = push(rings);
  await Promise.all([ring, push(over('moved'))]);
  expect(isKept()).toBe(false);
});

test.for(['answer', 'decline', ''])('touched (%s): the worker is kept for it no longer', async (action) => {
  const { push, click, isKept } = worker();
  await push(rings);
  await click(action);
  expect(isKept()).toBe(false);
});

test('a call that rings once more is waited for once more, and another call beside it as long as it may ring', async () => {
  const { push, isKept } = worker();
  await push(rings);
  await vi.advanceTimersByTimeAsync(20_000);
  await push(rings);
  await push({ ...rings, call: 'c2' });
  await push({ ...over('moved'), call: 'c2' });
  await vi.advanceTimersByTimeAsync(24_999);
  expect(isKept()).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  expect(isKept()).toBe(false);
});

test('of two phones in one browser, what one is told leaves the notification of the other as it is', async () => {
  const { push, shown } = worker();
  await push(rings);
  await push({ ...rings, phone: '103' });
  await push(over('moved'));
  await vi.advanceTimersByTimeAsync(4_000);
  expect(shown()).toEqual(['Ben · 102: Incoming call']);
});

test('what an earlier worker could not end is ended with the next message', async () => {
  const { push, shown } = worker();
  await push(rings);
  vi.clearAllTimers();
  vi.setSystemTime(Date.now() + 60_000);
  await push({ ...over('missed'), call: 'c2' });
  expect(shown()).toEqual(['Ben · 102: No longer ringing', 'Ben · 102: Missed']);
});

test('without a network it is shown all the same: the page may have one by the time it is open', async () => {
  const { push, shown } = worker({ status: 0 });
  await push(rings);
  expect(shown()).toHaveLength(1);
});

test('declined without opening the page', async () => {
  const { push, click, shown, asked } = worker();
  await push(rings);
  await click('decline');
  expect(shown()).toEqual([]);
  expect(asked).toEqual([answer('ringing'), answer('declined')]);
});

test('answered: the page is opened for that and asks what is wanted, once and soon; or is told, and brought to the front', async () => {
  const closed = worker({ windows: ['https://x/phone/102', 'https://x/admin'] });
  await closed.push(rings);
  await closed.click('answer');
  expect(closed.asked.slice(1)).toEqual(['open /phone/101#notification']);
  expect(closed.ask('102')).toEqual([]);
  expect(closed.ask('101')).toEqual([{ wish: { kind: 'answer', call: 'c1' } }]);
  expect(closed.ask('101')).toEqual([]);
  const open = worker({ windows: ['https://x/phone/101', 'https://x/phone/101#a'] });
  await open.push(rings);
  await open.click('answer');
  expect(open.asked.slice(1)).toEqual([
    'tell https://x/phone/101 {"wish":{"kind":"answer","call":"c1"}}',
    'tell https://x/phone/101#a {"wish":{"kind":"answer","call":"c1"}}',
    'focus https://x/phone/101',
  ]);
});

test('a page that comes late is not told to answer', async () => {
  const { push, click, ask } = worker();
  await push(rings);
  await click('answer');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(ask('101')).toEqual([]);
});

test('touched beside its buttons, the page is opened, and rings', async () => {
  const { push, click, ask, asked } = worker();
  await push(rings);
  await click('');
  expect(asked.at(-1)).toBe('open /phone/101');
  expect(ask('101')).toEqual([]);
});

test('missed: it says so instead, quietly, the icon counts it, and a touch opens the phone', async () => {
  const { push, click, shown, asked } = worker();
  await push(rings);
  await push(over('missed'));
  expect(shown()).toEqual(['Ben · 102: Missed']);
  expect(asked.at(-1)).toBe('badge 1');
  await push({ ...over('missed'), call: 'c2' });
  expect(asked.at(-1)).toBe('badge 2');
  await click('');
  expect(asked.at(-1)).toBe('open /phone/101');
});

test.for(['elsewhere', 'moved'] as const)('%s: it says so for a moment, and is gone', async (why) => {
  const { push, shown } = worker();
  await push(rings);
  await push(over(why));
  expect(shown()).toEqual(['Ben · 102: Taken on another phone']);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(shown()).toEqual([]);
});

test.for([null, 'text', { kind: 'other' }, { ...rings, word: 7 }])(
  'a message that says nothing: %j',
  async (notice) => {
    const { push, shown, asked } = worker();
    await push(notice);
    expect([shown(), asked]).toEqual([[], []]);
  },
);
