import type { VoicemailEvent } from '@perch/shared';
import { describe, expect, test } from 'vitest';
import { CallDialogue } from './call-dialogue.svelte.ts';

const ADA = { number: '202', name: 'Ada' };

/** A person has been leaving a message for `ADA` since 1 s. */
function recording() {
  const dialogue = new CallDialogue(undefined);
  const events: VoicemailEvent[] = [
    { kind: 'opened', service: 'deposit', mailbox: ADA },
    { kind: 'recording', what: 'message', since: 1_000, longestMs: 120_000 },
  ];
  for (const event of events) dialogue.hear({ kind: 'voicemail', event, at: 1_000 });
  return dialogue;
}

describe('a message whose recording is cut off by the line', () => {
  test('has stopped at once', () => {
    const dialogue = recording();
    dialogue.watch(9_000, 9_000);
    dialogue.watch(12_000, 12_000);
    expect([dialogue.cutAt, dialogue.cutOff]).toEqual([9_000, { mailbox: ADA, ms: 8_000 }]);
  });

  test('goes on once line and sound have worked for 5 s', () => {
    const dialogue = recording();
    dialogue.watch(9_000, 9_000);
    dialogue.watch(null, 11_000);
    expect(dialogue.cutAt).toBe(9_000);
    dialogue.watch(null, 16_000);
    expect([dialogue.cutAt, dialogue.cutOff]).toEqual([null, null]);
  });

  test('is not promised where it is too short to be kept', () => {
    const dialogue = recording();
    dialogue.watch(2_500, 2_500);
    expect(dialogue.cutOff).toBeNull();
  });

  test('is promised up to the moment when the server was heard last, not when that was noticed', () => {
    const dialogue = recording();
    dialogue.watch(6_000, 18_000);
    expect(dialogue.cutOff).toEqual({ mailbox: ADA, ms: 5_000 });
    const early = recording();
    early.watch(2_000, 14_000);
    expect(early.cutOff).toBeNull();
  });
});

test('a dialogue with the Center begins with what was dialled, before its first word', () => {
  expect(new CallDialogue({ name: 'center', number: '101' }).center).toMatchObject({
    number: '101',
    text: '',
  });
  expect(new CallDialogue({ name: 'center', number: undefined }).center?.number).toBe('');
  expect(new CallDialogue({ name: 'voicemail' }).center).toBeNull();
});

test('another person does not see what an owner is listening to, but may see that a message is being left', () => {
  const leaving = recording();
  leaving.forget();
  expect(leaving.mailbox).not.toBeNull();
  const listening = new CallDialogue({ name: 'voicemail' });
  const hear = (event: VoicemailEvent) => listening.hear({ kind: 'voicemail', event, at: 1_000 });
  hear({ kind: 'opened', service: 'retrieval', mailbox: ADA });
  listening.forget();
  hear({ kind: 'keys', keys: [{ key: '1', action: 'again' }] });
  expect(listening.mailbox).toBeNull();
});
