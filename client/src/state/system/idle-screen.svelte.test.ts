import type { OwnLine, TerminalView, TopicEvent } from '@perch/shared';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Health } from '../../phone/line/health.ts';
import type { PageState } from '../../phone/page/page-state.ts';
import { terminalView } from '../../phone/page/support/test-view.ts';
import type { ActiveCall } from '../calls/active-call.svelte.ts';
import { OwnThings } from '../line/own-things.svelte.ts';
import { ServerWord } from '../line/server-word.svelte.ts';
import { Layers } from '../page/layers.svelte.ts';
import { type Notice, Notices } from '../page/notices.svelte.ts';
import { callView } from '../support/test-calls.ts';
import { type IdlePhone, type IdleScreen, runIdleScreen } from './idle-screen.svelte.ts';

const MINUTE = 60_000;
const OWN: OwnLine = { number: '101', missed: 1, latest: null, favourites: [] };
const MISSED: TopicEvent = { kind: 'snapshot', topic: 'own', epoch: 'one', sequence: 1, lines: [OWN] };
const LOOK: Notice = { id: 1, text: 'Look', tone: 'plain' };
const ENDS = { limit: 'longest', at: 900_000, canExtend: true, waitsForCall: false } as const;
const CHANGE = {
  ...{ at: 1, until: 60_000, canUndo: true, byManagement: false },
  ...{ limit: null, consequences: [] },
};
let end: (() => void) | undefined;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  end?.();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const guest = (number: string, name: string) =>
  ({ kind: 'guest', guest: { number, name }, since: 0 }) as const;

/** What a test changes about the phone. */
interface Changeable {
  page: PageState;
  inCall: boolean;
  playing: boolean;
  take: IdlePhone['mailbox']['greeting']['take'];
  health: Health['kind'];
  barred: IdlePhone['connection']['barred'];
  minutes: number;
}

/** A station whose screen rests after five minutes. */
function station() {
  const state: Changeable = $state({
    page: 'free',
    inCall: false,
    playing: false,
    take: 'none',
    health: 'ready',
    barred: null,
    minutes: 5,
  });
  const world = { now: () => Date.now(), fraction: () => 0 };
  const word = new ServerWord(world, () => undefined);
  const [own, notices] = [new OwnThings(), new Notices()];
  const layers = new Layers({
    taken: () => null,
    isUnfinished: () => false,
    onClosed: () => undefined,
    onGaveWay: () => undefined,
  });
  const tell = (changes: Partial<TerminalView>): void => {
    word.view = terminalView({ kind: 'station', ...word.view, ...changes });
  };
  tell({});
  const phone: IdlePhone = {
    world,
    word,
    own,
    notices,
    layers,
    faults: { report: (_kind: string, error: unknown) => expect.fail(String(error)) },
    get state() {
      return state.page;
    },
    settings: {
      get values() {
        return { idleMinutes: state.minutes };
      },
    },
    calls: {
      get all() {
        return state.inCall ? [{} as ActiveCall] : [];
      },
    },
    connection: {
      get barred() {
        return state.barred;
      },
      get health() {
        return { kind: state.health, age: Date.now() } as Health;
      },
    },
    mailbox: {
      get playback() {
        return { playing: state.playing };
      },
      get greeting() {
        return { take: state.take };
      },
    },
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
  const change = (what: (station: Station) => unknown): void => {
    what({ state, word, own, notices, layers, tell });
    flushSync();
  };
  return { change, pass, happen, isShown: () => shown !== null, isSeen: () => shown?.state === 'on' };
}

interface Station {
  readonly state: Changeable;
  readonly word: ServerWord;
  readonly own: OwnThings;
  readonly notices: Notices;
  readonly layers: Layers;
  /** The server says that this is different about the terminal. */
  readonly tell: (changes: Partial<TerminalView>) => void;
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
  happen(pointer('pointerup'));
  happen(pointer('click'));
  expect(isShown()).toBe(false);
});

test.for([
  ['moves by a pixel', () => pointer('pointermove', 1)],
  ['comes with a key', () => key('3')],
  ['turns the wheel', () => new WheelEvent('wheel', { bubbles: true, cancelable: true })],
] as const)('a finger that %s does not end it before its click', ([, also]) => {
  const { pass, happen, isShown } = station();
  pass(5 * MINUTE);
  for (const event of [pointer('pointerdown'), also(), pointer('pointerup'), also()]) {
    happen(event);
    expect(isShown()).toBe(true);
  }
  happen(pointer('click'));
  expect(isShown()).toBe(false);
});

test.for(['pointerup', 'pointercancel'])('it waits for the click until 400 ms after a %s', (type) => {
  const { pass, happen, isShown } = station();
  pass(5 * MINUTE);
  happen(pointer('pointerdown'));
  pass(2_000);
  happen(pointer(type));
  pass(399);
  expect(isShown()).toBe(true);
  pass(1);
  expect(isShown()).toBe(false);
  pass(5 * MINUTE);
  expect(isShown()).toBe(true);
});

