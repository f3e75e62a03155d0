import type { RTCSession, TerminateOptions } from 'jssip/lib/RTCSession';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { recoverIce } from './ice-recovery.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function call({ lineStands = true } = {}) {
  const ends: (TerminateOptions | undefined)[] = [];
  const restarts: unknown[] = [];
  const session = {
    isEstablished: () => true,
    isEnded: () => ends.length > 0,
    renegotiate: (options: unknown) => restarts.push(options),
    terminate: (options?: TerminateOptions) => void ends.push(options),
  };
  const connection = Object.assign(new EventTarget(), { iceConnectionState: 'connected' });
  const recovery = recoverIce(session as unknown as RTCSession, () => lineStands);
  const watch = (other: object): void => recovery.watch(other as RTCPeerConnection);
  watch(connection);
  const turn = (state: RTCIceConnectionState): void => {
    connection.iceConnectionState = state;
    connection.dispatchEvent(new Event('iceconnectionstatechange'));
    // What JsSIP does by itself.
    if (state === 'failed') session.terminate({ cause: 'RTP Timeout' });
  };
  /** The line breaks while a request waits for its answer: what JsSIP does by itself. */
  const loseRequest = (): void => session.terminate({ cause: 'Connection Error' });
  return { ends, restarts, recovery, watch, turn, loseRequest, hangUp: () => session.terminate() };
}

describe('a call whose sound breaks', () => {
  test.for(['disconnected', 'failed'] as const)('is given up after 30 s (%s)', (state) => {
    const { ends, turn } = call();
    turn(state);
    vi.advanceTimersByTime(29_999);
    expect(ends).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(ends.map((end) => end?.cause)).toEqual(['RTP Timeout']);
  });

  test('has 30 s from the first break on, whatever ICE says in between', () => {
    const { ends, turn } = call();
    turn('disconnected');
    vi.advanceTimersByTime(20_000);
    turn('failed');
    turn('checking');
    vi.advanceTimersByTime(10_000);
    expect(ends).toHaveLength(1);
  });

  test('goes on when the sound is back in time', () => {
    const { ends, turn } = call();
    turn('disconnected');
    vi.advanceTimersByTime(20_000);
    turn('connected');
    vi.advanceTimersByTime(60_000);
    expect(ends).toEqual([]);
  });

  test('restarts ICE at once where the line stands, else as soon as it does (RFC 8445 §2.4)', () => {
    const up = call();
    up.turn('failed');
    expect(up.restarts).toHaveLength(1);
    const down = call({ lineStands: false });
    down.turn('failed');
    expect(down.restarts).toEqual([]);
  });

  test('goes on when the line breaks during a restart, and asks again once it stands', () => {
    const { ends, restarts, recovery, turn, loseRequest } = call();
    turn('failed');
    loseRequest();
    expect(ends).toEqual([]);
    recovery.lineRestored(false);
    expect(restarts).toHaveLength(2);
    vi.advanceTimersByTime(30_000);
    expect(ends.map((end) => end?.cause)).toEqual(['RTP Timeout']);
  });

  test('goes on when it has another connection, whatever becomes of the old one', () => {
    const { ends, turn, watch } = call();
    turn('disconnected');
    watch(Object.assign(new EventTarget(), { iceConnectionState: 'new' }));
    turn('disconnected');
    vi.advanceTimersByTime(60_000);
    expect(ends).toEqual([]);
  });

  test('ends at once for a person who hangs up', () => {
    const { ends, turn, hangUp } = call();
    turn('disconnected');
    hangUp();
    expect(ends).toEqual([undefined]);
    vi.advanceTimersByTime(60_000);
    expect(ends).toHaveLength(1);
  });
});
