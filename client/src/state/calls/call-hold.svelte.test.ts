import { describe, expect, test } from 'vitest';
import { fakeMicrophone } from '../../media/support/fake-microphone.ts';
import { FakeSession } from '../../sip/support/fake-session.ts';
import { FakeSound } from '../support/fake-sound.ts';
import { CallHold } from './call-hold.svelte.ts';

function call() {
  const sound = new FakeSound();
  const hold = new CallHold(sound);
  const voice = fakeMicrophone('Headset').microphone.stream;
  const session = new FakeSession('102');
  session.streams.push(hold.begin(voice));
  hold.attach(session);
  return { sound, hold, voice, session };
}
/** Streams have no equality of their own that a test could print. */
const names = (streams: readonly MediaStream[]) => streams.map((stream) => stream.getAudioTracks()[0]?.label);

test('a held side hears music instead of the microphone, and the voice again afterwards', () => {
  const { sound, hold, session } = call();
  hold.set(true, 1);
  hold.set(true, 1);
  expect([names(session.streams), session.asked]).toEqual([['Headset', 'music'], ['hold']]);
  hold.set(false, 2);
  expect([names(session.streams), session.asked]).toEqual([
    ['Headset', 'music', 'Headset'],
    ['hold', 'unhold'],
  ]);
  expect(sound.music.map((stream) => stream.getAudioTracks()[0]?.readyState)).toEqual(['ended']);
});

describe('while it holds', () => {
  test('another microphone is not heard, until the other side is taken back', () => {
    const { hold, session } = call();
    hold.set(true, 1);
    hold.speak(fakeMicrophone('Loudspeaker').microphone.stream);
    expect(names(session.streams)).toEqual(['Headset', 'music']);
    hold.set(false, 2);
    expect(names(session.streams)).toEqual(['Headset', 'music', 'Loudspeaker']);
  });

  test('a session that takes the place of the first one holds as well, with the same music', () => {
    const { sound, hold } = call();
    hold.set(true, 1);
    const next = new FakeSession('102');
    hold.attach(next);
    expect([names(next.streams), next.asked, sound.music.length]).toEqual([['music'], ['hold'], 1]);
  });

  test('a call that begins so begins with music', () => {
    const hold = new CallHold(new FakeSound());
    hold.set(true, 1);
    expect(names([hold.begin(fakeMicrophone('Headset').microphone.stream)])).toEqual(['music']);
  });

  test('the music ends with the call', () => {
    const { sound, hold } = call();
    hold.set(true, 1);
    hold.close();
    expect(sound.music.map((stream) => stream.getAudioTracks()[0]?.readyState)).toEqual(['ended']);
  });
});

test('a new session is not on hold by the other side until it says so', () => {
  const { hold } = call();
  hold.there = true;
  hold.attach(new FakeSession('102'));
  expect(hold.there).toBe(false);
});
