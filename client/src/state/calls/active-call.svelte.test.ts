import { describe, expect, test, vi } from 'vitest';
import { fakeMicrophone } from '../../media/support/fake-microphone.ts';
import { FakeSession } from '../../sip/support/fake-session.ts';
import { CallDesk } from './call-desk.svelte.ts';
import { FakeSound } from '../support/fake-sound.ts';
import { Settings } from '../page/settings.svelte.ts';

/** A phone whose browser is asking for the microphone as soon as there is a call. */
function phone() {
  const sound = new FakeSound();
  const called = new FakeSession('102');
  const invited: string[] = [];
  const desk = new CallDesk({
    sound,
    settings: new Settings(),
    clock: { now: Date.now() },
    lastWord: () => ({ heardAt: Date.now(), calls: [] }),
    iceServers: () => [],
    invite: (number) => {
      invited.push(number);
      return called;
    },
    onMicrophone: () => undefined,
    onOver: () => undefined,
  });
  const { microphone, track } = fakeMicrophone('Headset');
  const allow = async (): Promise<void> => {
    sound.allow(microphone);
    await Promise.resolve();
    await vi.waitFor(() => expect(desk.current?.isAsked ?? false).toBe(false));
  };
  return { desk, called, invited, track, allow };
}

describe('while the browser is asking for the microphone', () => {
  test('Mute and keys are meant for the call that comes of it', async () => {
    const { desk, called, track, allow } = phone();
    desk.place('102');
    desk.current?.toggleMute();
    desk.current?.press('1');
    desk.current?.press('2');
    await allow();
    await vi.waitFor(() => expect(called.asked).toEqual(['mute', 'digit 1', 'digit 2']));
    expect(track.enabled).toBe(false);
  });

  test('a caller who gives up sends nothing out, and keeps no microphone', async () => {
    const { desk, invited, track, allow } = phone();
    desk.place('102');
    desk.current?.hangUp();
    await allow();
    expect([invited, track.readyState]).toEqual([[], 'ended']);
  });

  test.for(['there', 'elsewhere'] as const)(
    'a caller who is gone (%s) is not answered, and no microphone is kept',
    async (ending) => {
      const { desk, track, allow } = phone();
      const ring = new FakeSession('102');
      desk.offer(ring);
      desk.current?.answer();
      ring.says?.onOver(ending);
      await allow();
      expect([desk.current, ring.asked, track.readyState]).toEqual([null, [], 'ended']);
    },
  );

  test('a ring that is lost with the line is over, so that it can ring anew', async () => {
    const { desk, track, allow } = phone();
    const [lost, anew] = [new FakeSession('102'), new FakeSession('102')];
    desk.offer(lost);
    desk.current?.answer();
    desk.discardRinging();
    desk.offer(anew);
    expect([lost.asked, anew.asked, desk.current?.state.kind]).toEqual([['reject 408'], [], 'offered']);
    await allow();
    expect([lost.asked, track.readyState]).toEqual([['reject 408'], 'ended']);
  });
});
