import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { terminalView } from '../../phone/page/support/test-view.ts';
import type { PageState } from '../../phone/page/page-state.ts';
import type { Notice } from '../page/notices.svelte.ts';
import { type IdlePhone, type IdleScreen, runIdleScreen } from './idle-screen.svelte.ts';

const MINUTE = 60_000;
const GUEST = { kind: 'guest', guest: { number: '101', name: 'Ada' }, since: 0 } as const;
let end: (() => void) | undefined;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  end?.();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A station whose screen rests after five minutes. */
function station() {
  const state = $state({
    page: 'free' as PageState,
    view: terminalView({ kind: 'station' }),
    inCall: false,
    playing: false,
    newMessages: 0,
    notices: [] as Notice[],
    doubted: false,
    minutes: 5,
  });
  const phone: IdlePhone = {
    world: { now: () => Date.now(), fraction: () => 0 },
    faults: { report: (_kind: string, error: unknown) => expect.fail(String(error)) },
    get state() {
      return state.page;
    },
    settings: {
      get values() {
        return { idleMinutes: state.minutes };
      },
    },
    notices: {
      get list() {
        return state.notices;
      },
    } as unknown as IdlePhone['notices'],
    word: {
      get view() {
        return state.view;
      },
      get newMessages() {
        return state.newMessages;
      },
      get doubted() {
        return state.doubted;
      },
      calls: [],
      session: 'owner',
    } as unknown as IdlePhone['word'],
    own: { missed: 0 } as IdlePhone['own'],
    calls: {
      get all() {
        return state.inCall ? [{}] : [];
      },
    } as unknown as IdlePhone['calls'],
    connection: { barred: null },
    mailbox: {
      get playback() {
        return { playing: state.playing };
      },
    } as IdlePhone['mailbox'],
    layers: { shows: () => false },
  };
  let shown: IdleScreen | null = null;
  end = runIdleScreen(phone, (idle) => {
    shown = idle;
    return () => (shown = null);
  });
  flushSync();
  const pass = (ms: number): void => {
    vi.advanceTimersByTime(ms);
    flushSync();
  };
  const happen = (event: Event): void => {
    document.body.dispatchEvent(event);
    flushSync();
  };
  return { state, pass, happen, isShown: () => shown !== null, isSeen: () => shown?.state === 'on' };
}

const pointer = (type: string, movementX = 0) =>
  new PointerEvent(type, { bubbles: true, cancelable: true, movementX });
const key = (name: string) => new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true });

test('it comes five minutes after the last use, again after each', () => {
  const { pass, happen, isShown } = station();
  pass(5 * MINUTE - 1);
  expect(isShown()).toBe(false);
  happen(pointer('pointermove', 3));
  pass(5 * MINUTE - 1);
  expect(isShown()).toBe(false);
  pass(1);
  expect(isShown()).toBe(true);
  happen(key('Escape'));
  expect(isShown()).toBe(false);
  pass(5 * MINUTE);
  expect(isShown()).toBe(true);
});

test('a touch ends it at once, and its click reaches nothing that could not be seen', () => {
  const { pass, happen, isShown, isSeen } = station();
  pass(5 * MINUTE);
  happen(pointer('pointerdown'));
  expect([isSeen(), isShown()]).toEqual([false, true]);
  happen(pointer('click'));
  expect(isShown()).toBe(false);
  pass(5 * MINUTE);
  happen(pointer('pointerdown'));
  pass(400);
  expect(isShown()).toBe(false);
});

test('a key that dials goes on to the page; Enter, which would press something unseen, does not', () => {
  const { pass, happen } = station();
  const heard: string[] = [];
  const hear = ({ key: name }: KeyboardEvent): unknown => heard.push(name);
  document.body.addEventListener('keydown', hear);
  for (const name of ['*', 'Enter', '3']) {
    pass(5 * MINUTE);
    happen(key(name));
  }
  document.body.removeEventListener('keydown', hear);
  expect(heard).toEqual(['*', '3']);
});

test('a pointer that has not moved is nobody’s', () => {
  const { pass, happen, isShown } = station();
  pass(5 * MINUTE);
  happen(pointer('pointermove'));
  expect(isShown()).toBe(true);
});

test.for([
  ['a ring', { page: 'ringing', inCall: true }],
  ['somebody who has come', { page: 'taken', view: terminalView({ kind: 'station', occupancy: GUEST }) }],
  ['the loss of the server', { page: 'offline' }],
  ['a message', { newMessages: 1 }],
  ['a sentence', { notices: [{ id: 1, text: 'Look', tone: 'plain' }] }],
] as const)('%s ends it at once', ([, change]) => {
  const { state, pass, isShown } = station();
  pass(5 * MINUTE);
  Object.assign(state, change);
  flushSync();
  expect(isShown()).toBe(false);
});

test.for([
  ['in a call', { inCall: true }],
  ['at the Center', { page: 'taking-over' }],
  ['while a message is heard', { playing: true }],
  ['before it is known who is here', { doubted: true }],
  ['where it is switched off', { minutes: 0 }],
] as const)('it does not come %s', ([, change]) => {
  const { state, pass, isShown } = station();
  Object.assign(state, change);
  flushSync();
  pass(60 * MINUTE);
  expect(isShown()).toBe(false);
});

test('it comes without a server as well', () => {
  const { state, pass, isShown } = station();
  state.page = 'offline';
  flushSync();
  pass(5 * MINUTE);
  expect(isShown()).toBe(true);
});
