import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeMicrophone } from '../../media/support/fake-microphone.ts';
import { FakeSound } from '../support/fake-sound.ts';
import { browserWorld } from '../../world/world.ts';
import { GreetingEditor } from './greeting-editor.svelte.ts';
import type { Playback } from './playback.svelte.ts';
import type { PageSound } from '../sound/page-sound.svelte.ts';

/** Records 1 s of sound as soon as it is stopped. */
class FakeRecorder {
  readonly mimeType = 'audio/webm';
  state = 'inactive';
  ondataavailable: ((event: { data: Blob }) => void) | null = null;
  onstop: (() => void) | null = null;

  start(): void {
    this.state = 'recording';
  }

  stop(): void {
    this.state = 'inactive';
    this.ondataavailable?.({ data: new Blob(['sound']) });
    this.onstop?.();
  }
}

class FakeDecoder {
  decodeAudioData(): Promise<object> {
    const samples = new Float32Array(48_000);
    return Promise.resolve({ length: samples.length, numberOfChannels: 1, getChannelData: () => samples });
  }
}

beforeEach(() => {
  vi.stubGlobal('MediaRecorder', FakeRecorder);
  vi.stubGlobal('OfflineAudioContext', FakeDecoder);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** A greeting that is being recorded. */
async function recording() {
  const sound = new FakeSound();
  const { microphone, track } = fakeMicrophone('Headset');
  sound.microphones.push(microphone);
  const opened: string[] = [];
  const editor = new GreetingEditor({
    token: 't',
    signal: new AbortController().signal,
    world: browserWorld,
    sound: sound as unknown as PageSound,
    playback: {
      open: ({ id }: { id: string }) => opened.push(id),
      close: () => undefined,
    } as unknown as Playback,
    onShown: () => undefined,
    onRemoved: () => undefined,
  });
  await editor.record(60_000);
  return { editor, sound, track, opened };
}

describe('a greeting whose microphone', () => {
  test('dies ends the recording; what was recorded until then can be played', async () => {
    const { editor, track, opened } = await recording();
    expect(editor.take).toBe('recording');
    track.end();
    await vi.waitFor(() => expect(editor.take).toBe('draft'));
    expect([editor.trouble, opened]).toEqual(['lost', ['draft']]);
  });

  test('is pulled ends it too, where the browser only lists the device no longer', async () => {
    const { editor, sound } = await recording();
    sound.plug('Headset');
    sound.plug();
    await vi.waitFor(() => expect(editor.take).toBe('draft'));
    expect(editor.trouble).toBe('lost');
  });

  test('gives no sound says so after 5 s, and goes on', async () => {
    vi.useFakeTimers();
    const { editor, sound } = await recording();
    sound.loudness = { rmsDb: -120, peakDb: -120 };
    await vi.advanceTimersByTimeAsync(5_100);
    expect([editor.trouble, editor.take]).toEqual(['silent', 'recording']);
    editor.discard();
    expect(editor.trouble).toBeNull();
    vi.useRealTimers();
  });

  test('is silenced by the system says so, and goes on', async () => {
    const { editor, track } = await recording();
    track.silence(true);
    expect([editor.trouble, editor.take]).toEqual(['silenced', 'recording']);
    track.silence(false);
    expect(editor.trouble).toBeNull();
    editor.discard();
    expect([editor.take, track.readyState]).toEqual(['none', 'ended']);
  });
});

test('a file that is chosen while another one is sent is sent after it, and none twice by a second press', async () => {
  const { editor } = await recording();
  editor.discard();
  const asked: { readonly body: unknown; readonly answer: () => void }[] = [];
  vi.stubGlobal('fetch', (_: string, { body }: RequestInit) => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const problem = { type: 'about:blank', title: 'Full', status: 409, detail: 'Full.', code: 'conflict' };
    asked.push({ body, answer: () => resolve(Response.json(problem, { status: 409 })) });
    return promise;
  });
  const [first, second] = [new Blob(['first']), new Blob(['second'])];
  const sent = [editor.upload(first), editor.upload(first), editor.upload(second)];
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  asked[0]?.answer();
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  asked[1]?.answer();
  await Promise.all(sent);
  expect(asked.map(({ body }) => body)).toEqual([first, second]);
});
