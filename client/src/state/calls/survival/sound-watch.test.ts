import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SoundWatch } from './sound-watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A call whose sound flows, and its connection, over which packets arrive as long as `state` says so. */
async function call() {
  const state = { arrives: true, expected: true };
  const told: string[] = [];
  let packets = 0;
  const connection = {
    getStats: () => {
      if (state.arrives) packets += 12;
      const inbound = { type: 'inbound-rtp', kind: 'audio', packetsReceived: packets };
      return Promise.resolve(new Map([['1', inbound]]));
    },
  } as unknown as RTCPeerConnection;
  const watch = new SoundWatch({
    direction: 'incoming',
    now: Date.now,
    connection: () => connection,
    isExpected: () => state.expected,
    onMedia: (media) => told.push(media),
    askLine: () => told.push('ask'),
    renew: () => told.push('renew'),
  });
  watch.hear('flowing');
  const passes = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    return told.splice(0);
  };
  expect(await passes(1_000)).toEqual(['flowing']);
  return { watch, state, passes };
}

test('it says when packets no longer arrive, and asks whether the line stands', async () => {
  const { watch, state, passes } = await call();
  state.arrives = false;
  expect(await passes(1_000)).toEqual(['ask', 'interrupted']);
  expect(watch.isInterrupted).toBe(true);
  state.arrives = true;
  expect(await passes(1_000)).toEqual(['flowing']);
});

test('a line that is back without the path has another session asked for', async () => {
  const { watch, state, passes } = await call();
  state.arrives = false;
  await passes(1_000);
  watch.lineRestored(true);
  expect(await passes(0)).toEqual(['renew']);
});

test('nothing is missed where nothing need arrive, nor once the call is over', async () => {
  const { watch, state, passes } = await call();
  Object.assign(state, { arrives: false, expected: false });
  expect(await passes(10_000)).toEqual([]);
  state.expected = true;
  watch.close();
  expect([await passes(10_000), vi.getTimerCount()]).toEqual([[], 0]);
});
