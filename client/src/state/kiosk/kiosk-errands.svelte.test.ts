import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type KioskPhone, runKiosk } from './kiosk-errands.svelte.ts';

/** What a browser does that has full screen. */
const screen = { enabled: true, refuses: false, full: false, held: [] as readonly (readonly string[])[] };
const display = Object.assign(new EventTarget(), { matches: false });

function fill(full: boolean): void {
  screen.full = full;
  document.dispatchEvent(new Event('fullscreenchange'));
}

beforeEach(() => {
  Object.assign(screen, { enabled: true, refuses: false, full: false, held: [] });
  display.matches = false;
  vi.stubGlobal('matchMedia', () => display);
  const lock = async (keys: readonly string[]): Promise<void> => void (screen.held = [...screen.held, keys]);
  vi.stubGlobal('navigator', { keyboard: { lock } });
  Object.defineProperty(document, 'fullscreenEnabled', { configurable: true, get: () => screen.enabled });
  Object.defineProperty(document, 'fullscreenElement', {
    configurable: true,
    get: () => (screen.full ? document.documentElement : null),
  });
  document.documentElement.requestFullscreen = async () => {
    if (screen.refuses) throw new TypeError('not now');
    fill(true);
  };
});

let end: () => void;
afterEach(() => {
  end();
  vi.unstubAllGlobals();
});

function station({ said = true as boolean | undefined, isLocked = true } = {}) {
  const state = $state({ calls: 0, isLocked, kiosk: false, covers: 0, said });
  const phone = {
    faults: { report: (_part: string, error: unknown) => expect.fail(String(error)) },
    word: {
      get view() {
        return state.said === undefined ? null : { kiosk: state.said };
      },
    },
    calls: {
      get all() {
        return Array.from({ length: state.calls });
      },
    },
    kiosk: {
      get isLocked() {
        return state.isLocked;
      },
    },
    settings: {
      values: {
        get kiosk() {
          return state.kiosk;
        },
      },
      change: ({ kiosk = false }) => void (state.kiosk = kiosk),
    },
  };
  end = runKiosk(phone as unknown as KioskPhone, () => {
    state.covers += 1;
    return () => void (state.covers -= 1);
  });
  flushSync();
  return state;
}

async function use(event: Event = new MouseEvent('click', { bubbles: true })): Promise<void> {
  document.body.dispatchEvent(event);
  await Promise.resolve();
  await Promise.resolve();
  flushSync();
}

test('a page that is not in full screen is covered until a touch brings it there; Escape is held back', async () => {
  const state = station();
  expect(state.covers).toBe(1);
  await use();
  expect([state.covers, screen.full, screen.held]).toEqual([0, true, [['Escape']]]);
  fill(false);
  flushSync();
  expect(state.covers).toBe(1);
  await use(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  expect([state.covers, screen.full]).toEqual([1, false]);
  await use(new KeyboardEvent('keydown', { key: '1', bubbles: true }));
  expect([state.covers, screen.full]).toEqual([0, true]);
});

test('never in a call, and not while one rings', () => {
  const state = station();
  state.calls = 1;
  flushSync();
  expect(state.covers).toBe(0);
  state.calls = 0;
  flushSync();
  expect(state.covers).toBe(1);
});

test('nobody is kept from the page by a browser that refuses, that has no full screen, or that is in full screen by itself', async () => {
  screen.refuses = true;
  const refused = station();
  await use();
  expect(refused.covers).toBe(0);
  end();
  screen.enabled = false;
  expect(station().covers).toBe(0);
  end();
  screen.enabled = true;
  display.matches = true;
  expect(station().covers).toBe(0);
});

test('once it is unlocked, the page and its menu are as anywhere; in kiosk mode there is no menu', async () => {
  const state = station();
  const menu = (): boolean =>
    document.body.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
  expect(menu()).toBe(false);
  state.isLocked = false;
  flushSync();
  await use();
  expect([state.covers, screen.full, menu()]).toEqual([0, false, true]);
});

test('what the server says is remembered for a start without it', () => {
  const state = station();
  expect(state.kiosk).toBe(true);
  state.said = undefined;
  flushSync();
  expect(state.kiosk).toBe(true);
  state.said = false;
  flushSync();
  expect(state.kiosk).toBe(false);
});
