import type { IceCandidateEvent, RTCSession } from 'jssip/lib/RTCSession';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { limitGathering } from './gathering.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A session that gathers candidates, and the names of the descriptions that were sent. */
function session(iceConnectionState: RTCIceConnectionState = 'new') {
  let gathered: (event: IceCandidateEvent) => void = () => undefined;
  limitGathering({
    connection: { iceConnectionState },
    on: (_name: string, listener: typeof gathered) => (gathered = listener),
  } as unknown as RTCSession);
  const sent: string[] = [];
  /** The beginning of a description, which gathers a candidate whenever it is called. */
  const describing = (name: string) => {
    const ready = (): void => void sent.push(name);
    return () => gathered({ candidate: {} as RTCIceCandidate, ready });
  };
  return { sent, describing };
}

test('an offer is sent 400 ms after its first candidate, whatever else is still asked for', () => {
  const { sent, describing } = session();
  const candidate = describing('offer');
  candidate();
  vi.advanceTimersByTime(300);
  candidate();
  vi.advanceTimersByTime(99);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(sent).toEqual(['offer']);
  vi.advanceTimersByTime(60_000);
  expect(sent).toEqual(['offer']);
});

test('each description of a session has its own 400 ms', () => {
  const { sent, describing } = session();
  describing('offer')();
  vi.advanceTimersByTime(400);
  describing('restart')();
  vi.advanceTimersByTime(400);
  expect(sent).toEqual(['offer', 'restart']);
});

test('after no path has worked, there are 2 s for a relay', () => {
  const { sent, describing } = session('failed');
  describing('restart')();
  vi.advanceTimersByTime(1_999);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(sent).toEqual(['restart']);
});
