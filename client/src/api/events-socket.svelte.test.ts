import { type PageEvent, pageEvent } from '@perch/shared';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TestSocket } from '../state/support/test-socket.ts';
import { EventsSocket } from './events-socket.ts';

const pulse: PageEvent = { kind: 'pulse', at: 1, registered: true };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', TestSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page that is connected, with the longest pauses that chance allows, and what it has been told. */
function page() {
  const told: string[] = [];
  const socket = new EventsSocket(
    { token: 't' },
    pageEvent,
    { fraction: () => 1 },
    {
      onEvent: ({ kind }) => told.push(kind),
      onRefused: () => told.push('refused'),
      onSuspended: () => told.push('suspended'),
    },
  );
  socket.reconnect();
  /** Lets the server close the connection, and measures the pause until the page tries again. */
  const pauseAfterClose = (code: number) => {
    const { last } = TestSocket;
    const before = Date.now();
    last.lose(code);
    while (TestSocket.last === last) vi.advanceTimersToNextTimer();
    return Date.now() - before;
  };
  return { socket, told, pauseAfterClose };
}

describe('a connection that the server closes', () => {
  test('again and again, though it says something first, is tried less and less often', () => {
    const { told, pauseAfterClose } = page();
    const pauses = Array.from({ length: 7 }, () => {
      TestSocket.last.open();
      TestSocket.last.tell(pulse);
      return pauseAfterClose(1008);
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(told).toEqual(Array.from({ length: 7 }, () => 'pulse'));
  });

  test('after it has stood for 10 s is tried soon, as after the first time', () => {
    const { pauseAfterClose } = page();
    for (let time = 0; time < 4; time++) {
      TestSocket.last.open();
      pauseAfterClose(1008);
    }
    TestSocket.last.open();
    vi.advanceTimersByTime(9_999);
    expect(pauseAfterClose(1006)).toBe(16_000);
    TestSocket.last.open();
    vi.advanceTimersByTime(10_000);
    expect(pauseAfterClose(1006)).toBe(1_000);
  });

  test('because the credentials are no longer valid is not tried again', () => {
    const { told } = page();
    TestSocket.last.open();
    TestSocket.last.lose(4401);
    expect([told, vi.getTimerCount()]).toEqual([['refused'], 0]);
  });

  test('because the extension is suspended is tried again', () => {
    const { told, pauseAfterClose } = page();
    TestSocket.last.open();
    expect(pauseAfterClose(4403)).toBe(1_000);
    expect(told).toEqual(['suspended']);
  });
});

test('once closed by the page it holds no timer', () => {
  const { socket } = page();
  TestSocket.last.open();
  socket.close();
  expect(vi.getTimerCount()).toBe(0);
});
