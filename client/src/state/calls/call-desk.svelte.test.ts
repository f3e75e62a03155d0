import type { CallView } from '@perch/shared';
import { describe, expect, test, vi } from 'vitest';
import { FakeSession } from '../../sip/support/fake-session.ts';
import type { ActiveCall } from './active-call.svelte.ts';
import { CallDesk } from './call-desk.svelte.ts';
import { FakeSound } from '../support/fake-sound.ts';
import { Settings } from '../page/settings.svelte.ts';

const ringing = (number: string): CallView =>
  ({ direction: 'incoming', state: 'ringing', with: { number, name: 'Ben' } }) as unknown as CallView;

/** A desk with a clock and a server that the test controls. */
function phone() {
  const clock = { now: Date.now() };
  const word = { heardAt: clock.now, calls: [] as readonly CallView[] };
  const over: ActiveCall[] = [];
  const invited: string[] = [];
  const desk = new CallDesk({
    sound: new FakeSound(),
    settings: new Settings(),
    clock,
    lastWord: () => word,
    iceServers: () => [],
    invite: (number) => {
      invited.push(number);
      return new FakeSession(number);
    },
    onMicrophone: () => undefined,
    onOver: (call) => over.push(call),
  });
  /** Lets time pass, in which the server is heard, or not. */
  const pass = (ms: number, { heard = true } = {}) => {
    clock.now += ms;
    if (heard) word.heardAt = clock.now;
    desk.dropStaleRing();
  };
  const offer = (number = '102') => {
    const session = new FakeSession(number, 'Ben');
    desk.offer(session);
    return session;
  };
  return { desk, word, over, invited, pass, offer };
}

test('a call that is offered rings, with the server’s view of it', () => {
  const { desk, word, offer } = phone();
  offer();
  expect([desk.ringing?.number, desk.talking, desk.ringingView]).toEqual(['102', null, undefined]);
  word.calls = [ringing('103'), ringing('102')];
  expect(desk.ringingView?.with.number).toBe('102');
});

test('a second call is told that this phone is busy, and the first goes on', () => {
  const { desk, offer } = phone();
  offer('102');
  expect(offer('103').asked).toEqual(['reject 486']);
  expect(desk.ringing?.number).toBe('102');
});

test('while there is a call, no other is placed', () => {
  const { desk } = phone();
  desk.place('102');
  const first = desk.current;
  desk.place('103');
  expect([desk.current, desk.talking?.number, desk.ringing]).toEqual([first, '102', null]);
});

test('a visit to the Center is not a call to a person', () => {
  const { desk } = phone();
  desk.place('*30101');
  expect([desk.atCenter, desk.talking]).toEqual([true, null]);
});

test('a call that is over leaves the desk free, and is reported once', () => {
  const { desk, over, offer } = phone();
  const session = offer();
  const call = desk.current;
  session.says?.onOver('there');
  expect([desk.current, over]).toEqual([null, [call]]);
  offer('103');
  expect(desk.ringing?.number).toBe('103');
});

test('a ringing call is dropped with its flow', () => {
  const { desk, over, offer } = phone();
  offer();
  desk.discardRinging();
  expect([desk.current, over[0]?.state]).toEqual([null, { kind: 'over', ending: 'connection' }]);
});

describe('a ring', () => {
  test('needs no confirmation by the server for two seconds', () => {
    const { desk, pass, offer } = phone();
    offer();
    pass(1_999);
    expect(desk.ringing).not.toBeNull();
    pass(1);
    expect(desk.ringing).toBeNull();
    expect(desk.current).not.toBeNull();
  });

  test('goes on as long as the server says so', () => {
    const { desk, word, pass, offer } = phone();
    offer();
    word.calls = [ringing('102')];
    for (let second = 0; second < 20; second++) pass(1_000);
    expect(desk.ringing?.number).toBe('102');
  });

  test('is over a second after the server no longer mentions it: the caller is gone', () => {
    const { desk, word, over, pass, offer } = phone();
    offer();
    word.calls = [ringing('102')];
    pass(5_000);
    word.calls = [];
    pass(0);
    pass(999);
    expect(desk.current).not.toBeNull();
    pass(1);
    expect(over.map(({ state }) => state)).toEqual([{ kind: 'over', ending: 'there' }]);
  });

  test('is over when the server is silent: the line is gone', () => {
    const { desk, word, over, pass, offer } = phone();
    offer();
    word.calls = [ringing('102')];
    pass(11_999, { heard: false });
    expect(desk.ringing).not.toBeNull();
    pass(1, { heard: false });
    pass(1_000, { heard: false });
    expect(over.map(({ state }) => state)).toEqual([{ kind: 'over', ending: 'connection' }]);
  });

  test('that the server mentions again in time goes on, and has a full second again', () => {
    const { desk, word, pass, offer } = phone();
    offer();
    pass(2_500);
    word.calls = [ringing('102')];
    pass(500);
    word.calls = [];
    pass(0);
    pass(900);
    expect(desk.current).not.toBeNull();
    pass(100);
    expect(desk.current).toBeNull();
  });
});

test('a call is told that the line is back, and whether it is with the server', async () => {
  const { desk, offer } = phone();
  const session = offer();
  const asked: ActiveCall[] = [];
  desk.lineRestored((call) => {
    asked.push(call);
    return true;
  });
  expect(asked).toEqual([desk.current]);
  await vi.waitFor(() => expect(session.asked).toEqual(['mend']));
});
