import { callId } from '@perch/shared';
import { expect, test, vi } from 'vitest';
import { fakeMicrophone } from '../../../media/support/fake-microphone.ts';
import { callView, testCalls } from '../../support/test-calls.ts';
import { earSign } from './ear-sign.ts';

/** Ben has called, and is spoken to. */
async function talking() {
  const parts = testCalls();
  const { calls, sound, offer, word } = parts;
  sound.microphones.push(fakeMicrophone('Headset').microphone);
  const session = offer('102', callId('a'));
  const call = calls.focused;
  if (call === null) throw new Error('it does not ring');
  calls.answer(call);
  await vi.waitFor(() => expect(session.asked).toContain('answer'));
  session.says?.onAccepted();
  session.says?.onMedia('flowing');
  word.calls = [callView('a', { state: 'talking' })];
  return { ...parts, call, session };
}

test('in a call that is well, silence means nothing', async () => {
  const { calls } = await talking();
  expect(earSign(calls)).toBeNull();
  expect(earSign(testCalls().calls)).toBeNull();
});

test('who is on hold has a sign of it, until they are taken back', async () => {
  const { calls, session } = await talking();
  session.says?.onHeld(true);
  expect(earSign(calls)).toBe('held');
  session.says?.onHeld(false);
  expect(earSign(calls)).toBeNull();
});

test('also where only the server says so, as after a new session', async () => {
  const { calls, word } = await talking();
  word.calls = [callView('a', { state: 'talking', hold: { here: false, there: true } })];
  expect(earSign(calls)).toBe('held');
});

test('who holds the other side hears nothing of it', async () => {
  const { calls, call, session } = await talking();
  session.says?.onHeld(true);
  calls.toggleHold(call);
  expect(earSign(calls)).toBeNull();
});

test('that sound is interrupted, or the other phone away, is worth more than a hold', async () => {
  const { calls, session, word } = await talking();
  session.says?.onHeld(true);
  session.says?.onMedia('interrupted');
  expect(earSign(calls)).toBe('reconnecting');
  session.says?.onMedia('flowing');
  word.calls = [callView('a', { state: 'talking', otherSide: 'reconnecting' })];
  expect(earSign(calls)).toBe('reconnecting');
});
