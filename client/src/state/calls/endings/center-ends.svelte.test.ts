import type { CenterOutcome } from '@perch/shared';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Ending } from '../../../phone/calls/call.ts';
import { m } from '../../../words/messages.svelte.ts';
import type { ActiveCall } from '../active-call.svelte.ts';
import { CallDialogue } from '../call-dialogue.svelte.ts';
import { CenterEnds } from './center-ends.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A call of `*30101` from a free station, with this ending and outcome. */
function visit({ ending = 'there' as Ending, outcome = null as CenterOutcome | null, text = '' } = {}) {
  const said: string[] = [];
  const here = { session: 'owner ' };
  const center = new CenterEnds({
    notices: { show: (sentence) => said.push(sentence) },
    session: () => here.session,
  });
  const dialogue = new CallDialogue({ name: 'center', number: '101' });
  if (dialogue.center !== null) dialogue.center = { ...dialogue.center, outcome, text };
  center.over({ dialogue, begunIn: 'owner ', state: { kind: 'over', ending } } as ActiveCall);
  return { said, here };
}

describe('a call to the Center', () => {
  test('that is lost with the line changes nothing, and says so once the server is back', () => {
    const { said } = visit({ ending: 'connection' });
    expect(said).toEqual([]);
    vi.advanceTimersByTime(1_500);
    expect(said).toEqual([m.center_lost()]);
  });

  test('that is lost after it had done what was asked says nothing of the kind', () => {
    const { said, here } = visit({ ending: 'connection' });
    here.session = 'guest 101';
    vi.advanceTimersByTime(10_000);
    expect(said).toEqual([]);
  });

  test('that the person gives up says nothing', () => {
    const { said } = visit({ ending: 'here' });
    vi.advanceTimersByTime(10_000);
    expect(said).toEqual([]);
  });

  test.for([
    ['accepted', []],
    ['not-allowed', ['said last']],
    ['refused', [m.center_refused({ center: '*30' })]],
  ] as const)('with the outcome %s leaves %j to be read', ([outcome, sentences]) => {
    expect(visit({ outcome, text: 'said last' }).said).toEqual(sentences);
  });
});
