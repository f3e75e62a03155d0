import { callId, type VoicemailEvent } from '@perch/shared';
import { expect, test } from 'vitest';
import type { Health } from '../../../phone/line/health.ts';
import type { ActiveCall } from '../active-call.svelte.ts';
import { CallDialogue } from '../call-dialogue.svelte.ts';
import { LeftMessages } from '../endings/left-messages.ts';
import { RecordingWatch } from './recording-watch.ts';

const ADA = { number: '202', name: 'Ada' };
/** How much the server's clock is ahead of this browser's (milliseconds). */
const AHEAD = 100_000;

/** A person has been leaving Ada a message since 1 s by this browser's clock; the line is up, and the sound flows. */
function page() {
  const dialogue = new CallDialogue(undefined);
  const events: VoicemailEvent[] = [
    { kind: 'opened', service: 'deposit', mailbox: ADA },
    { kind: 'recording', what: 'message', since: AHEAD + 1_000, longestMs: 120_000 },
  ];
  for (const event of events) dialogue.hear({ kind: 'voicemail', event, at: AHEAD + 1_000 });
  const clock = { now: 1_000 };
  const told: string[] = [];
  const now = { health: { kind: 'ready', age: 0 } as Health, media: 'flowing' };
  const call = {
    id: callId('a'),
    dialogue,
    get state() {
      return { kind: 'talking', media: now.media };
    },
  } as ActiveCall;
  const calls = { all: [call] };
  const left = new LeftMessages(() => undefined);
  const watch = new RecordingWatch({
    calls,
    left,
    notices: { show: (text) => told.push(text) },
    clock,
    word: { offset: AHEAD },
    health: () => now.health,
  });
  const look = (at: number, changes: Partial<typeof now> = {}) => {
    Object.assign(now, changes);
    clock.now = at;
    watch.look();
  };
  const end = () => {
    calls.all = [];
    left.over(call);
  };
  return { dialogue, told, look, end };
}

const offline = (lastHeard: number | null): Health => ({ kind: 'offline', nextTryAt: null, lastHeard });

test('while line and sound work, speech is recorded', () => {
  const { dialogue, told, look } = page();
  look(9_000);
  expect([dialogue.cutAt, told]).toEqual([null, []]);
});

test('a line that is down cuts the recording where the server was heard last, by the server’s clock', () => {
  const { dialogue, look } = page();
  look(20_000, { health: offline(8_000) });
  expect(dialogue.cutAt).toBe(AHEAD + 8_000);
});

test('a line that went down before the next word was due cuts it now', () => {
  const { dialogue, look } = page();
  look(9_000, { health: offline(8_000) });
  expect(dialogue.cutAt).toBe(AHEAD + 9_000);
});

test('sound that is interrupted cuts it now, though the line is up', () => {
  const { dialogue, look } = page();
  look(9_000, { media: 'interrupted' });
  look(12_000);
  expect(dialogue.cutAt).toBe(AHEAD + 9_000);
});

test('a message that was cut off is reported once, when the line is back', () => {
  const { told, look, end } = page();
  look(9_000, { health: offline(8_500) });
  end();
  look(10_000);
  expect(told).toEqual([]);
  look(15_000, { health: { kind: 'ready', age: 0 } });
  look(16_000);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/Ada.*0:08/);
});
