import type { RTCSession, TerminateOptions } from 'jssip/lib/RTCSession';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { holdOf } from './hold.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A session that takes one offer at a time, as JsSIP does, and is ended by a refusal. */
function session() {
  const offered: string[] = [];
  const ends: (TerminateOptions | undefined)[] = [];
  const line = { stands: true, isEstablished: true, isBusy: false };
  let local = false;
  let answer: (() => void) | undefined;
  const offer = (what: string, hold: boolean, done?: () => void): boolean => {
    if (line.isBusy) return false;
    local = hold;
    line.isBusy = true;
    offered.push(what);
    answer = done;
    return true;
  };
  const jssip = {
    isEstablished: () => line.isEstablished && ends.length === 0,
    isOnHold: () => ({ local, remote: false }),
    hold: (_: unknown, done?: () => void) => !local && offer('hold', true, done),
    unhold: (_: unknown, done?: () => void) => local && offer('unhold', false, done),
    renegotiate: (_: unknown, done?: () => void) => offer(local ? 'hold again' : 'unhold again', local, done),
    terminate: (options?: TerminateOptions) => void ends.push(options),
  };
  const hold = holdOf(jssip as unknown as RTCSession, () => line.stands);
  const answered = (): void => {
    line.isBusy = false;
    answer?.();
  };
  const refused = (reason_phrase: string): void => {
    line.isBusy = false;
    jssip.terminate({ cause: 'WebRTC Error', status_code: 500, reason_phrase });
  };
  return { hold, line, offered, ends, answered, refused, hangUp: () => jssip.terminate() };
}

test('what is asked for is offered, and nothing twice', () => {
  const { hold, offered, answered } = session();
  hold.set(false);
  hold.set(true);
  answered();
  hold.set(true);
  hold.set(false);
  answered();
  expect(offered).toEqual(['hold', 'unhold']);
});

test('what is asked for while an offer is out follows it, and only the last wish counts', () => {
  const { hold, offered, answered } = session();
  hold.set(true);
  hold.set(false);
  hold.set(true);
  hold.set(false);
  expect(offered).toEqual(['hold']);
  answered();
  expect(offered).toEqual(['hold', 'unhold']);
});

test('an offer of something else is waited for', () => {
  const { hold, line, offered } = session();
  line.isBusy = true;
  hold.set(true);
  vi.advanceTimersByTime(1_000);
  expect(offered).toEqual([]);
  line.isBusy = false;
  vi.advanceTimersByTime(100);
  expect(offered).toEqual(['hold']);
});

test.for(['Hold Failed', 'Unhold Failed', 'Media Renegotiation Failed'])(
  'the call goes on after an offer was refused (%s), and the other side is told as soon as it will listen',
  (reason) => {
    const { hold, offered, ends, answered, refused } = session();
    hold.set(true);
    refused(reason);
    expect([ends, offered]).toEqual([[], ['hold']]);
    vi.advanceTimersByTime(1_000);
    refused(reason);
    vi.advanceTimersByTime(1_000);
    answered();
    vi.advanceTimersByTime(60_000);
    expect([ends, offered]).toEqual([[], ['hold', 'hold again', 'hold again']]);
  },
);

test('a call that is not answered yet, or whose line is down, is put on hold once it can be', () => {
  const { hold, line, offered } = session();
  line.isEstablished = false;
  hold.set(true);
  line.isEstablished = true;
  line.stands = false;
  hold.resume();
  expect(offered).toEqual([]);
  line.stands = true;
  hold.resume();
  expect(offered).toEqual(['hold']);
});

test('an offer that was lost with the line is made again', () => {
  const { hold, line, offered } = session();
  hold.set(true);
  line.isBusy = false;
  hold.resume();
  expect(offered).toEqual(['hold', 'hold again']);
});

test('hanging up hangs up, and a refusal before the answer ends the call', () => {
  const [first, second] = [session(), session()];
  first.hangUp();
  second.line.isEstablished = false;
  second.refused('Hold Failed');
  expect([first.ends.length, second.ends.length]).toEqual([1, 1]);
});

test('nothing is offered after the end', () => {
  const { hold, offered, refused } = session();
  hold.set(true);
  refused('Hold Failed');
  hold.stop();
  vi.advanceTimersByTime(60_000);
  expect(offered).toEqual(['hold']);
});
