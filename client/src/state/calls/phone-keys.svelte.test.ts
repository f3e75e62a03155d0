import { callId, type CenterEvent, type Party, type VoicemailEvent } from '@perch/shared';
import { describe, expect, test, vi } from 'vitest';
import { fakeMicrophone, noMicrophone } from '../../media/support/fake-microphone.ts';
import { DialText } from '../page/dial-text.svelte.ts';
import { testCalls } from '../support/test-calls.ts';
import { PhoneKeys } from './phone-keys.ts';

const ADA: Party = { number: '101', name: 'Ada' };

/** The keys of Ada's phone, and the sounds that they made. */
function phone(changes: Parameters<typeof testCalls>[0] = {}) {
  const { calls, sound, invited, offer } = testCalls(changes);
  const dialText = new DialText(() => ['112']);
  const word = { locked: false, speaker: ADA };
  const heard: string[] = [];
  const tie = { is: false };
  const keys = new PhoneKeys({
    calls,
    tie: { holds: () => tie.is },
    dialText,
    sound: { unblock: () => undefined, key: (key) => heard.push(key) },
    notices: { makeWay: () => heard.push('cleared') },
    choose: (what) => heard.push(what),
    park: (call) => heard.push(`park ${call.number}`),
    list: () => heard.push('list'),
    word,
  });
  /** Calls that number, and is answered under the id `a`. */
  const dial = async (number: string) => {
    sound.microphones.push(fakeMicrophone('Headset').microphone);
    keys.dial(number);
    await vi.waitFor(() => expect(invited).toHaveLength(1));
    const [session] = invited;
    if (session === undefined) throw new Error('nothing was called');
    session.named(callId('a'));
    session.says?.onAccepted();
    heard.length = 0;
    return session;
  };
  return { calls, sound, tie, dialText, keys, heard, offer, dial };
}

test('while it rings, keys go into the dial field', () => {
  const { calls, dialText, keys, offer } = phone();
  offer();
  keys.press('5');
  expect([dialText.value, calls.focused?.digits]).toEqual(['5', '']);
});

test('in a call with a person they are sent, kept, and heard as they are', async () => {
  const { calls, keys, heard, dial } = phone();
  const session = await dial('102');
  keys.press('5');
  expect([session.asked, calls.focused?.digits, calls.focused?.keypadOpen, heard]).toEqual([
    ['digit 5'],
    '5',
    true,
    ['5'],
  ]);
});

describe('in a call to the Center', () => {
  test('they are sent, not kept, and all sound the same', async () => {
    const { calls, keys, heard, dial } = phone();
    const session = await dial('*30101');
    keys.press('5');
    expect([session.asked, calls.focused?.digits, heard]).toEqual([['digit 5'], '', ['0']]);
  });

  test('Enter ends the entry of the code, and Backspace clears it', async () => {
    const { calls, keys, dial } = phone();
    const session = await dial('*30101');
    const say = (event: CenterEvent) => calls.hear(callId('a'), { kind: 'center', event });
    say({ kind: 'prompt', utterance: [{ prompt: 'enter-code' }], text: '' });
    expect(keys.secretEntered).toBe(0);
    say({ kind: 'digit', entered: 3 });
    expect(keys.secretEntered).toBe(3);
    keys.enter();
    keys.erase();
    expect(session.asked).toEqual(['digit #', 'digit *']);
  });
});

test('in a mailbox they sound alike until it is open', async () => {
  const { calls, keys, heard, dial } = phone();
  await dial('*97');
  keys.press('5');
  const say = (event: VoicemailEvent) => calls.hear(callId('a'), { kind: 'voicemail', event, at: 1 });
  say({ kind: 'opened', service: 'retrieval', mailbox: ADA });
  keys.press('5');
  say({ kind: 'keys', keys: [{ key: '1', action: 'again' }] });
  keys.press('5');
  expect(heard).toEqual(['0', '0', '5']);
});

test('without a microphone, the shortcut of Mute asks for one', async () => {
  const { calls, sound, keys, dial } = phone();
  sound.microphones.push(noMicrophone('dismissed'));
  await dial('102');
  keys.act('mute');
  expect([calls.focused?.muted, sound.opened.length]).toEqual([false, 2]);
});

test('nobody is called beside a call to which its person is tied', async () => {
  const { calls, tie, keys, dial } = phone({ most: 4 });
  tie.is = true;
  await dial('102');
  keys.dialBeside('103');
  expect(calls.all).toHaveLength(1);
  tie.is = false;
  keys.dialBeside('103');
  expect(calls.all).toHaveLength(2);
});

test('shortcuts act in the call that has the focus', async () => {
  const { calls, keys, heard, offer, dial } = phone();
  keys.act('mute');
  keys.act('list');
  expect(heard).toEqual(['list']);
  const session = await dial('102');
  keys.act('mute');
  keys.act('keypad');
  expect([calls.focused?.muted, calls.focused?.keypadOpen]).toEqual([true, true]);
  keys.act('park');
  expect(heard).toEqual(['park 102']);
  keys.act('end');
  expect([calls.focused, session.asked.at(-1)]).toEqual([null, 'hang up']);
  const declined = offer();
  keys.act('decline');
  expect(declined.asked).toEqual(['reject 603']);
  const sent = offer();
  keys.act('voicemail');
  expect(sent.asked).toEqual(['reject 302']);
  offer();
  keys.act('answer');
  expect(calls.focused?.state.kind).toBe('answering');
});
