import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Sound, type SoundObstacle } from './sound.ts';

/** Starts when it is told to, as a browser's does once sound is allowed and there is a device to play on. */
class FakeAudioContext {
  static made: FakeAudioContext[] = [];
  state = 'suspended';
  #start: () => void = () => undefined;
  readonly #started = new Promise<void>((resolve) => (this.#start = resolve));

  constructor() {
    FakeAudioContext.made.push(this);
  }

  resume(): Promise<void> {
    return this.#started;
  }

  suspend(): Promise<void> {
    this.state = 'suspended';
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.state = 'closed';
    return Promise.resolve();
  }

  start(): void {
    this.state = 'running';
    this.#start();
  }
}

const SECOND = 1_000;
const heard: (SoundObstacle | null)[] = [];

/** Firefox says whether it lets sound begin; other browsers have no such word (`undefined`). */
async function open(policy?: 'allowed' | 'disallowed'): Promise<readonly [Sound, FakeAudioContext]> {
  vi.stubGlobal('navigator', policy === undefined ? {} : { getAutoplayPolicy: () => policy });
  const sound = new Sound((obstacle) => heard.push(obstacle));
  await vi.advanceTimersByTimeAsync(0);
  const context = FakeAudioContext.made.at(-1);
  if (context === undefined) throw new Error('no context was made');
  return [sound, context];
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('AudioContext', FakeAudioContext);
  heard.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a browser that waits for a touch says so, until it is touched', async () => {
  const [sound, context] = await open();
  await vi.advanceTimersByTimeAsync(SECOND);
  expect(heard).toEqual(['touch']);
  sound.unblock();
  context.start();
  await vi.advanceTimersByTimeAsync(SECOND);
  expect(heard.at(-1)).toBeNull();
  expect(heard).not.toContain('no-speaker');
});

test('Firefox without an output device never starts: no tap is asked for, as it would change nothing', async () => {
  await open('allowed');
  await vi.advanceTimersByTimeAsync(SECOND);
  expect(heard).toEqual(['no-speaker']);
});

test('Firefox that waits for a touch says so', async () => {
  await open('disallowed');
  await vi.advanceTimersByTimeAsync(SECOND);
  expect(heard).toEqual(['touch']);
});

test('a tap that changes nothing is not asked for again', async () => {
  const [sound] = await open();
  await vi.advanceTimersByTimeAsync(SECOND);
  sound.unblock();
  await vi.advanceTimersByTimeAsync(SECOND);
  expect(heard).toEqual(['touch', 'no-speaker']);
});

test('sound that starts late withdraws the message', async () => {
  const [, context] = await open('allowed');
  await vi.advanceTimersByTimeAsync(SECOND);
  context.start();
  await vi.advanceTimersByTimeAsync(SECOND);
  expect(heard.at(-1)).toBeNull();
});

test('nothing is said where sound starts at once', async () => {
  const [, context] = await open();
  context.start();
  await vi.advanceTimersByTimeAsync(10 * SECOND);
  expect(new Set(heard)).toEqual(new Set([null]));
});

test('a context is not opened in the task that makes the sound, nor after it is closed', async () => {
  const before = FakeAudioContext.made.length;
  const sound = new Sound(() => undefined);
  new Sound(() => undefined).close();
  expect(FakeAudioContext.made).toHaveLength(before);
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeAudioContext.made).toHaveLength(before + 1);
  expect(sound.context).toBe(FakeAudioContext.made.at(-1));
});

test('sound that is wanted before has its context at once, and no other one later', async () => {
  const before = FakeAudioContext.made.length;
  new Sound(() => undefined).unblock();
  expect(FakeAudioContext.made).toHaveLength(before + 1);
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeAudioContext.made).toHaveLength(before + 1);
});

test('a context that is closed while something sounds is not suspended afterwards', async () => {
  const [sound, context] = await open();
  context.start();
  await vi.advanceTimersByTimeAsync(0);
  const release = sound.use();
  sound.close();
  release();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(context.state).toBe('closed');
});

describe('a browser that sends only audio elements to a device', () => {
  const played: (string | undefined)[] = [];
  let isRefused = false;
  class FakeAudio {
    srcObject: unknown;
    setSinkId(id: string): Promise<void> {
      if (id === 'gone') return Promise.reject(new DOMException('gone', 'NotFoundError'));
      played.push(id);
      return Promise.resolve();
    }
    play(): Promise<void> {
      if (isRefused) return Promise.reject(new DOMException('tap first', 'NotAllowedError'));
      played.push('play');
      return Promise.resolve();
    }
    pause(): void {
      played.push('pause');
    }
  }

  beforeEach(() => {
    played.length = 0;
    isRefused = false;
    vi.stubGlobal('Audio', FakeAudio);
    vi.stubGlobal('HTMLMediaElement', FakeAudio);
    vi.stubGlobal(
      'MediaStreamAudioDestinationNode',
      class {
        readonly stream = 'what sounds';
      },
    );
  });

  test('plays through one of those on the device that is chosen', async () => {
    const [sound] = await open();
    expect(sound.output).toBe(sound.context.destination);
    sound.sendTo('hall');
    sound.sendTo('hall');
    await vi.advanceTimersByTimeAsync(0);
    expect(played).toEqual(['hall', 'play']);
    expect(sound.output).toMatchObject({ stream: 'what sounds' });
    sound.close();
    expect(played.at(-1)).toBe('pause');
  });

  test('has that element play with the next touch, where it was not let', async () => {
    const [sound, context] = await open();
    context.start();
    isRefused = true;
    sound.sendTo('hall');
    await vi.advanceTimersByTimeAsync(0);
    expect([heard.at(-1), played]).toEqual(['touch', ['hall']]);
    sound.unblock();
    await vi.advanceTimersByTimeAsync(0);
    expect(heard.at(-1)).toBe('touch');
    isRefused = false;
    sound.unblock();
    await vi.advanceTimersByTimeAsync(0);
    expect([heard.at(-1), played]).toEqual([null, ['hall', 'play']]);
  });

  test('plays on the default device where the chosen one is gone', async () => {
    const [sound] = await open();
    sound.sendTo('gone');
    await vi.advanceTimersByTimeAsync(0);
    expect(played).toEqual(['', 'play']);
  });
});
