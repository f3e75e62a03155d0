import { callId } from '@perch/shared';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Workbox } from '../support/fake-service-worker.ts';
import { runSystemErrands } from './system-errands.svelte.ts';

const reload = vi.fn<() => void>();
const badges: number[] = [];
let isLocked = false;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('DEV', false);
  history.replaceState(null, '', '/phone/101');
  vi.stubGlobal('location', { reload, hash: '', pathname: '/phone/101' });
  vi.stubGlobal('navigator', {
    serviceWorker: Object.assign(new EventTarget(), {
      getRegistration: () => Promise.resolve({ active: {}, getNotifications: () => Promise.resolve([]) }),
    }),
    setAppBadge: (count: number) => Promise.resolve(void badges.push(count)),
    wakeLock: {
      request: () => {
        isLocked = true;
        return Promise.resolve({ release: () => Promise.resolve(void (isLocked = false)) });
      },
    },
  });
  reload.mockClear();
  badges.length = 0;
  Workbox.registered.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

type Phone = Parameters<typeof runSystemErrands>[0];

function phoneOf() {
  const state = $state({
    focused: null as object | null,
    missed: 0,
    newMessages: 0,
    dialled: '',
    hidden: false,
    waiting: [] as readonly object[],
    notifies: false,
  });
  const phone = {
    faults: { report: (_kind: string, error: unknown) => expect.fail(String(error)) },
    calls: {
      get focused() {
        return state.focused;
      },
      talking: null,
      ringing: null,
      get waiting() {
        return state.waiting;
      },
    },
    dialText: {
      get value() {
        return state.dialled;
      },
    },
    page: { wouldLose: false, reload },
    own: {
      get missed() {
        return state.missed;
      },
    },
    word: {
      owner: { number: '101', name: 'Ada' },
      get newMessages() {
        return state.newMessages;
      },
    },
    connection: { isRegistered: false, number: '101' },
    settings: { notifies: () => state.notifies },
    partyOf: () => ({ number: '102', name: 'Ben' }),
    calleeOf: () => null,
    speaker: null,
  };
  const end = runSystemErrands(phone as unknown as Phone, { isHidden: () => state.hidden, isStation: false });
  return { state, end };
}

async function waiting(): Promise<Workbox> {
  await vi.advanceTimersByTimeAsync(5_000);
  const worker = Workbox.registered[0];
  if (worker === undefined) throw new Error('no worker was registered');
  worker.happen('waiting');
  return worker;
}

test('an update waits for the end of a call, and of what is being dialled', async () => {
  const { state, end } = phoneOf();
  state.focused = {};
  const worker = await waiting();
  flushSync();
  expect(worker.skippedWaiting).toBe(0);
  state.dialled = '10';
  state.focused = null;
  flushSync();
  expect(worker.skippedWaiting).toBe(0);
  state.dialled = '';
  flushSync();
  expect(worker.skippedWaiting).toBe(1);
  worker.happen('controlling');
  flushSync();
  expect(reload).toHaveBeenCalledOnce();
  end();
});

test('one that another page has let in does not reload this one in a call either', async () => {
  const { state, end } = phoneOf();
  state.focused = {};
  const worker = await waiting();
  worker.happen('controlling');
  flushSync();
  expect(reload).not.toHaveBeenCalled();
  state.focused = null;
  flushSync();
  expect(reload).toHaveBeenCalledOnce();
  end();
});

test('the icon counts missed calls and new messages', () => {
  const { state, end } = phoneOf();
  flushSync();
  state.missed = 2;
  state.newMessages = 1;
  flushSync();
  state.missed = 0;
  flushSync();
  expect(badges).toEqual([0, 3, 1]);
  end();
});

test('the screen stays on in a call', async () => {
  const { state, end } = phoneOf();
  flushSync();
  expect(isLocked).toBe(false);
  state.focused = {};
  flushSync();
  expect(isLocked).toBe(true);
  state.focused = null;
  flushSync();
  await vi.advanceTimersByTimeAsync(0);
  expect(isLocked).toBe(false);
  end();
});

/** What is shown beside the page. */
function beside() {
  const titles: string[] = [];
  const registration = {
    getNotifications: () => Promise.resolve([]),
    showNotification: (title: string) => Promise.resolve(void titles.push(title)),
  };
  const serviceWorker = Object.assign(new EventTarget(), {
    getRegistration: () => Promise.resolve(registration),
  });
  vi.stubGlobal('navigator', { ...navigator, serviceWorker });
  vi.stubGlobal('Notification', { permission: 'granted' });
  return titles;
}
const ringing = { id: callId('one'), direction: 'incoming', answered: false, state: { kind: 'offered' } };

test('a call that rings during another one is shown beside a page that nobody sees', async () => {
  const titles = beside();
  const { state, end } = phoneOf();
  Object.assign(state, { notifies: true, focused: {}, waiting: [ringing] });
  flushSync();
  await vi.advanceTimersByTimeAsync(0);
  expect(titles).toEqual([]);
  state.hidden = true;
  flushSync();
  await vi.advanceTimersByTimeAsync(0);
  expect(titles).toEqual(['Ben · 102']);
  end();
});

test('what the small window of a page shows is not shown beside it as well', async () => {
  const titles = beside();
  vi.stubGlobal('documentPictureInPicture', { window });
  const { state, end } = phoneOf();
  Object.assign(state, { notifies: true, focused: {}, waiting: [ringing], hidden: true });
  flushSync();
  await vi.advanceTimersByTimeAsync(0);
  expect(titles).toEqual([]);
  end();
});
