import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RequestError } from '../../api/request.ts';
import { Playback } from './playback.svelte.ts';
import { Settings } from '../page/settings.svelte.ts';

/** Two seconds of sound, in whatever was fetched. */
class FakeDecoder {
  decodeAudioData(): Promise<object> {
    return Promise.resolve({ duration: 2, getChannelData: () => new Float32Array(16_000).fill(0.5) });
  }
}

const asked: string[] = [];
const playbacks: Playback[] = [];
function newPlayback(): Playback {
  const playback = new Playback(new Settings());
  playbacks.push(playback);
  return playback;
}
const audio = (): HTMLAudioElement | null => document.querySelector('#recording-audio');

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal('OfflineAudioContext', FakeDecoder);
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(() => {
    asked.push('play');
    return Promise.resolve();
  });
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockImplementation(() => void asked.push('pause'));
});
afterEach(() => {
  for (const playback of playbacks.splice(0)) playback.close();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A message of which the server says that it has three seconds, and whose sound comes when the test says. */
function message(id = 'm1') {
  const { promise, resolve, reject } = Promise.withResolvers<Blob>();
  const signals: AbortSignal[] = [];
  const played: string[] = [];
  const clip = {
    id,
    ms: 3_000,
    fetch: (signal: AbortSignal) => {
      signals.push(signal);
      return promise;
    },
    onPlay: () => played.push(id),
  };
  return { clip, signals, played, arrive: () => resolve(new Blob(['sound'])), fail: reject };
}

async function ready(playback = newPlayback()) {
  const one = message();
  playback.open(one.clip);
  one.arrive();
  await vi.waitFor(() => expect(playback.state).toBe('ready'));
  return { playback, ...one };
}

test('while it is fetched its length is the server’s, then its own, with a picture', async () => {
  const playback = newPlayback();
  const { clip, arrive } = message();
  playback.open(clip);
  expect([playback.id, playback.state, playback.length, playback.peaks]).toEqual(['m1', 'fetching', 3, []]);
  arrive();
  await vi.waitFor(() => expect(playback.state).toBe('ready'));
  expect([playback.length, playback.peaks.length > 0, playback.url]).toEqual([2, true, audio()?.src]);
});

test('nothing plays by itself', async () => {
  const { playback, played } = await ready();
  expect([asked, played, playback.playing]).toEqual([[], [], false]);
});

test('where play was pressed while it was being fetched, it plays when it is there', async () => {
  const playback = newPlayback();
  const { clip, played, arrive } = message();
  playback.open(clip);
  playback.play();
  arrive();
  await vi.waitFor(() => expect(asked).toEqual(['play']));
  expect(played).toEqual(['m1']);
});

test('unless it was paused again meanwhile', async () => {
  const playback = newPlayback();
  const { clip, arrive } = message();
  playback.open(clip);
  playback.play();
  playback.pause();
  arrive();
  await vi.waitFor(() => expect(playback.state).toBe('ready'));
  expect(asked).toEqual([]);
});

test('it follows what the audio element does', async () => {
  const { playback } = await ready();
  playback.play();
  await vi.waitFor(() => expect(asked).toEqual(['play']));
  audio()?.onplaying?.(new Event('playing'));
  expect(playback.playing).toBe(true);
  playback.pause();
  audio()?.onpause?.(new Event('pause'));
  expect([asked, playback.playing]).toEqual([['play', 'pause'], false]);
  playback.seek(1.5);
  expect([playback.position, audio()?.currentTime]).toEqual([1.5, 1.5]);
});

test('the speed stays from one recording to the next', async () => {
  const { playback } = await ready();
  playback.setSpeed(1.5);
  expect(audio()?.playbackRate).toBe(1.5);
  await ready(playback);
  playback.play();
  await vi.waitFor(() => expect(asked.at(-1)).toBe('play'));
  expect([playback.speed, audio()?.playbackRate]).toEqual([1.5, 1.5]);
});

describe('what is closed', () => {
  test('leaves nothing in the browser', async () => {
    const { playback } = await ready();
    playback.close();
    expect(audio()).toBeNull();
    expect([playback.id, playback.state, playback.url, playback.length]).toEqual([null, 'closed', null, 0]);
  });

  test('while it is being fetched is fetched no more, and never opens', async () => {
    const playback = newPlayback();
    const { clip, signals, arrive } = message();
    playback.open(clip);
    playback.close();
    expect(signals[0]?.aborted).toBe(true);
    arrive();
    await new Promise((resolve) => setTimeout(resolve));
    expect([playback.state, audio()]).toEqual(['closed', null]);
  });

  test('is the recording that was open before', async () => {
    const { playback } = await ready();
    const other = message('m2');
    playback.open(other.clip);
    expect([playback.id, playback.state, audio()]).toEqual(['m2', 'fetching', null]);
  });
});

test('what the server refuses is a sentence, and play tries again', async () => {
  const playback = newPlayback();
  const { clip, signals, fail } = message();
  const again = message();
  const gone = { type: 'about:blank', title: 'Not Found', status: 404, detail: 'It is gone.' } as const;
  playback.open(clip);
  fail(new RequestError({ ...gone, code: 'not-found' }));
  await vi.waitFor(() => expect(playback.state).toBe('failed'));
  expect(playback.refusal).toBe('It is gone.');
  clip.fetch = again.clip.fetch;
  playback.play();
  expect([playback.state, playback.refusal]).toEqual(['fetching', undefined]);
  expect([signals.length, again.signals.length]).toEqual([1, 1]);
  // It was asked for: it is not only fetched.
  again.arrive();
  await vi.waitFor(() => expect(asked).toContain('play'));
});

test('a recording that the browser cannot play is reported', async () => {
  const { playback } = await ready();
  audio()?.onerror?.(new Event('error'));
  expect([playback.state, audio()]).toEqual(['failed', null]);
  expect(playback.refusal).toContain('*97');
});
