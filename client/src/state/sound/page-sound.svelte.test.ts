import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeAudioContext, FakeGain, FakeOscillator } from '../../media/support/fake-audio.ts';
import { Settings } from '../page/settings.svelte.ts';
import { PageSound } from './page-sound.svelte.ts';

/** The devices of this browser, which the test adds and removes. */
class FakeDevices extends EventTarget {
  list = [device('audioinput', 'mic', 'Headset'), device('audiooutput', 'speaker', 'Desk')];

  /** The microphone that is opened, and what it does to the voice whatever is asked of it. */
  getUserMedia(): Promise<object> {
    const settings = { echoCancellation: 'all', noiseSuppression: false, sampleRate: 48_000 };
    return Promise.resolve({ getAudioTracks: () => [{ getSettings: () => settings }] });
  }

  enumerateDevices(): Promise<readonly object[]> {
    return Promise.resolve(this.list);
  }

  change(...list: readonly object[]): void {
    this.list = list as typeof this.list;
    this.dispatchEvent(new Event('devicechange'));
  }
}
const device = (kind: MediaDeviceKind, deviceId: string, label: string) => ({
  kind,
  deviceId,
  label,
  groupId: '',
});

let devices: FakeDevices;
const sounds: PageSound[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  devices = new FakeDevices();
  FakeAudioContext.contexts.length = 0;
  vi.stubGlobal('navigator', { mediaDevices: devices });
  vi.stubGlobal('AudioContext', FakeAudioContext);
  vi.stubGlobal('GainNode', FakeGain);
  vi.stubGlobal('OscillatorNode', FakeOscillator);
});
afterEach(() => {
  for (const sound of sounds.splice(0)) sound.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The sound of a page with its two contexts: for voice, tones and keys, and for the ring. */
async function page(settings = new Settings()) {
  const sound = new PageSound(settings);
  sounds.push(sound);
  await settled();
  const [voice, ringer] = FakeAudioContext.contexts;
  if (voice === undefined || ringer === undefined) throw new Error('a context is missing');
  return { sound, settings, voice, ringer };
}
const settled = () => vi.advanceTimersByTimeAsync(0);

test('the devices are those of the browser, and watchers are called now and when they change', async () => {
  const { sound } = await page();
  await settled();
  expect(sound.devices).toEqual({
    microphones: [{ id: 'mic', label: 'Headset', group: '' }],
    speakers: [{ id: 'speaker', label: 'Desk', group: '' }],
  });
  let changes = 0;
  const end = sound.watchDevices(() => changes++);
  devices.change(device('audioinput', 'usb', 'USB'));
  await settled();
  expect([sound.devices.microphones, sound.devices.speakers, changes]).toEqual([
    [{ id: 'usb', label: 'USB', group: '' }],
    [],
    2,
  ]);
  end();
  devices.change();
  await settled();
  expect([sound.devices.microphones, changes]).toEqual([[], 2]);
});

test('once the microphone is allowed, devices are listed again, since they have names now', async () => {
  const { sound } = await page();
  await settled();
  devices.list = [device('audioinput', 'mic', 'Headset of Ada')];
  await sound.openMicrophone();
  await settled();
  expect(sound.devices.microphones).toEqual([{ id: 'mic', label: 'Headset of Ada', group: '' }]);
});

test('a key sounds with its two frequencies, unless key sounds are off', async () => {
  const { sound, settings, voice } = await page();
  sound.key('5');
  expect(voice.sounding).toEqual([770, 1336]);
  vi.advanceTimersByTime(300);
  expect(voice.sounding).toEqual([]);
  settings.change({ keySounds: false });
  sound.key('5');
  expect(voice.sounding).toEqual([]);
});

test('a tone sounds until it is ended', async () => {
  const { sound, voice, ringer } = await page();
  const end = sound.tone('ringback');
  vi.advanceTimersByTime(10_000);
  expect([voice.sounding, ringer.sounding]).toEqual([[425], []]);
  end();
  expect(voice.sounding).toEqual([]);
});

test('tones and keys sound on the speaker that is chosen, and on the default one once that is gone', async () => {
  const settings = new Settings();
  settings.change({ speaker: 'speaker' });
  const { sound, voice, ringer } = await page(settings);
  sound.key('5');
  await settled();
  expect([voice.sink, ringer.sink]).toEqual(['speaker', undefined]);
  voice.missing = 'speaker';
  devices.change();
  await settled();
  expect(voice.sink).toBe('');
});

test('what is really done to the voice is known once a microphone is open', async () => {
  const { sound } = await page();
  expect(sound.processing).toBeNull();
  await sound.openMicrophone();
  expect(sound.processing).toEqual({ echoCancellation: true, noiseSuppression: false });
});

test('a choice is told to those who wait for it, and nothing else that is set', async () => {
  const { sound, settings } = await page();
  let choices = 0;
  const end = sound.watchChoice(() => choices++);
  settings.change({ ringVolume: 0.1 });
  settings.change({ microphone: 'usb' });
  settings.change({ soundProcessing: { ...settings.values.soundProcessing, noiseSuppression: false } });
  expect(choices).toBe(2);
  end();
  settings.change({ microphone: '' });
  expect(choices).toBe(2);
});

test('it rings on the ringer’s device, as loud as was set, until it is ended', async () => {
  const settings = new Settings();
  settings.change({ ringer: 'hall', ringVolume: 0.5 });
  const { sound, voice, ringer } = await page(settings);
  const end = sound.ring();
  await settled();
  expect([ringer.sink, voice.sink]).toEqual(['hall', undefined]);
  expect([voice.sounding, ringer.sounding]).toEqual([[], [659.25, 830.6]]);
  expect(Math.max(...(ringer.gains[0]?.gain.levels ?? []))).toBeCloseTo(0.35 * 0.5);
  end();
  expect(ringer.sounding).toEqual([]);
});

/** The page's audio element: plays, unless it fails with `error`. */
function element(error?: unknown) {
  const audio = {
    error,
    srcObject: null as object | null,
    plays: 0,
    play: () => {
      if (audio.error !== undefined) return Promise.reject(audio.error as Error);
      audio.plays += 1;
      return Promise.resolve();
    },
  };
  return { audio, playing: audio as unknown as HTMLAudioElement };
}
const OTHER_SIDE = { id: 'the other side' } as MediaStream;
const tapFirst = new DOMException('tap first', 'NotAllowedError');

test.for([
  [tapFirst, 'touch'],
  [new DOMException('another stream', 'AbortError'), null],
  [new Error('anything else'), null],
] as const)('an audio element that fails with %s leaves the obstacle %s', async ([error, obstacle]) => {
  const { sound } = await page();
  sound.hear(OTHER_SIDE, element(error).playing);
  await settled();
  expect(sound.obstacle).toBe(obstacle);
});

test('where the other side may not be played, a touch plays it; tones that sound before do not take the obstacle away', async () => {
  const { sound, voice } = await page();
  const { audio, playing } = element(tapFirst);
  sound.hear(OTHER_SIDE, playing);
  await settled();
  sound.tone('held')();
  await settled();
  expect([sound.obstacle, audio.plays]).toEqual(['touch', 0]);
  sound.unblock();
  await settled();
  expect(sound.obstacle).toBe('touch');
  audio.error = undefined;
  sound.unblock();
  await settled();
  expect([sound.obstacle, audio.plays, voice.state]).toEqual([null, 1, 'running']);
  sound.unblock();
  expect(audio.plays).toBe(1);
});

test('an obstacle to hearing the other side is gone with the call, also where the browser says so late', async () => {
  const { sound } = await page();
  const { audio, playing } = element(tapFirst);
  sound.hear(OTHER_SIDE, playing);
  await settled();
  sound.hear(null, playing);
  expect([sound.obstacle, audio.srcObject]).toEqual([null, null]);
  sound.hear(OTHER_SIDE, playing);
  sound.hear(null, playing);
  await settled();
  expect(sound.obstacle).toBeNull();
});

test('once closed, both contexts are, and devices are watched no more', async () => {
  const { sound, voice, ringer } = await page();
  await settled();
  sound.close();
  devices.change();
  await settled();
  expect([voice.state, ringer.state, sound.devices.microphones.length]).toEqual(['closed', 'closed', 1]);
});
