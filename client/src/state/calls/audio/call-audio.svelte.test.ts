import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CallAudio } from './call-audio.svelte.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The sound of one call, and what it asks of the page's. */
function call() {
  const asked: string[] = [];
  const state = { interrupted: false };
  const audio = new CallAudio(
    {
      meter: () => ({ read: () => 0, loudness: () => null, close: () => asked.push('meter closed') }),
      tone: (name) => {
        asked.push(name);
        return () => asked.push(`${name} ends`);
      },
    },
    () => ({ withServer: true, serverIsLate: false }),
    () => state.interrupted,
  );
  return { audio, asked, state };
}
const stream = {} as MediaStream;

test('one tone at a time accompanies the call, and the last one outlasts it a little', () => {
  const { audio, asked } = call();
  audio.tune('ringback');
  audio.tune('busy');
  expect(asked).toEqual(['ringback', 'ringback ends', 'busy']);
  audio.close();
  expect(asked.at(-1)).toBe('busy');
  vi.advanceTimersByTime(2_500);
  expect(asked.at(-1)).toBe('busy ends');
});

test('the other side is heard until the call is over, and only its newest stream', () => {
  const { audio, asked } = call();
  const anew = {} as MediaStream;
  audio.hear(stream, () => null);
  audio.hear(anew, () => null);
  expect([audio.remote === anew, asked]).toEqual([true, ['meter closed']]);
  audio.close();
  expect([audio.remote, asked]).toEqual([null, ['meter closed', 'meter closed']]);
});

test('how well it arrives is looked at while it is heard, and said once it is certain', async () => {
  const { audio } = call();
  let looks = 0;
  const connection = {
    getStats: () => {
      looks++;
      const entry = {
        type: 'inbound-rtp',
        kind: 'audio',
        packetsReceived: 100 * looks,
        packetsLost: 100 * looks,
      };
      return Promise.resolve(new Map([['1', entry]]));
    },
  } as unknown as RTCPeerConnection;
  audio.hear(stream, () => connection);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(audio.quality).toBeNull();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(audio.quality).toEqual({ grade: 'poor', fault: 'server' });
  audio.close();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(looks).toBe(2);
});
