import type { VoicemailEvent } from '@perch/shared';
import { describe, expect, test } from 'vitest';
import type { ActiveCall } from './active-call.svelte.ts';
import { VoicemailVisits } from './voicemail-visits.svelte.ts';

const ADA = { number: '202', name: 'Ada' };
const call = { direction: 'outgoing', number: '202' } as ActiveCall;

/** A person has been leaving a message for `ADA` since 1 s. */
function recording(onKept = (): void => undefined) {
  const visits = new VoicemailVisits(onKept);
  const events: VoicemailEvent[] = [
    { kind: 'opened', service: 'deposit', mailbox: ADA },
    { kind: 'recording', what: 'message', since: 1_000, longestMs: 120_000 },
  ];
  for (const event of events) visits.hear(event, 1_000);
  return visits;
}

describe('a message whose recording is cut off by the line', () => {
  test('has stopped at once, and is reported once its call is over', () => {
    const visits = recording();
    visits.watch(9_000, 9_000);
    visits.watch(12_000, 12_000);
    expect(visits.cutAt).toBe(9_000);
    expect(visits.takeCut()).toBeNull();
    visits.end(call);
    expect(visits.takeCut()).toEqual({ mailbox: ADA, ms: 8_000 });
    expect(visits.takeCut()).toBeNull();
  });

  test('goes on once line and sound have worked for 5 s', () => {
    const visits = recording();
    visits.watch(9_000, 9_000);
    visits.watch(null, 11_000);
    expect(visits.cutAt).toBe(9_000);
    visits.watch(null, 16_000);
    expect(visits.cutAt).toBeNull();
    visits.end(call);
    expect(visits.takeCut()).toBeNull();
  });

  test('is not promised where it is too short to be kept, or the person here has changed', () => {
    const short = recording();
    short.watch(2_500, 2_500);
    short.end(call);
    expect(short.takeCut()).toBeNull();
    const changed = recording();
    changed.watch(9_000, 9_000);
    changed.end(call);
    changed.forget();
    expect(changed.takeCut()).toBeNull();
  });

  test('is promised up to the moment when the server was heard last, not when that was noticed', () => {
    const visits = recording();
    visits.watch(6_000, 18_000);
    visits.end(call);
    expect(visits.takeCut()).toEqual({ mailbox: ADA, ms: 5_000 });
    const early = recording();
    early.watch(2_000, 14_000);
    early.end(call);
    expect(early.takeCut()).toBeNull();
  });

  test('is reported once, whether the server says first that it is kept or the line is back first', () => {
    let kept = 0;
    const told = recording(() => kept++);
    told.watch(9_000, 9_000);
    told.end(call);
    told.hear({ kind: 'kept' }, 12_000);
    expect([kept, told.takeCut()]).toEqual([1, null]);
    const back = recording(() => kept++);
    back.watch(9_000, 9_000);
    back.end(call);
    expect(back.takeCut()).not.toBeNull();
    back.hear({ kind: 'kept' }, 12_000);
    expect(kept).toBe(1);
  });
});
