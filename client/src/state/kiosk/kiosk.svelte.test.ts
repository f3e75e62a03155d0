import { KIOSK_UNLOCKED_MS } from '@perch/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { terminalView } from '../../phone/page/support/test-view.ts';
import { browserWorld } from '../../world/world.ts';
import { Kiosk } from './kiosk.svelte.ts';

const asked: string[] = [];
/** Somebody waits for the answer. */
const here = new AbortController().signal;
let refusal: string | null = null;

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  refusal = null;
  vi.stubGlobal('fetch', async (path: string, { method, body }: RequestInit) => {
    asked.push([method, path, ...(typeof body === 'string' ? [body] : [])].join(' '));
    if (refusal === null) return new Response(null, { status: 204 });
    const problem = { type: 'about:blank', title: 'Forbidden', status: 403, detail: 'No.', code: refusal };
    return Response.json(problem, { status: 403 });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

interface Known {
  readonly isStation?: boolean;
  /** What the server says; `null` where it has not yet said anything. */
  readonly said?: boolean | null;
  readonly remembered?: boolean;
}

const kioskOf = ({ isStation = true, said = true, remembered = false }: Known = {}): Kiosk =>
  new Kiosk({
    token: 'token',
    isStation,
    word: { view: said === null ? null : terminalView({ kiosk: said }) },
    settings: { values: { kiosk: remembered } },
    world: browserWorld,
  });

test.for<[string, Known, boolean]>([
  ['a station in kiosk mode', {}, true],
  ['a station of an organization without a PIN', { said: false, remembered: true }, false],
  ['a station that has heard nothing yet, and was in kiosk mode', { said: null, remembered: true }, true],
  ['a station that has heard nothing yet, and was not', { said: null }, false],
  ["a person's phone in the same browser", { isStation: false, said: null, remembered: true }, false],
])('%s is locked: %j, %s', ([, known, isLocked]) => {
  expect(kioskOf(known).isLocked).toBe(isLocked);
});

test('the PIN is checked by the server; it unlocks for a while, and the page locks itself again', async () => {
  const kiosk = kioskOf();
  refusal = 'wrong-pin';
  await kiosk.unlock('4712', here);
  expect([kiosk.isLocked, kiosk.task.refusal]).toEqual([true, 'No.']);
  refusal = null;
  await kiosk.unlock('4711', here);
  expect([kiosk.isLocked, kiosk.isOn, kiosk.task.refusal]).toEqual([false, true, undefined]);
  await vi.advanceTimersByTimeAsync(KIOSK_UNLOCKED_MS - 1);
  expect(kiosk.isLocked).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(kiosk.isLocked).toBe(true);
  expect(asked).toEqual([
    'POST /api/terminal/unlock {"pin":"4712"}',
    'POST /api/terminal/unlock {"pin":"4711"}',
  ]);
});

test('it can be locked at once, also without a server, and unlocked again for the whole time', async () => {
  const kiosk = kioskOf();
  await kiosk.unlock('4711', here);
  await vi.advanceTimersByTimeAsync(KIOSK_UNLOCKED_MS / 2);
  refusal = 'unavailable';
  kiosk.lock();
  expect(kiosk.isLocked).toBe(true);
  refusal = null;
  await kiosk.unlock('4711', here);
  await vi.advanceTimersByTimeAsync(KIOSK_UNLOCKED_MS / 2);
  expect(kiosk.isLocked).toBe(false);
  expect(asked[1]).toBe('DELETE /api/terminal/unlock');
});

test('signing out is up to the server', async () => {
  const kiosk = kioskOf();
  refusal = 'in-kiosk-mode';
  expect([await kiosk.signOut(), kiosk.task.refusal]).toEqual([false, 'No.']);
  refusal = null;
  expect(await kiosk.signOut()).toBe(true);
  expect(asked).toEqual(['DELETE /api/terminal/token', 'DELETE /api/terminal/token']);
});

test('a PIN that is found right once nobody waits for that any more unlocks nothing', async () => {
  const kiosk = kioskOf();
  const waiting = new AbortController();
  const unlocking = kiosk.unlock('4711', waiting.signal);
  waiting.abort();
  await unlocking;
  expect([kiosk.isLocked, kiosk.task.refusal]).toEqual([true, undefined]);
  expect(asked).toEqual(['POST /api/terminal/unlock {"pin":"4711"}', 'DELETE /api/terminal/unlock']);
});
