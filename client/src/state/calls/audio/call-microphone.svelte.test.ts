import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeMicrophone, noMicrophone } from '../../../media/support/fake-microphone.ts';
import { CallMicrophone } from './call-microphone.svelte.ts';
import { browserWorld } from '../../../world/world.ts';
import { FakeSound } from '../../support/fake-sound.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An open microphone, and the names of its replacements. */
async function opened() {
  const sound = new FakeSound();
  const { microphone, track } = fakeMicrophone('Headset');
  sound.microphones.push(microphone);
  const replaced: string[] = [];
  const voice = new CallMicrophone(sound, browserWorld.now, (_stream, label, why) =>
    replaced.push(why === 'lost' ? label : `${label} ${why}`),
  );
  sound.plug('Headset', 'Built-in');
  await voice.open();
  return { sound, track, voice, replaced };
}

const soon = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1_900);

describe('the microphone of a call', () => {
  test.for(['end', 'stop'] as const)(
    'is replaced by the next one when it dies (%s), within 2 s',
    async (how) => {
      const { sound, track, voice, replaced } = await opened();
      const next = fakeMicrophone('Built-in');
      sound.microphones.push(next.microphone);
      track[how]();
      await soon();
      expect([replaced, voice.trouble]).toEqual([['Built-in'], null]);
      next.track.end();
      sound.microphones.push(noMicrophone('missing'));
      await soon();
      expect(voice.trouble).toBe('lost');
    },
  );

  test('that is gone is reported, until another one is plugged in', async () => {
    const { sound, track, voice, replaced } = await opened();
    sound.microphones.push(noMicrophone('missing'));
    track.end();
    expect(voice.trouble).toBe('lost');
    await soon();
    expect([replaced, voice.trouble]).toEqual([[], 'lost']);
    sound.microphones.push(fakeMicrophone('Webcam').microphone);
    sound.plug('Webcam');
    await soon();
    expect([replaced, voice.trouble]).toEqual([['Webcam'], null]);
  });

  test('is looked for again where a device has come while the last one was being opened', async () => {
    const { sound, track, voice, replaced } = await opened();
    track.end();
    sound.plug('Webcam');
    sound.microphones.push(fakeMicrophone('Webcam').microphone);
    sound.allow(noMicrophone('busy'));
    await soon();
    expect([replaced, voice.trouble]).toEqual([['Webcam'], null]);
  });

  test('stays muted when another one takes its place', async () => {
    const { sound, track, voice } = await opened();
    voice.setMuted(true);
    expect([track.enabled, track.copy?.enabled]).toEqual([true, false]);
    const next = fakeMicrophone('Built-in');
    sound.microphones.push(next.microphone);
    track.end();
    await soon();
    expect(next.track.copy?.enabled).toBe(false);
    voice.setMuted(false);
    expect(next.track.copy?.enabled).toBe(true);
  });

  test('is muted from the beginning where Mute was pressed while the browser was asking', async () => {
    const sound = new FakeSound();
    const voice = new CallMicrophone(sound, browserWorld.now, () => undefined);
    const opening = voice.open();
    voice.setMuted(true);
    const { microphone, track } = fakeMicrophone('Headset');
    sound.allow(microphone);
    await opening;
    expect(track.copy?.enabled).toBe(false);
  });

  test('that may no longer be used is reported as refused', async () => {
    const { sound, track, voice } = await opened();
    sound.microphones.push(noMicrophone('refused'));
    track.end();
    await soon();
    expect(voice.trouble).toBe('refused');
  });

  test.for(['refused', 'dismissed', 'system'] as const)(
    'that was %s is used as soon as it is allowed, muted if the call is',
    async (refusal) => {
      const sound = new FakeSound();
      const replaced: string[] = [];
      const voice = new CallMicrophone(sound, browserWorld.now, (_stream, label, why) =>
        replaced.push(`${label} ${why}`),
      );
      sound.microphones.push(noMicrophone(refusal), noMicrophone('refused'));
      await voice.open();
      expect([voice.trouble, voice.isThere]).toEqual([refusal, false]);
      voice.setMuted(true);
      voice.request();
      await soon();
      expect(voice.trouble).toBe('refused');
      const { microphone, track } = fakeMicrophone('Headset');
      sound.microphones.push(microphone);
      sound.permit();
      await soon();
      expect([replaced, voice.trouble, voice.isThere]).toEqual([['Headset allowed'], null, true]);
      expect(track.copy?.enabled).toBe(false);
      sound.permit();
      expect(sound.opened).toHaveLength(3);
    },
  );

  test('is asked for again while the call goes on, and not once it is closed', async () => {
    const sound = new FakeSound();
    const voice = new CallMicrophone(sound, browserWorld.now, () => undefined);
    sound.microphones.push(noMicrophone('dismissed'));
    await voice.open();
    sound.plug('Webcam');
    expect(sound.opened).toHaveLength(1);
    voice.request();
    await soon();
    expect(voice.isAsked).toBe(true);
    sound.allow(noMicrophone('dismissed'));
    await soon();
    expect([voice.isAsked, voice.trouble, sound.opened.length]).toEqual([false, 'dismissed', 2]);
    voice.close();
    sound.permit();
    expect(sound.opened).toHaveLength(2);
  });

  test('that is allowed while the browser is about to refuse it is opened after all', async () => {
    const sound = new FakeSound();
    const voice = new CallMicrophone(sound, browserWorld.now, () => undefined);
    const opening = voice.open();
    sound.permit();
    sound.microphones.push(fakeMicrophone('Headset').microphone);
    sound.allow(noMicrophone('refused'));
    await opening;
    await soon();
    expect(voice.trouble).toBeNull();
  });

  test('that the system silences is not heard until it gives its sound again', async () => {
    const { track, voice } = await opened();
    track.silence(true);
    expect(voice.trouble).toBe('silenced');
    track.silence(false);
    expect(voice.trouble).toBeNull();
  });

  test('is asked for, once the browser has not answered for 500 ms', async () => {
    const sound = new FakeSound();
    const voice = new CallMicrophone(sound, browserWorld.now, () => undefined);
    const opening = voice.open();
    await vi.advanceTimersByTimeAsync(499);
    expect(voice.isAsked).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(voice.isAsked).toBe(true);
    sound.allow(fakeMicrophone('Headset').microphone);
    expect(await opening).toBeDefined();
    expect(voice.isAsked).toBe(false);
  });

  test('is not kept where the call is over before the browser has answered', async () => {
    const sound = new FakeSound();
    const voice = new CallMicrophone(sound, browserWorld.now, () => undefined);
    const opening = voice.open();
    voice.close();
    const { microphone, track } = fakeMicrophone('Headset');
    sound.allow(microphone);
    expect(await opening).toBeUndefined();
    expect(track.readyState).toBe('ended');
  });

  test('that is no longer listed is gone, also where its track is said to live', async () => {
    const { sound, voice, replaced } = await opened();
    sound.microphones.push(fakeMicrophone('Built-in').microphone);
    sound.plug('Built-in');
    await soon();
    expect([replaced, voice.trouble]).toEqual([['Built-in'], null]);
  });

  test('that was never listed is not gone when another device comes', async () => {
    const sound = new FakeSound();
    const voice = new CallMicrophone(sound, browserWorld.now, () => undefined);
    sound.microphones.push(fakeMicrophone('Built-in').microphone);
    await voice.open();
    sound.plug('Webcam');
    await soon();
    expect([voice.trouble, sound.opened]).toEqual([null, [undefined]]);
  });

  test('is used again once it is back, by its own name', async () => {
    const { sound, track, replaced } = await opened();
    const builtIn = fakeMicrophone('Built-in');
    sound.microphones.push(builtIn.microphone, fakeMicrophone('Headset').microphone);
    track.end();
    await soon();
    sound.plug('Built-in');
    sound.plug('Built-in', 'Headset');
    await soon();
    expect(replaced).toEqual(['Built-in', 'Headset returned']);
    expect(sound.opened).toEqual([undefined, undefined, 'Headset']);
    expect(builtIn.track.readyState).toBe('ended');
  });

  test('is kept where an earlier one is back and cannot be opened', async () => {
    const { sound, track, voice, replaced } = await opened();
    const builtIn = fakeMicrophone('Built-in');
    sound.microphones.push(builtIn.microphone, noMicrophone('busy'));
    track.end();
    await soon();
    sound.plug('Built-in');
    sound.plug('Built-in', 'Headset');
    await soon();
    expect([replaced, voice.trouble, builtIn.track.readyState]).toEqual([['Built-in'], null, 'live']);
  });

  test('that gives no sound is silent, until it gives some', async () => {
    const { sound, voice } = await opened();
    sound.loudness = { rmsDb: -120, peakDb: -120 };
    await vi.advanceTimersByTimeAsync(5_100);
    expect(voice.trouble).toBe('silent');
    sound.loudness = { rmsDb: -60, peakDb: -50 };
    await vi.advanceTimersByTimeAsync(100);
    expect(voice.trouble).toBeNull();
  });

  test('is open while muted, so that speech is noticed, and closed with the call', async () => {
    const { sound, track, voice } = await opened();
    voice.setMuted(true);
    sound.loudness = { rmsDb: -20, peakDb: -10 };
    await vi.advanceTimersByTimeAsync(800);
    expect([voice.speaksMuted, track.copy?.enabled]).toEqual([true, false]);
    voice.close();
    expect([voice.speaksMuted, track.readyState, track.copy?.readyState]).toEqual([false, 'ended', 'ended']);
  });

  test('follows what is chosen in the settings, at once, and forgets the one that it had lost', async () => {
    const { sound, track, voice, replaced } = await opened();
    sound.microphones.push(fakeMicrophone('Webcam').microphone);
    sound.choose();
    await soon();
    expect([replaced, track.readyState, voice.trouble]).toEqual([['Webcam chosen'], 'ended', null]);
  });

  test('follows a choice that is made while the browser is asking', async () => {
    const sound = new FakeSound();
    const replaced: string[] = [];
    const voice = new CallMicrophone(sound, browserWorld.now, (_stream, label) => replaced.push(label));
    const opening = voice.open();
    sound.choose();
    sound.microphones.push(fakeMicrophone('Webcam').microphone);
    sound.allow(fakeMicrophone('Headset').microphone);
    await opening;
    await soon();
    expect(replaced).toEqual(['Webcam']);
  });

  test('is kept where the chosen one cannot be opened, and says so', async () => {
    const { sound, track, voice, replaced } = await opened();
    sound.microphones.push(noMicrophone('busy'));
    sound.choose();
    await soon();
    expect([replaced, track.readyState, voice.trouble]).toEqual([['Headset kept'], 'live', null]);
  });

  test('no longer follows anything once it is closed', async () => {
    const { sound, voice } = await opened();
    voice.close();
    sound.choose();
    sound.plug('Webcam');
    expect(sound.opened).toEqual([undefined]);
  });
});
