import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sendDigitEvent } from './digit-event.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function sender({ broken = false } = {}) {
  const inserted: string[] = [];
  const dtmf = Object.assign(new EventTarget(), {
    toneBuffer: '',
    insertDTMF: (tones: string) => {
      if (broken) throw new DOMException('stopped', 'InvalidStateError');
      inserted.push(tones);
    },
  });
  const says = (tone: string): void =>
    void dtmf.dispatchEvent(Object.assign(new Event('tonechange'), { tone }));
  let outcome: boolean | undefined;
  void sendDigitEvent(dtmf as unknown as RTCDTMFSender, '5', 100, 60).then((sounded) => (outcome = sounded));
  return { inserted, says, dtmf, outcome: () => outcome };
}

test('a key has been sent once the browser says that none is left', async () => {
  const { inserted, says, outcome } = sender();
  says('5');
  await vi.advanceTimersByTimeAsync(500);
  expect([inserted, outcome()]).toEqual([['5'], undefined]);
  says('');
  await vi.advanceTimersByTimeAsync(0);
  expect(outcome()).toBe(true);
});

test('a browser that never says so holds up the next key for a second only', async () => {
  const { outcome } = sender();
  await vi.advanceTimersByTimeAsync(1_160);
  expect(outcome()).toBe(true);
});

test('a key that the media does not take has not sounded', async () => {
  const { outcome } = sender({ broken: true });
  await vi.advanceTimersByTimeAsync(0);
  expect(outcome()).toBe(false);
});
