import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { testCalls } from '../support/test-calls.ts';
import { TabLeader } from './tab-leader.ts';
import { TabMirror } from './tab-mirror.svelte.ts';

/** The channels of one browser: each message reaches all others of the same name at once. */
class FakeChannel {
  static open: FakeChannel[] = [];
  readonly name: string;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;

  constructor(name: string) {
    this.name = name;
    FakeChannel.open.push(this);
  }

  postMessage(data: unknown): void {
    for (const other of [...FakeChannel.open])
      if (other !== this && other.name === this.name) other.onmessage?.({ data: structuredClone(data) });
  }

  close(): void {
    FakeChannel.open = FakeChannel.open.filter((other) => other !== this);
  }
}

beforeEach(() => {
  FakeChannel.open = [];
  vi.stubGlobal('BroadcastChannel', FakeChannel);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** Two tabs of one terminal: the first leads, the second has just come. */
function tabs() {
  const set = testCalls();
  const word = { doubted: false };
  const leader = new TabLeader('101', {
    speaker: { number: '101', name: 'Ada' },
    word,
    connection: { health: { kind: 'ready' } },
    calls: set.calls,
    partyOf: (call) => ({ number: call.number, name: 'Ben' }),
  });
  const mirror = new TabMirror('101');
  const shown = () => mirror.phone?.calls.map(({ who, state }) => [who, state]);
  return { ...set, word, leader, mirror, shown };
}

test('a tab that comes shows whose phone it is, and its line', () => {
  const { mirror } = tabs();
  expect(mirror.phone).toMatchObject({ who: expect.stringContaining('Ada'), health: 'ready', calls: [] });
});

test('a call that rings in the leading tab is shown in the other, and declined there', () => {
  const { leader, mirror, offer, calls, shown } = tabs();
  offer('102');
  leader.tell();
  expect(shown()).toEqual([[expect.stringContaining('Ben'), 'ringing']]);
  const [call] = mirror.phone?.calls ?? [];
  mirror.act('hang-up', call?.local ?? -1);
  leader.tell();
  expect([calls.all, shown()]).toEqual([[], []]);
});

test('what is answered in the other tab is answered by the leading one', () => {
  const { leader, mirror, offer, calls } = tabs();
  offer('102');
  leader.tell();
  mirror.act('answer', mirror.phone?.calls[0]?.local ?? -1);
  expect(calls.all[0]?.state.kind).toBe('answering');
});

test('a call is muted in the other tab, and both know it', () => {
  const { leader, mirror, calls } = tabs();
  calls.place('102');
  leader.tell();
  mirror.act('mute', mirror.phone?.calls[0]?.local ?? -1);
  leader.tell();
  expect([calls.all[0]?.muted, mirror.phone?.calls[0]?.muted]).toEqual([true, true]);
});

test('a call that is over by then is not acted upon', () => {
  const { mirror, calls } = tabs();
  mirror.act('hang-up', 99);
  expect(calls.all).toEqual([]);
});

test('after a sleep nobody is named until the server has said who is here', () => {
  const { leader, mirror, word } = tabs();
  word.doubted = true;
  leader.tell();
  expect(mirror.phone?.who).toBeNull();
});

test('a tab that is frozen forgets, and asks again when it runs', () => {
  const { mirror } = tabs();
  document.dispatchEvent(new Event('freeze'));
  expect(mirror.phone).toBeNull();
  document.dispatchEvent(new Event('resume'));
  expect(mirror.phone?.health).toBe('ready');
  mirror.close();
});

test('the tabs of another terminal are not concerned, nor is what another version of the page says', () => {
  const { mirror } = tabs();
  const before = mirror.phone;
  new FakeChannel('perch.terminal.201').postMessage({
    kind: 'told',
    phone: { who: 'Chloe', health: 'ready', calls: [] },
  });
  new FakeChannel('perch.terminal.101').postMessage({ kind: 'told', phone: 'soon' });
  expect(mirror.phone).toBe(before);
});
