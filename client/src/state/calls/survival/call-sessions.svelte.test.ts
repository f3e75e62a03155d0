import { callId } from '@perch/shared';
import { describe, expect, test, vi } from 'vitest';
import { fakeMicrophone } from '../../../media/support/fake-microphone.ts';
import { FakeSession } from '../../../sip/support/fake-session.ts';
import { testCalls } from '../../support/test-calls.ts';

/** A phone in a call with 102, and the session that the server offers in place of its own. */
async function inCall() {
  const parts = testCalls();
  const { microphone } = fakeMicrophone('Headset');
  parts.sound.microphones.push(microphone);
  const old = parts.offer('102', callId('a'));
  const call = parts.calls.focused;
  if (call === null) throw new Error('it does not ring');
  call.answer();
  await vi.waitFor(() => expect(old.asked).toContain('answer'));
  old.says?.onAccepted();
  old.says?.onMedia('flowing');
  old.says?.onRemoteStream(ADA);
  const offer = (id = 'a') => {
    const next = new FakeSession('103', 'Chloe', callId(id));
    old.says?.onSuccessor(next);
    return next;
  };
  return { ...parts, call, old, offer };
}
const [ADA, CHLOE] = [{}, {}] as [MediaStream, MediaStream];

describe('a new session in place of the one that a call has', () => {
  test('is answered at once with what is sent already, and neither rings nor ends the old one', async () => {
    const { calls, old, offer } = await inCall();
    const next = offer();
    expect(calls.all.length).toBe(1);
    expect([next.asked, next.streams, old.asked]).toEqual([['answer'], old.streams, ['answer']]);
  });

  test('is heard from its first sound on; until then the old one is', async () => {
    const { call, offer } = await inCall();
    const next = offer();
    next.says?.onRemoteStream(CHLOE);
    next.says?.onAccepted();
    next.says?.onMedia('connecting');
    expect(call.audio.remote === ADA).toBe(true);
    next.says?.onMedia('flowing');
    expect(call.audio.remote === CHLOE).toBe(true);
  });

  test('goes on where the old one is ended before the browser has taken its answer', async () => {
    const { call, old, offer, over } = await inCall();
    const next = offer();
    old.says?.onOver('moved');
    expect([call.state.kind, next.asked]).toEqual(['talking', ['answer']]);
    next.says?.onAccepted();
    next.says?.onMedia('flowing');
    expect([call.state.kind, over]).toEqual(['talking', []]);
  });

  test('does not keep a call that has gone on elsewhere, if it fails', async () => {
    const { call, old, offer } = await inCall();
    const next = offer();
    old.says?.onOver('moved');
    next.says?.onOver('failed');
    expect(call.state).toEqual({ kind: 'over', ending: 'failed' });
  });

  test('does not keep a call that the other side has ended', async () => {
    const { call, old, offer } = await inCall();
    const next = offer();
    old.says?.onOver('there');
    expect([call.state.kind, next.asked]).toEqual(['over', ['answer', 'hang up']]);
  });

  test('goes on when the old one ends, and says what the call is called', async () => {
    const { call, old, offer, over } = await inCall();
    const since = call.since;
    const next = offer('b');
    expect(call.id).toBe('a');
    next.says?.onAccepted();
    old.says?.onMedia('interrupted');
    old.says?.onOver('moved');
    call.press('5');
    expect([call.state.kind, call.since, call.id]).toEqual(['talking', since, 'b']);
    expect([next.asked, old.asked]).toEqual([['answer', 'digit 5'], ['answer']]);
    next.says?.onOver('there');
    expect(over.length).toBe(1);
  });

  test('is put on hold again where this side holds the other', async () => {
    const { call, offer } = await inCall();
    call.hold.set(true, 0);
    const next = offer();
    next.says?.onAccepted();
    expect(next.asked).toEqual(['answer', 'hold']);
  });

  test('that fails leaves the call as it was', async () => {
    const { call, old, offer } = await inCall();
    const next = offer();
    next.says?.onOver('failed');
    next.says?.onMedia('interrupted');
    expect([call.state.kind, call.audio.remote === ADA]).toEqual(['talking', true]);
    call.hangUp();
    expect([old.asked.at(-1), next.asked]).toEqual(['hang up', ['answer']]);
  });

  test('ends with a call that is hung up meanwhile, by either side', async () => {
    const { call, old, offer } = await inCall();
    const [first, second] = [offer(), offer()];
    expect(first.asked).toEqual(['answer', 'hang up']);
    call.hangUp();
    expect([old.asked.at(-1), second.asked.at(-1)]).toEqual(['hang up', 'hang up']);
    const other = await inCall();
    const next = other.offer();
    other.old.says?.onOver('there');
    expect([next.asked, other.over.length]).toEqual([['answer', 'hang up'], 1]);
  });

  test('is answered also where the server knows only the one before: it was started anew', async () => {
    const { call, old, offer } = await inCall();
    const [next, again] = [offer(), new FakeSession('104', 'Dana', callId('a'))];
    next.says?.onAccepted();
    old.says?.onSuccessor(again);
    next.says?.onOver('connection');
    again.says?.onAccepted();
    again.says?.onRemoteStream(CHLOE);
    again.says?.onMedia('flowing');
    expect([again.asked, call.state.kind, call.audio.remote === CHLOE]).toEqual([
      ['answer'],
      'talking',
      true,
    ]);
  });

  test('goes on where the server knows neither the one before nor the one before that', async () => {
    const { call, old, offer, over } = await inCall();
    const [next, again] = [offer(), new FakeSession('104', 'Dana', callId('a'))];
    next.says?.onAccepted();
    old.says?.onSuccessor(again);
    next.says?.onOver('connection');
    old.says?.onOver('connection');
    again.says?.onAccepted();
    expect([call.state.kind, over, again.asked]).toEqual(['talking', [], ['answer']]);
  });

  test('is refused where the one that it is for has ended', async () => {
    const { old, offer } = await inCall();
    offer().says?.onAccepted();
    old.says?.onOver('moved');
    const late = new FakeSession('104', 'Dana', callId('a'));
    old.says?.onSuccessor(late);
    expect(late.asked).toEqual(['reject 486']);
  });

  test('that the server does not know, as it was started anew, leaves the call with the one before', async () => {
    const { call, old, offer, over } = await inCall();
    const next = offer();
    next.says?.onAccepted();
    next.says?.onRemoteStream(CHLOE);
    next.says?.onMedia('flowing');
    next.says?.onOver('connection');
    expect([call.state.kind, call.audio.remote === ADA, over]).toEqual(['talking', true, []]);
    call.hangUp();
    expect([old.asked.at(-1), next.asked]).toEqual(['hang up', ['answer']]);
  });

  test('that ends as calls do ends the call, though the one before is still there', async () => {
    const { call, old, offer } = await inCall();
    const next = offer();
    next.says?.onAccepted();
    next.says?.onOver('there');
    expect([call.state, old.asked.at(-1)]).toEqual([{ kind: 'over', ending: 'there' }, 'hang up']);
  });
});
