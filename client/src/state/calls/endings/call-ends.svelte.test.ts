import { callId } from '@perch/shared';
import { describe, expect, test, vi } from 'vitest';
import { m } from '../../../words/messages.svelte.ts';
import { fakeMicrophone } from '../../../media/support/fake-microphone.ts';
import type { FakeSession } from '../../../sip/support/fake-session.ts';
import { testCalls } from '../../support/test-calls.ts';
import { CallEnds } from './call-ends.ts';

const BEN = { number: '102', name: 'Ben' };
const who = '102 \u2068Ben\u2069';

/** A phone with a person at it, and the sentences shown there. */
function phone() {
  const elsewhere: string[] = [];
  const said: string[] = [];
  const again: string[] = [];
  const ends = new CallEnds({
    notices: { show: (text) => said.push(text) },
    onElsewhere: (call) => elsewhere.push(call),
    onNotReached: (number) => again.push(number),
  });
  const { calls, sound, invited, pass, offer } = testCalls({ onOver: (call) => ends.over(call, BEN) });
  const ring = (id = 'a'): FakeSession => offer('102', callId(id));
  return { calls, elsewhere, said, again, sound, invited, ring, later: pass };
}

test('a call that could not be picked up is told of, and is not dialled again', async () => {
  const { calls, sound, invited, said, again } = phone();
  sound.microphones.push(fakeMicrophone('Headset').microphone);
  calls.place('*691', BEN);
  await vi.waitFor(() => expect(invited).toHaveLength(1));
  invited[0]?.says?.onOver('no-such-number');
  expect([said, again]).toEqual([[m.pick_up_failed({ who })], []]);
});

describe('a call that rings', () => {
  test('and is given up by the caller was missed', () => {
    const { ring, said, elsewhere } = phone();
    ring().says?.onOver('there');
    expect([said, elsewhere]).toEqual([[m.missed_call_from({ who })], []]);
  });

  test.for(['elsewhere', 'declined'] as const)(
    'and ends on another phone (%s) is known to have',
    (ending) => {
      const { ring, elsewhere } = phone();
      ring('b').says?.onOver(ending);
      expect(elsewhere).toEqual(['b']);
    },
  );

  test('and is answered on another phone says so', () => {
    const { ring, said } = phone();
    ring().says?.onOver('elsewhere');
    expect(said).toEqual([m.ending_elsewhere({ who })]);
  });

  test('and is declined here leaves no sentence', () => {
    const { ring, calls, elsewhere, said } = phone();
    const session = ring();
    calls.focused?.hangUp();
    expect([elsewhere, said, session.asked]).toEqual([[], [], ['reject 603']]);
  });

  test('and follows its extension to another phone leaves nothing', () => {
    const { ring, elsewhere, said } = phone();
    ring().says?.onOver('moved');
    expect([elsewhere, said]).toEqual([[], []]);
  });

  test('and that the server no longer confirms waits for the CANCEL, which gives the reason', () => {
    const { ring, later, elsewhere, calls } = phone();
    const session = ring();
    later(2_500);
    expect([calls.ringing, elsewhere]).toEqual([null, []]);
    session.says?.onOver('elsewhere');
    expect(elsewhere).toEqual(['a']);
  });

  test('and that the server no longer confirms is refused if no CANCEL comes', () => {
    const { ring, later } = phone();
    const session = ring();
    later(2_500);
    later(1_000);
    expect(session.asked).toEqual(['reject 408']);
  });

  test('and is lost with the line says so', () => {
    const { ring, calls, said } = phone();
    ring();
    calls.discardRinging();
    expect(said).toEqual([m.ring_lost({ who })]);
  });
});

describe('a call that was made', () => {
  test.for(['busy', 'no-such-number', 'failed', 'connection'] as const)(
    'and comes to nothing (%s) can be tried again',
    async (ending) => {
      const { calls, sound, invited, again, said } = phone();
      sound.microphones.push(fakeMicrophone('Headset').microphone);
      calls.place('102');
      await vi.waitFor(() => expect(invited).toHaveLength(1));
      invited[0]?.says?.onOver(ending);
      expect([again, said.length]).toEqual([['102'], 1]);
    },
  );

  test('and is given up by the caller is not offered again', () => {
    const { calls, again, said } = phone();
    calls.place('102');
    calls.focused?.hangUp();
    expect([again, said]).toEqual([[], []]);
  });
});