test('a finger that was there before it came still has its click', () => {
  const { pass, happen, isSeen, isShown } = station();
  happen(pointer('pointerdown'));
  pass(5 * MINUTE);
  happen(pointer('pointerup'));
  expect([isSeen(), isShown()]).toEqual([false, true]);
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

test('Enter presses nothing that could not be seen', () => {
  const { pass, happen } = station();
  pass(5 * MINUTE);
  const enter = key('Enter');
  happen(enter);
  expect(enter.defaultPrevented).toBe(true);
});

test('turning the wheel ends it', () => {
  const { pass, happen, isShown } = station();
  pass(5 * MINUTE);
  happen(new WheelEvent('wheel', { bubbles: true }));
  expect(isShown()).toBe(false);
});

test('it listens to nothing any more once it is over', () => {
  const heard = new Map<string, number>();
  const count = (by: number) => (type: string) => void heard.set(type, (heard.get(type) ?? 0) + by);
  const add = vi.spyOn(window, 'addEventListener').mockImplementation(count(1));
  const remove = vi.spyOn(window, 'removeEventListener').mockImplementation(count(-1));
  station();
  expect(heard.size).toBeGreaterThan(0);
  end?.();
  expect([...heard.values()].filter((left) => left !== 0)).toEqual([]);
  for (const spy of [add, remove]) spy.mockRestore();
});

test('a pointer that has not moved is nobody’s', () => {
  const { pass, happen, isShown } = station();
  pass(5 * MINUTE);
  happen(pointer('pointermove'));
  expect(isShown()).toBe(true);
});

test.for<[string, (station: Station) => unknown]>([
  ['a ring', ({ state }) => Object.assign(state, { page: 'ringing', inCall: true })],
  ['a call that another page of the station has', ({ word }) => (word.calls = [callView('there')])],
  ['a call parked from here', ({ word }) => (word.calls = [callView('one', { here: 'left', parked: '3' })])],
  ['somebody who has come', ({ tell }) => tell({ occupancy: guest('101', 'Ada') })],
  ['the loss of the server', ({ state }) => (state.health = 'offline')],
  ['the loss of the registration', ({ state }) => (state.health = 'unregistered')],
  ['a station that is let in no more', ({ state }) => (state.barred = 'revoked')],
  ['a message', ({ word }) => (word.lamp = { extension: '101', counts: { new: 1, heard: 0 } })],
  ['a missed call', ({ own }) => own.topic.hear(MISSED)],
  ['a sentence', ({ notices }) => Object.assign(notices, { list: [LOOK] })],
  ['the settings', ({ layers }) => layers.open('settings')],
  ['the list of keys', ({ layers }) => layers.open('shortcuts')],
  ['the code for a phone', ({ layers }) => layers.open('station-code')],
  ['Do not disturb', ({ tell }) => tell({ doNotDisturb: true })],
  ['a diversion', ({ tell }) => tell({ forwards: { ...terminalView().forwards, always: '102' } })],
  ['the warning that a stay ends', ({ tell }) => tell({ stayEnds: ENDS })],
  ['a stay that a limit has ended', ({ tell }) => tell({ stayEnded: { limit: 'idle', at: 1 } })],
  ['a change that can be undone', ({ tell }) => tell({ recentChange: CHANGE })],
  ['another name of the desk', ({ tell }) => tell({ owner: { number: '101', name: 'Reception' } })],
])('%s ends it at once', ([, what]) => {
  const { change, pass, isShown } = station();
  pass(5 * MINUTE);
  expect(isShown()).toBe(true);
  change(what);
  expect(isShown()).toBe(false);
});

test('another guest in place of the one before ends it at once', () => {
  const { change, pass, isShown } = station();
  change(({ state, tell }) => {
    state.page = 'taken';
    tell({ occupancy: guest('101', 'Ada') });
  });
  pass(5 * MINUTE);
  expect(isShown()).toBe(true);
  change(({ tell }) => tell({ occupancy: guest('102', 'Ben') }));
  expect(isShown()).toBe(false);
});

test.for<[string, (station: Station) => unknown]>([
  ['in a call', ({ state }) => (state.inCall = true)],
  ['while another page of the station is in a call', ({ word }) => (word.calls = [callView('there')])],
  ['at the Center', ({ state }) => (state.page = 'taking-over')],
  ['while a message is heard', ({ state }) => (state.playing = true)],
  ['while a greeting is recorded', ({ state }) => (state.take = 'recording')],
  ['before it is known who is here', ({ word }) => (word.doubted = true)],
  ['before the server has said a word', ({ word }) => (word.view = null)],
  ['where the station is let in no more', ({ state }) => (state.barred = 'suspended')],
  ['where it is switched off', ({ state }) => (state.minutes = 0)],
])('it does not come %s', ([, what]) => {
  const { change, pass, isShown } = station();
  change(what);
  pass(60 * MINUTE);
  expect(isShown()).toBe(false);
});

test.for(['offline', 'unregistered'] as const)('it comes as well to a station that is %s', (kind) => {
  const { change, pass, isShown } = station();
  change(({ state }) => (state.health = kind));
  pass(5 * MINUTE);
  expect(isShown()).toBe(true);
});
