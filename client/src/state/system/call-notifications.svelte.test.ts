import { callId } from '@perch/shared';
import { afterEach, expect, test, vi } from 'vitest';
import { m } from '../../words/messages.svelte.ts';
import { closeNotifications, notifyOf } from './call-notifications.ts';
import { over, ringing } from './notifications.ts';

const about = (phone: string, call: string) => ({
  phone,
  call,
  from: { number: '104', name: 'Dev' },
  callee: null,
});

type Call = Parameters<typeof notifyOf>[1];
interface Shown {
  readonly body: string;
  readonly actions?: readonly { readonly title: string }[];
}

/** A browser with two phones, whose calls are shown. */
function browser() {
  const shown = [
    ringing(about('101', 'c1'), null, m),
    over({ ...about('101', 'c2'), why: 'missed', at: 0 }, m),
    over({ ...about('102', 'c1'), why: 'elsewhere', at: 0 }, m),
  ].map(({ options: { tag, data } }) => ({
    tag,
    data,
    close: () => void open.delete(`${data.phone} ${data.kind}`),
  }));
  const open = new Set(shown.map(({ data }) => `${data.phone} ${data.kind}`));
  const registration = {
    getNotifications: ({ tag }: { readonly tag?: string }) =>
      Promise.resolve(shown.filter((each) => tag === undefined || each.tag === tag)),
  };
  vi.stubGlobal('navigator', {
    serviceWorker: { getRegistration: () => Promise.resolve(registration) },
  });
  return open;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a phone closes what is shown of its calls, of one or of all, and nothing of another phone's in the same browser", async () => {
  const open = browser();
  await closeNotifications('101', callId('c1'));
  expect([...open]).toEqual(['101 missed', '102 taken']);
  await closeNotifications('101');
  expect([...open]).toEqual(['102 taken']);
});

test('a call that rings at a page which nobody sees is shown in the words of the page', async () => {
  const texts: unknown[] = [];
  const registration = {
    getNotifications: () => Promise.resolve([]),
    showNotification: (title: string, { body, actions = [] }: Shown) =>
      Promise.resolve(void texts.push(title, body, ...actions.map((action) => action.title))),
  };
  vi.stubGlobal('navigator', {
    serviceWorker: { getRegistration: () => Promise.resolve(registration) },
  });
  const [ben, ada] = [
    { number: '102', name: 'Ben' },
    { number: '101', name: 'Ada' },
  ];
  const call = { id: callId('c1') } as Call;
  const phone = { connection: { number: '201' }, partyOf: () => ben, calleeOf: () => ada };
  notifyOf({ ...phone, calls: { ringing: call } }, call);
  await vi.waitFor(() => expect(texts).not.toEqual([]));
  expect(texts).toEqual(['Ben · 102', 'Call for Ada · 101', 'Answer', 'Decline']);
});
