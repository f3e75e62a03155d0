// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { serviceWorker as worker } from './fake-service-worker.ts';
import { Update } from './update.svelte.ts';

const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
  worker.registered.length = worker.applied.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

test('the worker is registered once, and only when the page says so', () => {
  const update = new Update();
  update.apply();
  expect([worker.registered, worker.applied]).toEqual([[], []]);
  update.start();
  update.start();
  expect(worker.registered).toHaveLength(1);
});

test('a new version is told of, and brought in with a reload when it is asked for', () => {
  const update = new Update();
  update.start();
  expect(update.ready).toBe(false);
  worker.registered[0]?.onNeedRefresh();
  expect([update.ready, worker.applied]).toEqual([true, []]);
  update.apply();
  expect(worker.applied).toEqual([true]);
});

test('once an hour it is looked for, also after a look that failed', async () => {
  const update = new Update();
  update.start();
  let looks = 0;
  worker.registered[0]?.onRegisteredSW('sw.js', {
    update: () => {
      looks++;
      return Promise.reject(new TypeError('no network'));
    },
  });
  await vi.advanceTimersByTimeAsync(HOUR_MS - 1);
  expect(looks).toBe(0);
  await vi.advanceTimersByTimeAsync(1 + HOUR_MS);
  expect(looks).toBe(2);
});
