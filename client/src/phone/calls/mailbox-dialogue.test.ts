import { type PromptId, utteranceText, type VoicemailEvent, type VoicemailMessage } from '@perch/shared';
import { expect, test } from 'vitest';
import { follow, keysAreSecret, messageAtHand, type MailboxDialogue } from './mailbox-dialogue.ts';

const AT = 1_000;
const after = (...events: VoicemailEvent[]): MailboxDialogue | null =>
  events.reduce<MailboxDialogue | null>((dialogue, event) => follow(dialogue, event, AT), null);

const ada = { number: '101', name: 'Ada' };
const deposit: VoicemailEvent = { kind: 'opened', service: 'deposit', mailbox: ada };
const retrieval: VoicemailEvent = { kind: 'opened', service: 'retrieval', mailbox: ada };
const said = (...prompts: PromptId[]): VoicemailEvent => {
  const utterance = prompts.map((prompt) => ({ prompt }));
  return { kind: 'prompt', utterance, text: utteranceText(utterance, 'en') };
};
const message: VoicemailMessage = {
  id: 'm1',
  from: { number: '102', name: 'Ben' },
  at: 500,
  durationMs: 9_000,
  reason: 'no-answer',
  heard: false,
};
const playing: VoicemailEvent = { kind: 'playing', message, position: 1, of: 3 };
const recording: VoicemailEvent = { kind: 'recording', what: 'message', since: 900, longestMs: 300_000 };
const keys = (
  ...actions: Extract<VoicemailEvent, { kind: 'keys' }>['keys'][number]['action'][]
): VoicemailEvent => ({
  kind: 'keys',
  keys: actions.map((action, index) => ({ key: String(index), action })),
});

test('nothing is followed before the mailbox has opened', () => {
  expect(after(said('enter-pin'), recording, playing)).toBeNull();
});

test('a caller reads what is said, and it stays during the tone, which has no words', () => {
  expect(after(deposit, said('leave-message'), said('beep'))?.moment).toEqual({
    kind: 'words',
    text: utteranceText([{ prompt: 'leave-message' }], 'en'),
  });
});

test('what is recorded is known with when it began and how long it may be', () => {
  expect(after(deposit, { kind: 'greeting' })?.moment).toEqual({ kind: 'greeting' });
  expect(after(deposit, { kind: 'greeting' }, recording)?.moment).toEqual(recording);
});

test.for<readonly [string, boolean, readonly VoicemailEvent[]]>([
  ['the server says so', true, [recording, said('message-saved'), { kind: 'closed' }]],
  ['it was as long as it can be', true, [recording, said('message-at-limit'), { kind: 'closed' }]],
  ['it says so after the call', true, [recording, { kind: 'closed' }, { kind: 'kept' }]],
  ['the call just ends', false, [recording, { kind: 'closed' }]],
  ['it was too short', false, [recording, said('nothing-recorded'), { kind: 'closed' }]],
  ['the mailbox is full', false, [said('mailbox-full'), { kind: 'closed' }]],
])('a message is told to be saved where %s: %s', ([, saved, events]) => {
  expect(after(deposit, ...events)).toMatchObject({ saved });
});

test.for<readonly [VoicemailEvent, PromptId]>([
  [deposit, 'mailbox-full'],
  [deposit, 'no-recording-now'],
  [deposit, 'nothing-recorded'],
  [retrieval, 'no-longer-here'],
  [retrieval, 'goodbye-wrong-pin'],
  [retrieval, 'goodbye-no-pin'],
  [retrieval, 'no-pin'],
])('%o refused with %s is told in these words, whatever is said after', ([opened, prompt]) => {
  expect(after(opened, said(prompt), said('goodbye'))?.refusal).toBe(utteranceText([{ prompt }], 'en'));
});

test('an owner whose greeting cannot be recorded has still been let in', () => {
  expect(after(retrieval, playing, said('no-recording-now', 'message-menu'))?.refusal).toBeNull();
});

