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
    serviceWorker: Object.assign(new EventTarget(), { getRegistration: () => Promise.resolve(undefined) }),
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
  });
  const phone = {
    faults: { report: (_kind: string, error: unknown) => expect.fail(String(error)) },
    calls: {
      get focused() {
        return state.focused;
      },
      talking: null,
      ringing: null,
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
      owner: null,
      get newMessages() {
        return state.newMessages;
      },
    },
    connection: { isRegistered: true, number: '101' },
    settings: { notifies: () => false },
    speaker: null,
  };
  const end = runSystemErrands(phone as unknown as Phone, { isHidden: () => state.hidden, isStation: false });
  return { state, end };
}

async function waiting(): Promise<Workbox> {
  await vi.advanceTimersByTimeAsync(5_000);
  const worker = Workbox.registered[0];
  if (worker === undefined) throw new Error('no worker was registered');
  worker.happen('waiting', true);
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
  worker.happen('controlling', true);
  flushSync();
  expect(reload).toHaveBeenCalledOnce();
  end();
});

test('one that another page has let in does not reload this one in a call either', async () => {
  const { state, end } = phoneOf();
  state.focused = {};
  const worker = await waiting();
  worker.happen('controlling', true);
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
