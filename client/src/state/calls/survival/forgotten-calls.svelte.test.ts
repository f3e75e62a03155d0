import { callId, type CallView } from '@perch/shared';
import { describe, expect, test, vi } from 'vitest';
import { fakeMicrophone } from '../../../media/support/fake-microphone.ts';
import { callView, testCalls } from '../../support/test-calls.ts';
import { ForgottenCalls } from './forgotten-calls.ts';

const PULSE_MS = 5_000;
const talking = (id: string, changes: Partial<CallView> = {}): CallView =>
  callView(id, { state: 'talking', ...changes });

/** A phone in a call, `a`, that the server has. */
async function inCall() {
  const parts = testCalls();
  parts.sound.microphones.push(fakeMicrophone('Headset').microphone);
  const session = parts.offer('102', callId('a'));
  const [call] = parts.calls.all;
  if (call === undefined) throw new Error('it does not ring');
  call.answer();
  await vi.waitFor(() => expect(session.asked).toContain('answer'));
  session.says?.onAccepted();
  const line = { registered: true, known: true };
  const { word } = parts;
  const forgotten = new ForgottenCalls({
    calls: parts.calls,
    word: {
      get calls() {
        return word.calls;
      },
      get heardAt() {
        return word.heardAt;
      },
      get callsKnown() {
        return line.known;
      },
    },
    isRegistered: () => line.registered,
  });
  /** The server is heard, so long after its last word, and has these calls. */
  const says = (calls: readonly CallView[], afterMs = PULSE_MS) => {
    word.calls = calls;
    parts.pass(afterMs);
    forgotten.look();
  };
  says([talking('a')]);
  return { ...parts, session, call, line, forgotten, says };
}

describe('a call whose end was not heard', () => {
  test('is over once the server has gone on without it, and its session is ended', async () => {
    const { over, session, says } = await inCall();
    says([]);
    says([]);
    expect(over).toEqual([]);
    says([]);
    expect(over.map(({ state }) => state)).toEqual([{ kind: 'over', ending: 'connection' }]);
    expect(session.asked.at(-1)).toBe('hang up');
  });

  test.for(['elsewhere', 'left'] as const)('is over here once the server has it only %s', async (here) => {
    const { over, says } = await inCall();
    for (let pulse = 0; pulse < 3; pulse++) says([talking('a', { here })]);
    expect(over).toHaveLength(1);
  });
});

describe('a call goes on', () => {
  test('as long as the server has it, however long, and on whichever side it waits', async () => {
    const { over, says } = await inCall();
    for (const here of ['here', 'away'] as const)
      for (let pulse = 0; pulse < 20; pulse++) says([talking('a', { here })]);
    expect(over).toEqual([]);
  });

  test('where the list that has it came late, after others that were held up together', async () => {
    const { over, says } = await inCall();
    for (let times = 0; times < 3; times++) says([], times === 0 ? 20_000 : 0);
    says([talking('a')], 0);
    for (let pulse = 0; pulse < 3; pulse++) says([talking('a')]);
    expect(over).toEqual([]);
  });

  test('while the server is silent', async () => {
    const { over, word, pass, forgotten } = await inCall();
    word.calls = [];
    forgotten.look();
    for (let second = 0; second < 60; second++) {
      pass(1_000, { heard: false });
      forgotten.look();
    }
    expect(over).toEqual([]);
  });

  test.for(['registered', 'known'] as const)('where it is not %s, and is counted anew then', async (what) => {
    const { over, line, says } = await inCall();
    line[what] = false;
    for (let pulse = 0; pulse < 5; pulse++) says([]);
    line[what] = true;
    says([]);
    expect(over).toEqual([]);
    says([talking('a')]);
    expect(over).toEqual([]);
  });

  test('that is being joined with another one, whose id it has already', async () => {
    const { over, session, says } = await inCall();
    session.named(callId('b'));
    for (let pulse = 0; pulse < 5; pulse++) says([talking('a')]);
    says([talking('b')]);
    expect(over).toEqual([]);
    for (let pulse = 0; pulse < 3; pulse++) says([]);
    expect(over).toHaveLength(1);
  });

  test('that is being brought here: its own answer says whether it does', async () => {
    const { calls, over, sound, session, says } = await inCall();
    session.says?.onOver('there');
    sound.microphones.push(fakeMicrophone('Headset').microphone);
    calls.takeUp(talking('c', { here: 'elsewhere' }), { since: 0, muted: false });
    for (let pulse = 0; pulse < 5; pulse++) says([talking('c', { here: 'elsewhere' })]);
    expect(over.map(({ id }) => id)).toEqual(['a']);
  });

  test('that has not been answered: its ring has rules of its own', async () => {
    const { calls, over, session, says, forgotten, offer } = await inCall();
    session.says?.onOver('there');
    offer('103');
    forgotten.look();
    expect(calls.all).toHaveLength(1);
    says([], 500);
    expect(over).toHaveLength(1);
  });
});
