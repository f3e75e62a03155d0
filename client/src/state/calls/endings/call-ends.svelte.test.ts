import { callId } from '@perch/shared';
import { describe, expect, test, vi } from 'vitest';
import { m } from '../../../paraglide/messages.js';
import { fakeMicrophone } from '../../../media/support/fake-microphone.ts';
import type { FakeSession } from '../../../sip/support/fake-session.ts';
import { testCalls } from '../../support/test-calls.ts';
import { CallEnds } from './call-ends.ts';
import { Recents } from '../parties/recents.svelte.ts';

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
  const { calls, sound, invited, pass, offer } = testCalls({ onOver: (call) => ends.over(call, BEN) });
  const ring = (id = 'a'): FakeSession => {
    ends.offered(callId(id));
    return offer('102', callId(id));
  };
  const kinds = (): string[] => recents.list.map(({ kind }) => kind);
  return { calls, recents, said, again, sound, invited, ring, later: pass, kinds };
}

test('a call that could not be picked up is told of, and is neither listed nor dialled again', async () => {
  const { calls, sound, invited, said, kinds, again } = phone();
  sound.microphones.push(fakeMicrophone('Headset').microphone);
  calls.place('*691', BEN);
  await vi.waitFor(() => expect(invited).toHaveLength(1));
  invited[0]?.says?.onOver('no-such-number');
  expect([said, kinds(), again]).toEqual([[m.pick_up_failed({ who })], [], []]);
});

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
    const { ring, calls, kinds, said } = phone();
    const session = ring();
    calls.focused?.hangUp();
    expect([kinds(), said, session.asked]).toEqual([['declined'], [], ['reject 603']]);
  });

  test('and follows its extension to another phone leaves nothing', () => {
    const { ring, kinds, said } = phone();
    ring().says?.onOver('moved');
    expect([kinds(), said]).toEqual([[], []]);
  });

  test('and that the server no longer confirms waits for the CANCEL, which gives the reason', () => {
    const { ring, later, kinds, calls } = phone();
    const session = ring();
    later(2_500);
    expect([calls.ringing, kinds()]).toEqual([null, []]);
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
    const { ring, calls, kinds, said } = phone();
    ring();
    calls.discardRinging();
    expect([kinds(), said]).toEqual([['missed'], [m.ring_lost({ who })]]);
    ring();
    expect(kinds()).toEqual([]);
  });

  test('and is lost with the line was missed if the same person makes another call', () => {
    const { ring, calls, kinds } = phone();
    ring('a');
    calls.discardRinging();
    ring('b');
    expect(kinds()).toEqual(['missed']);
  });
});

describe('a call that was made', () => {
  test.for(['busy', 'no-such-number', 'failed', 'connection'] as const)(
    'and comes to nothing (%s) is not reached, and its number can be tried again',
    async (ending) => {
      const { calls, sound, invited, kinds, again, said } = phone();
      sound.microphones.push(fakeMicrophone('Headset').microphone);
      calls.place('102');
      await vi.waitFor(() => expect(invited).toHaveLength(1));
      invited[0]?.says?.onOver(ending);
      expect([kinds(), again, said.length]).toEqual([['not-reached'], ['102'], 1]);
    },
  );

  test('and is given up by the caller is one of the calls made', () => {
    const { calls, kinds, again, said } = phone();
    calls.place('102');
    calls.focused?.hangUp();
    expect([kinds(), again, said]).toEqual([['outgoing'], [], []]);
  });
});
