import { callId } from '@perch/shared';
import { describe, expect, test, vi } from 'vitest';
import { fakeMicrophone } from '../../media/support/fake-microphone.ts';
import { callView, testCalls } from '../support/test-calls.ts';

const RINGING = [callView('from 102')];

test('a call that is offered rings, with the server’s view of it', () => {
  const { calls, word, offer } = testCalls();
  offer();
  const { ringing } = calls;
  if (ringing === null) throw new Error('it does not ring');
  expect([ringing.number, calls.talking, calls.viewOf(ringing)]).toEqual(['102', null, undefined]);
  word.calls = [callView('from 103'), callView('from 102', { with: { number: 'anonymous', name: '' } })];
  expect(calls.viewOf(ringing)).toBe(word.calls[1]);
});

test('a call that rings here once more goes on in its new ring, and has not been missed', () => {
  const { calls, over, offer } = testCalls();
  const lost = offer();
  const anew = offer();
  expect([lost.asked, anew.asked, calls.all.length]).toEqual([['reject 408'], [], 1]);
  expect(over.map(({ state }) => state)).toEqual([{ kind: 'over', ending: 'moved' }]);
});

test('a second call is told that this phone is busy, and the first goes on', () => {
  const { calls, offer } = testCalls();
  offer('102');
  expect(offer('103').asked).toEqual(['reject 486']);
  expect(calls.ringing?.number).toBe('102');
});

test('while there is a call, no other is placed', () => {
  const { calls } = testCalls();
  calls.place('102');
  const first = calls.focused;
  calls.place('103');
  expect([calls.focused, calls.talking?.number, calls.ringing]).toEqual([first, '102', null]);
});

test('a visit to the Center is not a call to a person', () => {
  const { calls } = testCalls();
  calls.place('*30101');
  expect([calls.atCenter, calls.talking]).toEqual([true, null]);
});

test.for([
  ['102', { number: '101', name: 'Ada' }],
  ['*97', null],
  ['*30', null],
] as const)('who this side is in a call to %s: %j', async ([number, self]) => {
  const { calls, sound, word, invited } = testCalls();
  sound.microphones.push(fakeMicrophone('Headset').microphone);
  calls.place(number);
  await vi.waitFor(() => expect(invited).toHaveLength(1));
  invited[0]?.named(callId('a'));
  word.calls = [callView('a', { direction: 'outgoing', state: 'talking' })];
  const call = calls.byId(callId('a'));
  expect(call && calls.selfIn(call)).toEqual(self);
});

test('a call that is over leaves the phone free, and is reported once', () => {
  const { calls, over, offer } = testCalls();
  const session = offer();
  const call = calls.focused;
  session.says?.onOver('there');
  expect([calls.focused, over]).toEqual([null, [call]]);
  offer('103');
  expect(calls.ringing?.number).toBe('103');
});

test('a ringing call is dropped with its flow', () => {
  const { calls, over, offer } = testCalls();
  offer();
  calls.discardRinging();
  expect([calls.focused, over[0]?.state]).toEqual([null, { kind: 'over', ending: 'connection' }]);
});

describe('a ring', () => {
  test('needs no confirmation by the server for two seconds', () => {
    const { calls, pass, offer } = testCalls();
    offer();
    pass(1_999);
    expect(calls.ringing).not.toBeNull();
    pass(1);
    expect(calls.ringing).toBeNull();
    expect(calls.focused).not.toBeNull();
  });

  test('goes on as long as the server says so', () => {
    const { calls, word, pass, offer } = testCalls();
    offer();
    word.calls = RINGING;
    for (let second = 0; second < 20; second++) pass(1_000);
    expect(calls.ringing?.number).toBe('102');
  });

  test('is over a second after the server no longer mentions it: the caller is gone', () => {
    const { calls, word, over, pass, offer } = testCalls();
    offer();
    word.calls = RINGING;
    pass(5_000);
    word.calls = [];
    pass(0);
    pass(999);
    expect(calls.focused).not.toBeNull();
    pass(1);
    expect(over.map(({ state }) => state)).toEqual([{ kind: 'over', ending: 'there' }]);
  });

  test('is over when the server is silent: the line is gone', () => {
    const { calls, word, over, pass, offer } = testCalls();
    offer();
    word.calls = RINGING;
    pass(11_999, { heard: false });
    expect(calls.ringing).not.toBeNull();
    pass(1, { heard: false });
    pass(1_000, { heard: false });
    expect(over.map(({ state }) => state)).toEqual([{ kind: 'over', ending: 'connection' }]);
  });

  test('that the server mentions again in time goes on, and has a full second again', () => {
    const { calls, word, pass, offer } = testCalls();
    offer();
    pass(2_500);
    word.calls = RINGING;
    pass(500);
    word.calls = [];
    pass(0);
    pass(900);
    expect(calls.focused).not.toBeNull();
    pass(100);
    expect(calls.focused).toBeNull();
  });
});

test.for([
  ['102', 'mend'],
  ['*97', 'mend, with the server'],
] as const)('a call to %s is told that the line is back: %s', async ([number, mend]) => {
  const { calls, sound, invited } = testCalls();
  sound.microphones.push(fakeMicrophone('Headset').microphone);
  calls.place(number);
  await vi.waitFor(() => expect(invited).toHaveLength(1));
  calls.lineRestored(true);
  expect(invited[0]?.asked).toEqual([mend]);
});
