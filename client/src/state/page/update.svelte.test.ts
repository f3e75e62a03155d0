import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Workbox } from '../support/fake-service-worker.ts';
import { Update } from './update.svelte.ts';

const HOUR_MS = 3_600_000;
const reload = vi.fn<() => void>();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('DEV', false);
  registered(true);
  reload.mockClear();
  Workbox.registered.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

/** Has this browser had a worker before? */
function registered(before: boolean): void {
  const registration = before ? { active: {} } : undefined;
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: () => Promise.resolve(registration) } });
}

async function started(): Promise<{ update: Update; worker: Workbox }> {
  const update = new Update(reload);
  await update.start();
  const worker = Workbox.registered[0];
  if (worker === undefined) throw new Error('no worker was registered');
  return { update, worker };
}

test('the worker is registered once, and only when the page says so', async () => {
  const update = new Update(reload);
  update.apply();
  expect(Workbox.registered).toEqual([]);
  await update.start();
  await update.start();
  expect(Workbox.registered).toHaveLength(1);
});

test('where there are no service workers, and while developing, none is registered', async () => {
  vi.stubEnv('DEV', true);
  await new Update(reload).start();
  vi.stubEnv('DEV', false);
  vi.stubGlobal('navigator', {});
  await new Update(reload).start();
  expect(Workbox.registered).toEqual([]);
});

test('a new version is announced, and loaded when it is asked for', async () => {
  const { update, worker } = await started();
  expect(update.ready).toBe(false);
  worker.happen('waiting');
  expect([update.ready, worker.skippedWaiting]).toEqual([true, 0]);
  update.apply();
  expect([worker.skippedWaiting, reload.mock.calls.length]).toEqual([1, 0]);
  worker.happen('controlling');
  expect(reload).not.toHaveBeenCalled();
  update.apply();
  expect([worker.skippedWaiting, reload.mock.calls.length]).toEqual([1, 1]);
});

test('a version that another page has let in reloads this one only when its own moment has come', async () => {
  const { update, worker } = await started();
  let isInCall = $state(true);
  const stop = $effect.root(() => {
    $effect(() => {
      if (update.ready && !isInCall) update.apply();
    });
  });
  worker.happen('waiting');
  worker.happen('controlling');
  flushSync();
  expect([update.ready, reload.mock.calls.length]).toEqual([true, 0]);
  isInCall = false;
  flushSync();
  expect([worker.skippedWaiting, reload.mock.calls.length]).toEqual([0, 1]);
  stop();
});

test('what brings a new version in goes on to the reload by itself', async () => {
  const { update, worker } = await started();
  const stop = $effect.root(() => {
    $effect(() => {
      if (update.ready) update.apply();
    });
  });
  worker.happen('waiting');
  flushSync();
  expect([worker.skippedWaiting, reload.mock.calls.length]).toEqual([1, 0]);
  worker.happen('controlling');
  flushSync();
  expect([worker.skippedWaiting, reload.mock.calls.length]).toEqual([1, 1]);
  stop();
});

test('the first worker of a browser has the version of the page, which takes the next one', async () => {
  registered(false);
  const { update, worker } = await started();
  worker.happen('controlling');
  expect(update.ready).toBe(false);
  worker.happen('waiting');
  update.apply();
  worker.happen('controlling');
  update.apply();
  expect([worker.skippedWaiting, reload.mock.calls.length]).toEqual([1, 1]);
});

test('a browser that does not say what it has registered has its worker all the same', async () => {
  vi.stubGlobal('navigator', {
    serviceWorker: { getRegistration: () => Promise.reject(new TypeError('refused')) },
  });
  const { worker } = await started();
  expect(worker.skippedWaiting).toBe(0);
});

test('once an hour a new version is looked for, also after a failed attempt', async () => {
  const { worker } = await started();
  await vi.advanceTimersByTimeAsync(HOUR_MS - 1);
  expect(worker.looks).toBe(0);
  await vi.advanceTimersByTimeAsync(1 + HOUR_MS);
  expect(worker.looks).toBe(2);
});
