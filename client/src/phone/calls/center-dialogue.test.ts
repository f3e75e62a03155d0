import type { CenterEvent } from '@perch/shared';
import { expect, test } from 'vitest';
import { follow, succeeded, type CenterDialogue } from './center-dialogue.ts';

const after = (...events: CenterEvent[]): CenterDialogue | null =>
  events.reduce<CenterDialogue | null>((dialogue, event) => follow(dialogue, event), null);

const opened: CenterEvent = { kind: 'opened', number: '101' };
const asked: CenterEvent = {
  kind: 'prompt',
  utterance: [{ prompt: 'enter-code' }],
  text: 'Please enter your secret code',
};
const wrong: CenterEvent = {
  kind: 'prompt',
  utterance: [{ prompt: 'wrong-code-two-left' }],
  text: 'That code is wrong. You have two tries left.',
};
const outcome = (of: 'accepted' | 'failed'): CenterEvent => ({
  kind: 'outcome',
  outcome: of,
  consequences: [],
});

test('nothing is followed before the Center has opened', () => {
  expect(after(asked, { kind: 'digit', entered: 1 })).toBeNull();
});

test('a dialogue begins with the extension that was dialled', () => {
  expect(after(opened)).toMatchObject({ number: '101', stage: 'extension', open: true });
  expect(after({ kind: 'opened' })).toMatchObject({ number: '' });
});

test('the words on the screen are those that are spoken, and digits are only counted', () => {
  const dialogue = after(opened, asked, { kind: 'digit', entered: 1 }, { kind: 'digit', entered: 2 });
  expect(dialogue).toMatchObject({ stage: 'code', text: 'Please enter your secret code', entered: 2 });
});

test('a wrong code empties the dots and leaves the tries', () => {
  const dialogue = after(
    opened,
    asked,
    { kind: 'digit', entered: 4 },
    { kind: 'tries-left', tries: 2 },
    wrong,
  );
  expect(dialogue).toMatchObject({ stage: 'code', entered: 0, triesLeft: 2, text: wrong.text });
});

test('the tries left are shown once: in the spoken sentence, or beside it', () => {
  const tries: CenterEvent = { kind: 'tries-left', tries: 2 };
  expect(after(opened, asked, tries, wrong)).toMatchObject({ triesLeft: 2, saysTries: true });
  expect(after(opened, asked, tries, wrong, asked)).toMatchObject({ triesLeft: 2, saysTries: false });
});

test('an outcome ends the dialogue, closing ends the call', () => {
  expect(after(opened, asked, outcome('accepted'))).toMatchObject({
    stage: 'done',
    outcome: 'accepted',
    open: true,
  });
  expect(after(opened, asked, outcome('failed'), { kind: 'closed' })).toMatchObject({
    outcome: 'failed',
    failedAt: 'code',
    open: false,
  });
  expect(after(opened, outcome('failed'))).toMatchObject({ failedAt: 'extension' });
  expect(after(opened, asked, outcome('accepted'))).toMatchObject({ failedAt: null });
  expect(succeeded('accepted')).toBe(true);
  expect(succeeded('failed')).toBe(false);
});

test('a second dialogue knows nothing of the first', () => {
  expect(after(opened, asked, { kind: 'tries-left', tries: 1 }, opened)).toMatchObject({
    triesLeft: null,
    stage: 'extension',
  });
});
