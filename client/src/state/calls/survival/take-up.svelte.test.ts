import { callId, type CallView } from '@perch/shared';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeMicrophone } from '../../../media/support/fake-microphone.ts';
import { callView, testCalls } from '../../support/test-calls.ts';
import { keepCalls, keptCalls } from './kept-calls.ts';
import { TakeUp } from './take-up.svelte.ts';

beforeEach(() => {
  localStorage.clear();
});

/** A page of 101 that comes back while the server has these calls. */
function page(views: readonly CallView[], { registered = true, known = true } = {}) {
  const parts = testCalls({ most: 4 });
  for (let times = 0; times < 4; times++) parts.sound.microphones.push(fakeMicrophone('Headset').microphone);
  parts.word.calls = views;
  const line = { registered, known };
  const takeUp = new TakeUp('101', {
    calls: parts.calls,
    word: {
      offset: 500,
      get calls() {
        return parts.word.calls;
      },
      get callsKnown() {
        return line.known;
      },
    } as never,
    clock: parts.clock,
    isRegistered: () => line.registered,
  });
  return { ...parts, takeUp, line };
}
const away = (id: string, changes: Partial<CallView> = {}): CallView =>
  callView(id, { state: 'talking', here: 'away', since: 2_000, ...changes });

describe('a page that comes back', () => {
  test('goes on with the calls that were up in this browser, muted and on hold as they were', async () => {
    keepCalls('101', [
      { id: 'a', muted: true },
      { id: 'b', muted: false },
    ]);
    const { calls, takeUp, invited } = page([away('a'), away('b', { hold: { here: true, there: false } })]);
    takeUp.look();
    await vi.waitFor(() => expect(invited.length).toBe(2));
    const [first, second] = [calls.byId(callId('a')), calls.byId(callId('b'))];
    expect([first?.muted, first?.since, first?.number]).toEqual([true, 1_500, '102']);
    expect([second?.hold.here, calls.focused === first]).toEqual([true, true]);
    takeUp.look();
    expect([calls.all.length, takeUp.offered]).toEqual([2, []]);
    expect(keptCalls('101').map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('lets be what this side has left, and offers nothing of it', () => {
    keepCalls('101', [{ id: 'a', muted: false }]);
    const { calls, takeUp } = page([away('a', { here: 'left', parked: '1' })]);
    takeUp.look();
    expect([calls.all, takeUp.offered]).toEqual([[], []]);
  });

  test('waits until it is registered, and until the server has said which calls there are', () => {
    keepCalls('101', [{ id: 'a', muted: false }]);
    const { calls, takeUp, line } = page([away('a')], { registered: false, known: false });
    takeUp.look();
    line.known = true;
    takeUp.look();
    expect(calls.all).toEqual([]);
    line.registered = true;
    takeUp.look();
    expect(calls.all.length).toBe(1);
  });

  test('tries again after a second where the call could not be had, and says nothing of it', async () => {
    keepCalls('101', [{ id: 'a', muted: false }]);
    const { calls, takeUp, invited, over, clock } = page([away('a')]);
    takeUp.look();
    await vi.waitFor(() => expect(invited.length).toBe(1));
    invited[0]?.says?.onOver('failed');
    expect(over.map(({ isTaking }) => isTaking)).toEqual([true]);
    takeUp.look();
    expect(calls.all).toEqual([]);
    clock.now += 1_000;
    takeUp.look();
    expect(calls.all.length).toBe(1);
  });

  test('forgets what the server no longer has', () => {
    keepCalls('101', [{ id: 'a', muted: false }]);
    const { calls, takeUp } = page([]);
    takeUp.look();
    expect([calls.all, keptCalls('101')]).toEqual([[], []]);
  });

  test('shows nothing of a call to whom it does not belong', () => {
    keepCalls('101', [{ id: 'a', muted: false }]);
    const { calls, takeUp } = page([away('a', { as: { number: '103', name: 'Chloe' } })]);
    takeUp.look();
    expect(calls.all.map(({ isInherited }) => isInherited)).toEqual([true]);
  });
});

describe('a call that is up at another phone of the person here, or in another browser', () => {
  test.each([
    ['elsewhere', []],
    ['elsewhere', [{ id: 'a', muted: false }]],
    ['away', []],
  ] as const)('(%s) comes here by a tap, not by itself', (here, kept) => {
    keepCalls('101', kept);
    const view = away('a', { here });
    const { calls, takeUp } = page([view]);
    takeUp.look();
    expect([calls.all, takeUp.offered]).toEqual([[], [view]]);
    takeUp.bring(view);
    expect([calls.all.length, takeUp.offered]).toEqual([1, []]);
  });

  test('is left alone by a tab that is no longer the phone', () => {
    keepCalls('101', [{ id: 'a', muted: false }]);
    const { calls, takeUp } = page([away('a')]);
    takeUp.close();
    takeUp.look();
    expect([calls.all, keptCalls('101').length]).toEqual([[], 1]);
  });
});
