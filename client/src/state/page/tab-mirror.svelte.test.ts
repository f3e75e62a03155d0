import type { Colleague } from '@perch/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeMicrophone, noMicrophone } from '../../media/support/fake-microphone.ts';
import type { ActiveCall } from '../calls/active-call.svelte.ts';
import { testCalls } from '../support/test-calls.ts';
import type { Tie } from '../calls/call-tie.ts';
import { TabLeader } from './tab-leader.svelte.ts';
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
  const set = testCalls({ most: 4 });
  const word = { doubted: false, locked: false, emergencyNumbers: ['112'] };
  /** What the leading tab has been asked to do, beside what its calls show. */
  const done: string[] = [];
  const note =
    (what: string) =>
    (...of: readonly unknown[]) =>
      void done.push(
        [what, ...of.map((each) => (typeof each === 'string' ? each : (each as ActiveCall).number))].join(
          ' ',
        ),
      );
  const sent = { to: null as string | null };
  const tie: { why: Tie | null } = { why: null };
  const shown = { everyone: 0 };
  const people: Colleague[] = ['Ben', 'Chloe', 'Chlodwig'].map((name, index) => ({
    number: String(102 + index),
    name,
    state: 'available',
  }));
  const leader = new TabLeader('101', {
    speaker: { number: '101', name: 'Ada' },
    colleagues: people,
    everyone: {
      show: () => {
        shown.everyone++;
        return () => shown.everyone--;
      },
    },
    tie,
    word,
    connection: { health: { kind: 'ready' } },
    calls: set.calls,
    keys: { dial: note('dial'), dialBeside: note('dial beside') },
    transfers: {
      of: (call) =>
        sent.to === null
          ? undefined
          : {
              call,
              who: { number: call.number, name: '' },
              to: { number: sent.to, name: '' },
              isBlind: true,
              state: 'ringing',
            },
      asking: null,
      asked: null,
      complete: note('complete'),
      canJoin: (...both) => both.every(({ since }) => since !== null),
      join: async (...both) => note('join')(...both),
      canPark: (call) => call.since !== null && sent.to === null,
      canTakeBack: () => sent.to !== null,
      park: note('park'),
      takeBack: async (call) => note('take back')(call),
      sendNow: note('send'),
      askFirst: note('ask'),
    },
    partyOf: (call) => ({ number: call.number, name: 'Ben' }),
  });
  const mirror = new TabMirror('101');
  const seen = () => mirror.phone?.calls.map(({ who, state }) => [who, state]);
  return { ...set, word, tie, leader, mirror, shown, seen, done, sent };
}

test('a tab that comes shows whose phone it is, and its line', () => {
  const { mirror } = tabs();
  expect(mirror.phone).toMatchObject({ who: expect.stringContaining('Ada'), health: 'ready', calls: [] });
});

