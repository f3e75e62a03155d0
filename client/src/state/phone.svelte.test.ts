import type { TerminalView } from '@perch/shared';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeAudioContext, FakeGain, FakeOscillator } from '../media/support/fake-audio.ts';
import { browserWorld } from '../world/world.ts';
import { Phone } from './phone.svelte.ts';
import { Settings } from './page/settings.svelte.ts';
import { terminalView } from '../phone/page/support/test-view.ts';

class SilentSocket {
  static readonly OPEN = 1;
  static readonly CONNECTING = 0;
  readonly readyState = 0;
  send(): void {
    // Nobody is there.
  }
  close(): void {
    // Nobody was.
  }
}

/** A browser that keeps asking for permission to use the microphone. */
class AskingDevices extends EventTarget {
  getUserMedia(): Promise<never> {
    return new Promise(() => undefined);
  }
  enumerateDevices(): Promise<readonly object[]> {
    return Promise.resolve([]);
  }
}

const ADA = { number: '101', name: 'Ada' };
const BEN = { number: '102', name: 'Ben' };
const phones: Phone[] = [];
/** What was asked of the API, and how it is answered. */
const asked: string[] = [];
let answer: () => Promise<Response>;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  asked.length = 0;
  answer = () => Promise.resolve(new Response(null, { status: 204 }));
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: new AskingDevices() });
  vi.stubGlobal('WebSocket', SilentSocket);
  vi.stubGlobal('AudioContext', FakeAudioContext);
  vi.stubGlobal('GainNode', FakeGain);
  vi.stubGlobal('OscillatorNode', FakeOscillator);
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    return answer();
  });
});
afterEach(() => {
  for (const phone of phones.splice(0)) phone.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Ada's phone, or a station, and what the server says of it. */
function page(changes: Partial<TerminalView> = {}) {
  const phone = new Phone(
    {
      token: 't',
      number: '101',
      kind: 'phone',
      sip: { url: 'ws://localhost/sip', domain: 'demo.test' },
      iceServers: [],
    },
    new Settings(),
    browserWorld,
  );
  phones.push(phone);
  const hear = (more: Partial<TerminalView> = {}) =>
    phone.word.hear({
      kind: 'terminal',
      at: Date.now(),
      view: terminalView({ ...changes, ...more }),
    });
  hear();
  const press = (keys: string) => {
    for (const key of keys) phone.keys.press(key);
  };
  return { phone, hear, press };
}
const locked = { occupancy: { kind: 'locked', base: BEN, since: 1 } } as const;
const guest = { occupancy: { kind: 'guest', guest: BEN, since: 1 } } as const;

test('keys go into the dial field, one at a time, and are erased there', () => {
  const { phone, press } = page();
  press('102');
  phone.keys.erase();
  expect([phone.dialText.value, phone.calls.focused]).toEqual(['10', null]);
});

test.for([
  ['a number', {}, '102', '102'],
  ['one’s own number, which is one’s mailbox', {}, '101', '*97'],
  ['the Center', {}, '*30104', '*30104'],
  ['nothing', {}, '', undefined],
  ['a number, on a locked phone', locked, '102', undefined],
  ['help, on a locked phone', locked, '112', '112'],
  ['the Center, on a locked phone', locked, '*30', '*30'],
] as const)('Enter calls %s', ([, changes, keys, number]) => {
  const { phone, press } = page(changes);
  press(keys);
  phone.keys.enter();
  expect(phone.calls.focused?.number).toBe(number);
  expect(phone.dialText.value).toBe(number === undefined ? keys : '');
});

test('while there is a call, keys are meant for it, and nothing else is called', () => {
  const { phone, press } = page();
  phone.keys.dial('102');
  const call = phone.calls.focused;
  press('5');
  phone.keys.dial('103');
  expect([phone.calls.focused, phone.dialText.value, call?.keypadOpen]).toEqual([call, '', true]);
});

test('a new call clears old notices; those with an action stay', () => {
  const { phone } = page();
  phone.notices.show('Missed');
  phone.notices.show('Deleted', 'plain', { label: 'Undo', run: () => undefined });
  phone.keys.dial('102');
  expect(phone.notices.list.map(({ text }) => text)).toEqual(['Deleted']);
});

test.for([
  ['a personal phone', {}, ADA],
  ['a phone with a guest', guest, BEN],
  ['a locked phone', locked, null],
  ['a free station', { kind: 'station' }, null],
] as const)('%s speaks as %o', ([, changes, speaker]) => {
  expect(page(changes).phone.speaker).toEqual(speaker);
});

describe('the lamp', () => {
  const lamp = (phone: Phone, extension: string) =>
    phone.word.hear({ kind: 'mailbox', at: 1, extension, counts: { new: 3, heard: 1 } });

  test('counts the messages of the extension that speaks here, and no others', () => {
    const { phone, hear } = page();
    lamp(phone, '101');
    expect(phone.word.newMessages).toBe(3);
    hear(guest);
    expect(phone.word.newMessages).toBe(0);
  });

  test('is the desk’s own on a free station, and dark on a locked phone', () => {
    const station = page({ kind: 'station', owner: { number: '201', name: 'Desk' } }).phone;
    lamp(station, '201');
    expect(station.word.newMessages).toBe(3);
    const shut = page(locked).phone;
    lamp(shut, '101');
    expect(shut.word.newMessages).toBe(0);
  });
});

test('another person finds nothing of the previous one', () => {
  const { phone, hear, press } = page();
  press('102');
  phone.notices.show('Missed');
  const line = { number: '101', missed: 2, latest: 'a', favourites: ['102'] };
  phone.own.topic.hear({ kind: 'snapshot', topic: 'own', epoch: 'e', sequence: 1, lines: [line] });
  phone.own.elsewhere = ['a'];
  expect([phone.own.missed, phone.own.favourites]).toEqual([2, ['102']]);
  phone.showing = 'voicemail';
  const { mailbox } = phone;
  hear(guest);
  phone.forgetSession();
  expect([phone.dialText.value, phone.showing]).toEqual(['', 'keypad']);
  const { missed, latest, favourites, elsewhere } = phone.own;
  expect([missed, latest, favourites, elsewhere.length]).toEqual([0, null, [], 0]);
  expect(phone.notices.list.map(({ text }) => text)).not.toContain('Missed');
  expect(phone.mailbox).not.toBe(mailbox);
});

describe('returning home from the page', () => {
  test('asks the server once at a time', async () => {
    const { phone } = page();
    const presses = [phone.requests.returnHome(), phone.requests.returnHome()];
    expect(phone.requests.busy).toBe(true);
    expect(await Promise.all(presses)).toEqual([true, true]);
    expect([phone.requests.busy, asked, phone.notices.list]).toEqual([false, ['/api/terminal/return'], []]);
  });

  test('that is refused is reported, and can be tried again', async () => {
    const detail = 'Nobody is on this phone.';
    const refusal = { type: 'about:blank', title: 'Conflict', status: 409, detail, code: 'not-virtual' };
    answer = () => Promise.resolve(new Response(JSON.stringify(refusal), { status: 409 }));
    const { phone } = page();
    await phone.requests.undo();
    expect([phone.requests.busy, phone.notices.list.map(({ tone }) => tone)]).toEqual([false, ['bad']]);
  });
});

test('a phone that is closed hangs up', () => {
  const { phone } = page();
  phone.keys.dial('102');
  const call = phone.calls.focused;
  phone.close();
  phones.length = 0;
  expect(call?.state.kind).toBe('over');
});

test('the list of shortcuts opens over the page, and gives way to a call for help', () => {
  const { phone } = page();
  phone.keys.act('list');
  expect(phone.layers.shows('shortcuts')).toBe(true);
  phone.calls.place('112');
  phone.layers.giveWay();
  expect(phone.layers.shows('shortcuts')).toBe(false);
});
