import type { VoicemailEvent } from '@perch/shared';
import { describe, expect, test } from 'vitest';
import type { ActiveCall } from './active-call.svelte.ts';
import { VoicemailVisits } from './voicemail-visits.svelte.ts';

const ADA = { number: '202', name: 'Ada' };
const call = { direction: 'outgoing', number: '202' } as ActiveCall;

/** Somebody has been leaving a message for `ADA` since 1 s. */
function recording() {
  const visits = new VoicemailVisits(() => undefined);
  const events: VoicemailEvent[] = [
    { kind: 'opened', service: 'deposit', mailbox: ADA },
    { kind: 'recording', what: 'message', since: 1_000, longestMs: 120_000 },
  ];
  for (const event of events) visits.hear(event, 1_000);
  return visits;
}

describe('a message whose recording is cut off by the line', () => {
  test('has stopped at once, and is told of once its call is over', () => {
    const visits = recording();
    visits.watch(true, 9_000);
    visits.watch(true, 12_000);
    expect(visits.cutAt).toBe(9_000);
    expect(visits.takeCut()).toBeNull();
    visits.end(call);
    expect(visits.takeCut()).toEqual({ mailbox: ADA, ms: 8_000 });
    expect(visits.takeCut()).toBeNull();
  });

  test('goes on once line and sound have stood for 5 s', () => {
    const visits = recording();
    visits.watch(true, 9_000);
    visits.watch(false, 11_000);
    expect(visits.cutAt).toBe(9_000);
    visits.watch(false, 16_000);
    expect(visits.cutAt).toBeNull();
    visits.end(call);
    expect(visits.takeCut()).toBeNull();
  });

  test('is not promised where it is too short to be kept, or the person here has changed', () => {
    const short = recording();
    short.watch(true, 2_500);
    short.end(call);
    expect(short.takeCut()).toBeNull();
    const changed = recording();
    changed.watch(true, 9_000);
    changed.end(call);
    changed.forget();
    expect(changed.takeCut()).toBeNull();
  });
});