test('a call that rings in the leading tab is shown in the other, and declined there', () => {
  const { leader, mirror, offer, calls, seen } = tabs();
  offer('102');
  leader.tell();
  expect(seen()).toEqual([[expect.stringContaining('Ben'), 'ringing']]);
  const [call] = mirror.phone?.calls ?? [];
  mirror.act('hang-up', call?.local ?? -1);
  leader.tell();
  expect([calls.all, seen()]).toEqual([[], []]);
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

/** A call of the leading tab that has been answered, and its number there. */
async function talking() {
  const set = tabs();
  set.sound.microphones.push(fakeMicrophone('Headset').microphone);
  const session = set.offer('102');
  set.leader.tell();
  const local = set.mirror.phone?.calls[0]?.local ?? -1;
  set.mirror.act('answer', local);
  await vi.waitFor(() => expect(session.asked).toContain('answer'));
  session.says?.onAccepted();
  set.leader.tell();
  return { ...set, session, local };
}

test('a caller is sent to voicemail in the other tab', () => {
  const { leader, mirror, offer } = tabs();
  const session = offer('102');
  leader.tell();
  mirror.act('to-voicemail', mirror.phone?.calls[0]?.local ?? -1);
  expect(session.asked).toEqual(['reject 302']);
});

test('keys that are pressed in the other tab are sent in the call', async () => {
  const { mirror, session, local } = await talking();
  mirror.press(local, '5');
  mirror.press(local, 'x');
  mirror.press(99, '7');
  expect(session.asked.at(-1)).toBe('digit 5');
});

test('a number that is typed in the other tab is dialled, and beside a call where there is one', async () => {
  const first = tabs();
  first.mirror.dial('1-0-3');
  first.mirror.dial('Chlo');
  first.mirror.dial('nobody');
  first.mirror.dial('chloe');
  expect(first.done).toEqual(['dial 103', 'dial 103']);
  const second = await talking();
  second.mirror.dial('103');
  expect(second.done).toEqual(['dial beside 103']);
});

test('a locked phone dials from the other tab what it may dial itself', () => {
  const { mirror, word, done } = tabs();
  word.locked = true;
  for (const text of ['103', '112', '*30']) mirror.dial(text);
  expect(done).toEqual(['dial 112', 'dial *30']);
});

test('a call is parked and sent on in the other tab, which says how that goes and takes it back', async () => {
  const { leader, mirror, local, done, sent } = await talking();
  expect(mirror.phone?.calls[0]).toMatchObject({
    movable: true,
    sent: null,
    can: ['mute', 'hold', 'park', 'hang-up'],
  });
  mirror.act('park', local);
  mirror.transfer(local, '103', true);
  mirror.transfer(local, 'nobody', false);
  mirror.transfer(local, '103', false);
  sent.to = '103';
  mirror.transfer(local, '104', false);
  leader.tell();
  expect(mirror.phone?.calls[0]).toMatchObject({
    movable: false,
    sent: expect.stringContaining('to 103'),
    can: ['mute', 'take-back', 'hang-up'],
  });
  mirror.act('take-back', local);
  expect(done).toEqual(['park 102', 'ask 102 103', 'send 102 103', 'take back 102']);
});

test('of two calls, the other is spoken to, and they become one conference', async () => {
  const { leader, mirror, calls, local, session, sound, invited, done } = await talking();
  sound.microphones.push(fakeMicrophone('Headset').microphone);
  calls.place('103');
  await vi.waitFor(() => expect(invited).toHaveLength(1));
  leader.tell();
  expect(mirror.phone?.calls.map(({ can }) => can)).toEqual([
    ['mute', 'swap', 'park', 'hang-up'],
    ['mute', 'hang-up'],
  ]);
  invited[0]?.says?.onAccepted();
  leader.tell();
  expect(mirror.phone?.calls[0]?.can).toEqual(['mute', 'swap', 'join', 'park', 'hang-up']);
  mirror.act('join', local);
  expect(done).toEqual(['join 103 102']);
  mirror.act('swap', local);
  leader.tell();
  expect(session.asked.slice(-2)).toEqual(['hold', 'unhold']);
  expect(mirror.phone?.calls.map(({ held }) => held)).toEqual([false, true]);
});

test('what is not possible is neither offered nor done', async () => {
  const { leader, mirror, tie, local, session, done } = await talking();
  tie.why = 'emergency';
  leader.tell();
  expect(mirror.phone?.calls[0]).toMatchObject({ movable: false, can: ['mute', 'hang-up'] });
  mirror.act('hold', local);
  mirror.act('park', local);
  mirror.act('join', local);
  tie.why = 'no-server';
  leader.tell();
  expect(mirror.phone?.calls[0]).toMatchObject({ movable: false, can: ['mute', 'hold', 'hang-up'] });
  expect([done, session.asked]).toEqual([[], ['answer']]);
});

test('a call without a microphone says so, and cannot be muted', async () => {
  const { leader, mirror, calls, sound } = tabs();
  sound.microphones.push(noMicrophone('refused'));
  calls.place('102');
  await vi.waitFor(() => expect(calls.all[0]?.isVoiceless).toBe(true));
  leader.tell();
  expect(mirror.phone?.calls[0]).toMatchObject({ voiceless: true, can: ['hang-up'] });
});

test('who is called what is typed is told, and the list is followed meanwhile', () => {
  const { leader, mirror, shown, word } = tabs();
  mirror.seek('chlo');
  leader.tell();
  expect([mirror.phone?.found.map(({ name }) => name), shown.everyone, leader.isSeeking]).toEqual([
    ['Chloe', 'Chlodwig'],
    1,
    true,
  ]);
  word.doubted = true;
  leader.tell();
  expect(mirror.phone?.found).toEqual([]);
  mirror.seek('b');
  mirror.close();
  expect([shown.everyone, leader.isSeeking]).toEqual([0, false]);
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