test('the digits of a PIN are only counted, and a wrong one empties the dots and leaves the tries', () => {
  const digit = (entered: number): VoicemailEvent => ({ kind: 'digit', entered });
  expect(after(retrieval, said('enter-pin'), digit(1), digit(2))?.access).toEqual({
    kind: 'pin',
    entered: 2,
    triesLeft: null,
    saysTries: false,
  });
  const wrong = [
    said('enter-pin'),
    digit(4),
    { kind: 'tries-left', tries: 2 },
    said('wrong-pin-two-left', 'enter-pin'),
  ] as const;
  expect(after(retrieval, ...wrong)?.access).toEqual({
    kind: 'pin',
    entered: 0,
    triesLeft: 2,
    saysTries: true,
  });
  expect(after(retrieval, ...wrong, digit(1), said('enter-pin'))?.access).toEqual({
    kind: 'pin',
    entered: 0,
    triesLeft: 2,
    saysTries: false,
  });
});

test.for<readonly [string, boolean, readonly VoicemailEvent[]]>([
  ['before the mailbox has opened', true, []],
  ['while it is not known whether a PIN is asked for', true, [retrieval]],
  ['while the PIN is asked for', true, [retrieval, said('enter-pin'), keys('finish-entry', 'leave')]],
  ['after a wrong PIN', true, [retrieval, said('enter-pin'), said('wrong-pin-one-left')]],
  ['when the messages are counted', false, [retrieval, said('enter-pin'), said('you-have', 'new-messages')]],
  ['when there are none', false, [retrieval, said('no-messages')]],
  ['when one plays', false, [retrieval, playing]],
  ['when keys act on it', false, [retrieval, keys('again', 'next')]],
  ['while a message is left', false, [deposit]],
])('a key pressed %s may be one of a PIN: %s', ([, secret, events]) => {
  expect(keysAreSecret(after(...events))).toBe(secret);
});

test.for<readonly [string, VoicemailEvent[]]>([
  ['the keys', [recording, keys('finish-recording')]],
  ['the recording', [keys('finish-recording'), recording]],
])('a recording whose news begins with %s ends when it can no longer be finished', ([, news]) => {
  expect(after(deposit, ...news)?.moment.kind).toBe('recording');
  expect(after(deposit, ...news, keys())?.moment.kind).toBe('silence');
});

test('a message that plays is known with its place, and at hand for as long as keys act on it', () => {
  const dialogue = after(retrieval, keys('again', 'delete'), playing);
  expect(dialogue).toMatchObject({
    moment: { kind: 'message', since: AT },
    message: { id: 'm1', position: 1, of: 3 },
  });
  const walked = [keys('again', 'delete'), playing, said('message-menu')] as const;
  const greeting = [said('record-greeting'), keys('skip', 'keep-old-greeting')] as const;
  const atHand = (...events: VoicemailEvent[]): string | undefined => {
    const followed = after(retrieval, ...events);
    return followed === null ? undefined : messageAtHand(followed)?.id;
  };
  expect(atHand(...walked)).toBe('m1');
  expect(atHand(...walked, ...greeting)).toBeUndefined();
  expect(
    atHand(...walked, ...greeting, said('greeting-saved', 'message-menu'), keys('again', 'delete')),
  ).toBe('m1');
});

test.for<PromptId>([
  'new-message-from',
  'heard-message-from',
  'message-deleted',
  'no-more-messages',
  'empty-menu',
])('after %s no key acts on the message before', (prompt) => {
  expect(after(retrieval, playing, said(prompt))?.message).toBeNull();
});

test('a closed dialogue offers no keys', () => {
  expect(after(retrieval, keys('again', 'next'), { kind: 'closed' })?.keys).toEqual([]);
});

test('a second dialogue knows nothing of the first', () => {
  expect(after(deposit, recording, said('message-saved'), deposit)).toEqual(after(deposit));
});
