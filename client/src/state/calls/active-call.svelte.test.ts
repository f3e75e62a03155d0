import { describe, expect, test, vi } from 'vitest';
import { fakeMicrophone } from '../../media/support/fake-microphone.ts';
import { testCalls } from '../support/test-calls.ts';

/** A phone whose browser is asking for the microphone as soon as there is a call. */
function phone() {
  const { calls, sound, invited, offer } = testCalls();
  const { microphone, track } = fakeMicrophone('Headset');
  const allow = async (): Promise<void> => {
    sound.allow(microphone);
    await Promise.resolve();
    await vi.waitFor(() => expect(calls.focused?.isAsked ?? false).toBe(false));
  };
  return { calls, invited, offer, track, allow };
}

describe('while the browser is asking for the microphone', () => {
  test('Mute and keys are meant for the call that comes of it', async () => {
    const { calls, invited, track, allow } = phone();
    calls.place('102');
    calls.focused?.toggleMute();
    calls.focused?.press('1');
    calls.focused?.press('2');
    await allow();
    await vi.waitFor(() => expect(invited[0]?.asked).toEqual(['digit 1', 'digit 2']));
    expect(track.copy?.enabled).toBe(false);
  });

  test('a caller who gives up sends nothing out, and keeps no microphone', async () => {
    const { calls, invited, track, allow } = phone();
    calls.place('102');
    calls.focused?.hangUp();
    await allow();
    expect([invited, track.readyState]).toEqual([[], 'ended']);
  });

  test.for(['there', 'elsewhere'] as const)(
    'a caller who is gone (%s) is not answered, and no microphone is kept',
    async (ending) => {
      const { calls, offer, track, allow } = phone();
      const ring = offer();
      calls.focused?.answer();
      ring.says?.onOver(ending);
      await allow();
      expect([calls.focused, ring.asked, track.readyState]).toEqual([null, [], 'ended']);
    },
  );

  test('a ring that is lost with the line is over, so that it can ring anew', async () => {
    const { calls, offer, track, allow } = phone();
    const lost = offer();
    calls.focused?.answer();
    calls.discardRinging();
    const anew = offer();
    expect([lost.asked, anew.asked, calls.focused?.state.kind]).toEqual([['reject 408'], [], 'offered']);
    await allow();
    expect([lost.asked, track.readyState]).toEqual([['reject 408'], 'ended']);
  });
});
