import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CallMend } from './call-mend.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A call, and a connection over which packets arrive, or not. */
function call({ arrives = true, isHeld = false } = {}) {
  let renewed = 0;
  let packets = 100;
  const connection = {
    getStats: () => {
      if (arrives) packets += 25;
      return Promise.resolve(
        new Map([['1', { type: 'inbound-rtp', kind: 'audio', packetsReceived: packets }]]),
      );
    },
  } as unknown as RTCPeerConnection;
  const mend = new CallMend({ now: Date.now, isHeld: () => isHeld, renew: () => renewed++ });
  const restored = async () => {
    const mending = mend.lineRestored(connection);
    await vi.advanceTimersByTimeAsync(1_000);
    await mending;
    return renewed;
  };
  return { mend, restored, renewed: () => renewed };
}

test('a call over which sound arrives keeps its session when the line is back', async () => {
  expect(await call().restored()).toBe(0);
});

test('one over which nothing arrives gets another, once', async () => {
  const { mend, restored, renewed } = call({ arrives: false });
  expect(await restored()).toBe(1);
  mend.hear('interrupted');
  expect(renewed()).toBe(1);
});

test('nothing need arrive from those who are on hold', async () => {
  expect(await call({ arrives: false, isHeld: true }).restored()).toBe(0);
});

test('sound that breaks soon after the line gets another session, later it is the other side’s matter', async () => {
  const soon = call();
  await soon.restored();
  soon.mend.hear('flowing');
  expect(soon.renewed()).toBe(0);
  soon.mend.hear('interrupted');
  expect(soon.renewed()).toBe(1);
  const late = call();
  late.mend.hear('interrupted');
  await late.restored();
  vi.advanceTimersByTime(15_000);
  late.mend.hear('interrupted');
  expect(late.renewed()).toBe(0);
});
