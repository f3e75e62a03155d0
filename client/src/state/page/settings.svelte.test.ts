import { beforeEach, expect, test } from 'vitest';
import { Settings } from './settings.svelte.ts';

const KEY = 'perch.settings';
const DEFAULTS = {
  theme: 'system',
  language: 'system',
  digits: 'automatic',
  soundProcessing: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  microphone: '',
  speaker: '',
  ringer: '',
  ringVolume: 0.7,
  keySounds: true,
  shortcuts: true,
  notifications: [],
  introduced: false,
  idleMinutes: 5,
  kiosk: false,
};

beforeEach(() => localStorage.clear());

test.for<[string, string | null]>([
  ['nothing', null],
  ['no JSON', '{"theme":'],
  ['a list', '[]'],
  ['nothing of ours', '{"color":"red"}'],
])('where %s is stored, each has its default', ([, stored]) => {
  if (stored !== null) localStorage.setItem(KEY, stored);
  expect(new Settings().values).toEqual(DEFAULTS);
});

test.for<[object, object]>([
  [{ theme: 'dark' }, { theme: 'dark' }],
  [{ theme: 'pink', digits: 'info' }, { digits: 'info' }],
  [{ ringVolume: 1.5, microphone: 'usb' }, { microphone: 'usb' }],
  [{ keySounds: 'yes', introduced: true }, { introduced: true }],
  [
    { soundProcessing: { noiseSuppression: false, autoGainControl: 'x' } },
    { soundProcessing: { echoCancellation: true, noiseSuppression: false, autoGainControl: true } },
  ],
  [{ soundProcessing: 'off' }, {}],
])('of %o, an unreadable part falls back alone', ([stored, expected]) => {
  localStorage.setItem(KEY, JSON.stringify(stored));
  expect(new Settings().values).toEqual({ ...DEFAULTS, ...expected });
});

test('a change is in force at once, leaves the rest, and is there after a reload', () => {
  const settings = new Settings();
  settings.change({ ringVolume: 0.2 });
  settings.change({ theme: 'light', speaker: 'desk' });
  const expected = { ...DEFAULTS, ringVolume: 0.2, theme: 'light', speaker: 'desk' };
  expect(settings.values).toEqual(expected);
  expect(new Settings().values).toEqual(expected);
});

test('what another page of the browser has changed stays', () => {
  const [ofAda, ofBen] = [new Settings(), new Settings()];
  ofAda.change({ theme: 'dark' });
  ofAda.setNotifies('101', true);
  ofBen.change({ keySounds: false });
  ofBen.setNotifies('102', true);
  expect(ofAda.notifies('101')).toBe(true);
  expect(new Settings().values).toEqual({
    ...DEFAULTS,
    ...{ theme: 'dark', keySounds: false, notifications: ['101', '102'] },
  });
  ofAda.setNotifies('101', false);
  expect(new Settings().values.notifications).toEqual(['102']);
});
