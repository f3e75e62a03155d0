import { afterEach, beforeEach, expect, test } from 'vitest';
import { Sleep } from './sleep.ts';

let now: number;
let told: string[];
let sleep: Sleep;
beforeEach(() => {
  now = 1_000_000;
  told = [];
  sleep = new Sleep(
    { now: () => now },
    {
      onFrozen: () => void told.push('frozen'),
      onAwake: () => void told.push('awake'),
    },
  );
});
afterEach(() => sleep.close());

const happens = (target: EventTarget, name: string) => target.dispatchEvent(new Event(name));

test('a page is frozen and runs again', () => {
  happens(document, 'freeze');
  happens(document, 'resume');
  expect(told).toEqual(['frozen', 'awake']);
});

test.for([
  ['a timer or a message', () => sleep.ran()],
  ['the tab is looked at', () => happens(document, 'visibilitychange')],
  ['the window has the focus', () => happens(window, 'focus')],
] as const)('a computer that slept is noticed when the script runs next: %s', ([, runs]) => {
  now += 12_000;
  runs();
  runs();
  expect(told).toEqual(['awake']);
});

test('a page in the background, which hears the server every 5 s, is not asleep', () => {
  for (let heard = 0; heard < 60; heard++) {
    now += 5_500;
    expect(sleep.ran()).toBe(false);
  }
  expect(told).toEqual([]);
});

test('after freezing, the first message is not taken for another sleep', () => {
  now += 60_000;
  happens(document, 'resume');
  expect([sleep.ran(), told]).toEqual([false, ['awake']]);
});

test('once closed, it no longer listens', () => {
  sleep.close();
  now += 12_000;
  happens(document, 'freeze');
  happens(document, 'resume');
  happens(window, 'focus');
  expect(told).toEqual([]);
});
