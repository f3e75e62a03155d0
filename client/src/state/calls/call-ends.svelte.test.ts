import { describe, expect, test, vi } from 'vitest';
import { m } from '../../paraglide/messages.js';
import { FakeSession } from '../../sip/support/fake-session.ts';
import { fakeMicrophone } from '../../media/support/fake-microphone.ts';
import type { LastWord } from '../../phone/calls/ring-policy.ts';
import { CallDesk } from './call-desk.svelte.ts';
import { CallEnds } from './call-ends.ts';
import { FakeSound } from '../support/fake-sound.ts';
import { Recents } from './recents.svelte.ts';
import { Settings } from '../page/settings.svelte.ts';

const BEN = { number: '102', name: 'Ben' };
const who = '102 \u2068Ben\u2069';

/** A phone with a person at it, and the sentences shown there. */
function phone() {
  const recents = new Recents();
  const said: string[] = [];
  const again: string[] = [];
  const ends = new CallEnds({
    recents,
    notices: { show: (text) => said.push(text) },
    isKept: () => true,
    onNotReached: (number) => again.push(number),
  });
  const sound = new FakeSound();
  const clock = { now: Date.now() };
  let word: LastWord = { heardAt: clock.now, calls: [] };
  const called = new FakeSession('102');
  const desk = new CallDesk({
    sound,
    settings: new Settings(),
    clock,
    lastWord: () => word,
    iceServers: () => [],
    invite: () => called,
    onMicrophone: () => undefined,
    onOver: (call) => ends.over(call, BEN, null),
  });
  const ring = (): FakeSession => {
    const session = new FakeSession('102', 'Ben');
    ends.offered('102');
    desk.offer(session);
    return session;
  };
  /** That much later, the server says again that nothing rings. */
  const later = (ms: number): void => {
    clock.now += ms;
    word = { heardAt: clock.now, calls: [] };
    desk.dropStaleRing();
  };
  const kinds = (): string[] => recents.list.map(({ kind }) => kind);
  return { desk, recents, said, again, sound, called, clock, ring, later, kinds };
}

describe('a call that rings', () => {
  test('and is given up by the caller was missed', () => {
    const { ring, kinds, said, recents } = phone();
    ring().says?.onOver('there');
    expect([kinds(), said, recents.missed]).toEqual([['missed'], [m.missed_call_from({ who })], 1]);
  });

  test('and is answered on another phone was not missed', () => {
    const { ring, kinds, said, recents } = phone();
    ring().says?.onOver('elsewhere');
    expect([kinds(), said, recents.missed]).toEqual([['elsewhere'], [m.ending_elsewhere({ who })], 0]);
  });

  test('and is declined was not missed', () => {
    const { ring, desk, kinds, said } = phone();
    const session = ring();
    desk.current?.hangUp();
    expect([kinds(), said, session.asked]).toEqual([['declined'], [], ['reject 603']]);
  });

  test('and follows its extension to another phone leaves nothing', () => {
    const { ring, kinds, said } = phone();
    ring().says?.onOver('moved');
    expect([kinds(), said]).toEqual([[], []]);
  });

  test('and that the server no longer confirms waits for the CANCEL, which gives the reason', () => {
    const { ring, later, kinds, desk } = phone();
    const session = ring();
    later(2_500);
    expect([desk.ringing, kinds()]).toEqual([null, []]);
    session.says?.onOver('elsewhere');
    expect(kinds()).toEqual(['elsewhere']);
  });

  test('and that the server no longer confirms was missed if no CANCEL comes', () => {
    const { ring, later, kinds } = phone();
    const session = ring();
    later(2_500);
    later(1_000);
    expect([kinds(), session.asked]).toEqual([['missed'], ['reject 408']]);
  });

  test('and is lost with the line says so, and does not count as missed once it rings again', () => {
    const { ring, desk, kinds, said } = phone();
    ring();
    desk.discardRinging();
    expect([kinds(), said]).toEqual([['missed'], [m.ring_lost({ who })]]);
    ring();
    expect(kinds()).toEqual([]);
  });
});

describe('a call that was made', () => {
  test.for(['busy', 'no-such-number', 'failed', 'connection'] as const)(
    'and comes to nothing (%s) is not reached, and its number can be tried again',
    async (ending) => {
      const { desk, sound, called, kinds, again, said } = phone();
      sound.microphones.push(fakeMicrophone('Headset').microphone);
      desk.place('102');
      await vi.waitFor(() => expect(called.says).toBeDefined());
      called.says?.onOver(ending);
      expect([kinds(), again, said.length]).toEqual([['not-reached'], ['102'], 1]);
    },
  );

  test('and is given up by the caller is one of the calls made', () => {
    const { desk, kinds, again, said } = phone();
    desk.place('102');
    desk.current?.hangUp();
    expect([kinds(), again, said]).toEqual([['outgoing'], [], []]);
  });
});
