import { callId, type CallView, type Party } from '@perch/shared';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeMicrophone } from '../../media/support/fake-microphone.ts';
import { callView, testCalls } from '../support/test-calls.ts';
import type { ActiveCall } from './active-call.svelte.ts';
import type { CallTie } from './call-tie.ts';
import { Transfers } from './transfers.svelte.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Ben has called, and is spoken to. The server joins calls when it is asked, or refuses. */
async function talkingToBen(joins = true, given: () => Promise<boolean> = () => Promise.resolve(true)) {
  const notices: string[] = [];
  const seenByServer = new Map<ActiveCall, Party>();
  const conferred: (readonly string[])[] = [];
  const transfersOver: { over: Transfers['over'] | undefined } = { over: undefined };
  const parts = testCalls({ most: 4, onOver: (call) => transfersOver.over?.(call) });
  const { calls, sound, invited, offer } = parts;
  const tie: { why: CallTie['why']; holds: () => boolean } = { why: null, holds: () => tie.why !== null };
  const transfers = new Transfers({
    calls,
    tie,
    notices: { show: (text) => void notices.push(text.replace(/[⁨⁩]/g, '')) },
    partyOf: (call) => seenByServer.get(call) ?? { number: call.number, name: '' },
    named: (number) => ({ number, name: '' }),
    dialBeside: (number) => calls.place(number),
    confer: (...ids) => {
      conferred.push(ids);
      return Promise.resolve(joins);
    },
    takeBack: given,
  });
  transfersOver.over = (call) => transfers.over(call);
  const microphone = () => sound.microphones.push(fakeMicrophone('Headset').microphone);
  const settle = () => vi.advanceTimersByTimeAsync(0);
  microphone();
  const ben = offer('102', callId('b'));
  const call = calls.byId(callId('b'));
  if (call === undefined) throw new Error('it does not ring');
  calls.answer(call);
  await settle();
  ben.says?.onAccepted();
  /** Asks Chloe first, whose phone rings. */
  const ask = async () => {
    microphone();
    transfers.askFirst(call, '103');
    await settle();
    const [chloe, target] = [invited.at(-1), calls.focused];
    if (chloe === undefined || target === null) throw new Error('nobody was asked');
    chloe.says?.onProgress(false);
    return { chloe, target };
  };
  return { ...parts, tie, transfers, notices, seenByServer, conferred, call, ben, ask };
}

describe('the panel', () => {
  test('is open for the call that the page shows, and closes with a second press', async () => {
    const { transfers, call } = await talkingToBen();
    transfers.toggle('transfer');
    expect(transfers.choosing).toEqual({ what: 'transfer', call });
    transfers.toggle('add');
    expect(transfers.choosing?.what).toBe('add');
    transfers.toggle('add');
    expect(transfers.choosing).toBeNull();
  });

  test('closes as soon as nothing could be done there, and nothing is done', async () => {
    const { tie, transfers, calls, call, ben, ask, conferred } = await talkingToBen();
    transfers.toggle('transfer');
    tie.why = 'no-server';
    expect(transfers.choosing).toBeNull();
    transfers.toggle('add');
    transfers.sendNow(call, '103');
    transfers.askFirst(call, '103');
    transfers.park(call);
    expect([transfers.choosing, call.hold.here, calls.all, ben.asked]).toEqual([
      null,
      false,
      [call],
      ['answer'],
    ]);
    tie.why = null;
    const { chloe, target } = await ask();
    chloe.named(callId('c'));
    chloe.says?.onAccepted();
    tie.why = 'no-server';
    transfers.complete();
    await transfers.join(call, target);
    expect([transfers.of(call), conferred]).toEqual([undefined, []]);
    tie.why = null;
    transfers.complete();
    expect(transfers.of(call)).toBeDefined();
  });

  test('closes with the call', async () => {
    const { transfers, ben } = await talkingToBen();
    transfers.toggle('transfer');
    ben.says?.onOver('there');
    expect(transfers.choosing).toBeNull();
  });

  test('does not open over a call that has not been answered', () => {
    const { calls } = testCalls();
    calls.place('102');
    const transfers = new Transfers({
      calls,
      tie: { why: null, holds: () => false },
      notices: { show: () => undefined },
      partyOf: ({ number }) => ({ number, name: '' }),
      named: (number) => ({ number, name: '' }),
      dialBeside: () => undefined,
      confer: () => Promise.resolve(true),
      takeBack: () => Promise.resolve(true),
    });
    transfers.toggle('transfer');
    expect(transfers.choosing).toBeNull();
  });
});

describe('a call that is sent on at once can be taken back while it rings there', () => {
  test('by a second press of Transfer, and nobody is told that it failed', async () => {
    const { transfers, call, ben, notices } = await talkingToBen();
    transfers.sendNow(call, '103');
    ben.transferred?.({ kind: 'ringing' });
    transfers.toggle('add');
    transfers.toggle('transfer');
    await vi.advanceTimersByTimeAsync(0);
    expect([transfers.of(call), transfers.choosing, ben.asked.at(-1)]).toEqual([undefined, null, 'unhold']);
    ben.transferred?.({ kind: 'failed', ending: 'no-answer' });
    expect([notices, call.hold.here]).toEqual([[], false]);
  });

  test('also where the end of the transfer is told before the answer', async () => {
    let answered: (done: boolean) => void = () => undefined;
    const { transfers, call, ben, notices } = await talkingToBen(
      true,
      () => new Promise((resolve) => (answered = resolve)),
    );
    transfers.sendNow(call, '103');
    void transfers.takeBack(call);
    ben.transferred?.({ kind: 'failed', ending: 'no-answer' });
    expect([transfers.of(call), notices, call.hold.here]).toEqual([undefined, [], false]);
    call.setHold(true);
    answered(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(call.hold.here).toBe(true);
  });

  test('also while another person is spoken to, who waits then', async () => {
    const { transfers, calls, call, offer, sound } = await talkingToBen();
    transfers.sendNow(call, '103');
    sound.microphones.push(fakeMicrophone('Headset').microphone);
    const dev = offer('104');
    const other = calls.byId(callId('from 104'));
    if (other === undefined) throw new Error('it does not ring');
    calls.answer(other);
    await vi.advanceTimersByTimeAsync(0);
    dev.says?.onAccepted();
    await transfers.takeBack(call);
    expect([calls.focused, call.hold.here, other.hold.here]).toEqual([call, false, true]);
  });

  test('not any more once it has been answered there: it is sent on', async () => {
    const { transfers, call, ben, notices } = await talkingToBen(true, () => Promise.resolve(false));
    transfers.sendNow(call, '103');
    await transfers.takeBack(call);
    expect([transfers.of(call)?.state, call.hold.here]).toEqual(['sending', true]);
    ben.transferred?.({ kind: 'done' });
    expect(notices).toEqual(['102 is now talking to 103']);
  });

  test('and it is said whom, though the server has forgotten the call before: who called here may be somebody else', async () => {
    const { transfers, call, ben, notices, seenByServer } = await talkingToBen();
    seenByServer.set(call, { number: '105', name: 'Eve' });
    transfers.sendNow(call, '103');
    seenByServer.delete(call);
    ben.transferred?.({ kind: 'done' });
    expect(notices).toEqual(['105 Eve is now talking to 103']);
  });

  test('nor once it goes to the mailbox, which the page says', async () => {
    const { transfers, call, ben, notices } = await talkingToBen();
    transfers.sendNow(call, '103');
    ben.transferred?.({ kind: 'ringing' });
    expect(transfers.canTakeBack(call)).toBe(true);
    ben.transferred?.({ kind: 'forwarded' });
    expect([transfers.canTakeBack(call), transfers.of(call)?.state]).toEqual([false, 'forwarded']);
    ben.transferred?.({ kind: 'done' });
    expect(notices).toEqual(['102 is now at the voicemail of 103']);
  });

  test('nor one whose target has been asked, and has it at once', async () => {
    const { transfers, call, ask } = await talkingToBen();
    const { chloe } = await ask();
    chloe.says?.onAccepted();
    transfers.complete();
    expect([transfers.of(call)?.state, transfers.canTakeBack(call)]).toEqual(['sending', false]);
  });
});

describe('a call that is parked', () => {
  const view = callView('b', { state: 'talking' });

  test('is sent into a slot, without a word once it waits there: the page shows in which', async () => {
    const { transfers, call, ben, word, notices } = await talkingToBen();
    word.calls = [view];
    expect(transfers.canPark(call)).toBe(true);
    transfers.toggle('transfer');
    transfers.park(call);
    expect([ben.asked, transfers.of(call)?.to, transfers.choosing]).toEqual([
      ['answer', 'transfer to *68'],
      'slot',
      null,
    ]);
    transfers.park(call);
    ben.transferred?.({ kind: 'done' });
    ben.says?.onOver('moved');
    expect([ben.asked.length, transfers.of(call), notices]).toEqual([2, undefined, []]);
  });

  test('goes on where there is no slot, and the person is told', async () => {
    const { transfers, call, ben, word, notices } = await talkingToBen();
    word.calls = [view];
    transfers.park(call);
    ben.transferred?.({ kind: 'failed', ending: 'busy' });
    expect(notices).toEqual(['102 could not be parked. You are talking to 102 again.']);
    expect([transfers.canPark(call), call.hold.here]).toEqual([true, false]);
  });

  test.for([
    ['one that the server has not told of', []],
    ['one that waits in a slot itself', [{ ...view, parked: '1' }]],
    ['a conference', [{ ...view, conference: { participants: [] } }]],
  ] as readonly (readonly [string, readonly CallView[]])[])('cannot be %s', async ([, views]) => {
    const { transfers, call, ben, word } = await talkingToBen();
    word.calls = views;
    transfers.park(call);
    expect([transfers.canPark(call), ben.asked]).toEqual([false, ['answer']]);
  });

  test('cannot be one that is being sent on already', async () => {
    const { transfers, call, ben, word } = await talkingToBen();
    word.calls = [view];
    transfers.sendNow(call, '103');
    transfers.park(call);
    expect(ben.asked.at(-1)).toBe('transfer to 103');
  });
});

describe('a call that is sent on at once', () => {
  test('waits on hold, rings there, and is over when they talk', async () => {
    const { transfers, call, ben, notices } = await talkingToBen();
    transfers.sendNow(call, '103');
    expect([ben.asked, transfers.of(call)?.state]).toEqual([
      ['answer', 'hold', 'transfer to 103'],
      'sending',
    ]);
    transfers.sendNow(call, '104');
    ben.transferred?.({ kind: 'ringing' });
    expect([ben.asked.length, transfers.of(call)?.state]).toEqual([3, 'ringing']);
    ben.transferred?.({ kind: 'done' });
    ben.says?.onOver('moved');
    expect([transfers.of(call), notices]).toEqual([undefined, ['102 is now talking to 103']]);
  });

  test('is taken back when nobody takes it there', async () => {
    const { transfers, call, ben, notices } = await talkingToBen();
    transfers.sendNow(call, '103');
    ben.transferred?.({ kind: 'failed', ending: 'busy' });
    expect([ben.asked.at(-1), notices]).toEqual(['unhold', ['103 is busy. You are talking to 102 again.']]);
  });

  test('waits on hold when nobody takes it there while another person is spoken to', async () => {
    const { transfers, calls, sound, invited, call, ben, notices } = await talkingToBen();
    transfers.sendNow(call, '103');
    sound.microphones.push(fakeMicrophone('Headset').microphone);
    calls.place('104');
    await vi.advanceTimersByTimeAsync(0);
    invited[0]?.says?.onAccepted();
    ben.transferred?.({ kind: 'failed', ending: 'no-answer' });
    expect([call.hold.here, calls.focused?.number, notices]).toEqual([
      true,
      '104',
      ['103 didn’t answer. 102 is still on hold.'],
    ]);
  });
});

describe('a person who is asked first', () => {
  test('gets the call once they have answered', async () => {
    const { transfers, call, ben, ask } = await talkingToBen();
    const { chloe, target } = await ask();
    expect([call.hold.here, transfers.asking, transfers.asked]).toEqual([
      true,
      { caller: call, target },
      { canComplete: false, canGoBack: true },
    ]);
    transfers.complete();
    expect(ben.asked).toEqual(['answer', 'hold']);
    chloe.says?.onAccepted();
    transfers.complete();
    expect(ben.asked).toEqual(['answer', 'hold', 'transfer to the call with 103']);
  });

  test.for(['busy', 'there'] as const)('is gone (%s): the caller is spoken to again', async (ending) => {
    const { transfers, calls, call, ask } = await talkingToBen();
    const { chloe } = await ask();
    if (ending === 'there') chloe.says?.onAccepted();
    chloe.says?.onOver(ending);
    expect([transfers.asking, calls.focused === call, call.hold.here]).toEqual([null, true, false]);
  });

  test('is hung up by who goes back to the caller', async () => {
    const { transfers, calls, call, ask } = await talkingToBen();
    const { chloe } = await ask();
    transfers.goBack();
    expect([chloe.asked, calls.focused === call, call.hold.here, transfers.asking]).toEqual([
      ['hang up'],
      true,
      false,
      null,
    ]);
  });

  test('goes on talking when the caller has gone', async () => {
    const { transfers, calls, ben, ask } = await talkingToBen();
    const { chloe, target } = await ask();
    chloe.says?.onAccepted();
    ben.says?.onOver('there');
    expect([transfers.asking, calls.focused === target, target.hold.here]).toEqual([null, true, false]);
  });

  test('stays on the line when the server cannot join the two', async () => {
    const { transfers, call, ben, notices, target, chloe } = await (async () => {
      const set = await talkingToBen();
      return { ...set, ...(await set.ask()) };
    })();
    chloe.says?.onAccepted();
    transfers.complete();
    ben.transferred?.({ kind: 'failed', ending: 'failed' });
    expect([transfers.asking, target.hold.here, call.hold.here]).toEqual([
      { caller: call, target },
      false,
      true,
    ]);
    expect(notices).toEqual(['Couldn’t connect 102 with 103. 102 is still on hold.']);
  });
});

describe('two calls are joined in a conference', () => {
  test('once both are there: the one that is spoken in goes on', async () => {
    const { transfers, call, conferred, ask } = await talkingToBen();
    const { chloe, target } = await ask();
    expect(transfers.canJoin(target, call)).toBe(false);
    await transfers.join(target, call);
    expect(conferred).toEqual([]);
    chloe.named(callId('c'));
    chloe.says?.onAccepted();
    expect(transfers.canJoin(target, call)).toBe(true);
    await transfers.join(target, call);
    expect([conferred, transfers.asking]).toEqual([[['c', 'b']], null]);
    // The server hangs up the other one.
    transfers.over(call);
    expect([target.hold.here, call.hold.here]).toEqual([false, true]);
  });

  test('where one is a conference, it goes on and is heard, and who was spoken to is added', async () => {
    const { transfers, calls, call, conferred, word, answered } = await conferring();
    word.calls = [callView('b', { conference: { participants: [] } })];
    await transfers.join(answered, call);
    expect([conferred, call.hold.here, calls.focused === call]).toEqual([[['b', 'c']], false, true]);
  });

  test('and where the server does not join them, all stay where they are', async () => {
    const { transfers, calls, call, word, answered } = await conferring(false);
    word.calls = [callView('b', { conference: { participants: [] } })];
    await transfers.join(answered, call);
    expect([call.hold.here, answered.hold.here, calls.focused === answered]).toEqual([true, false, true]);
  });
});

/** Ben is on hold, and Chloe has answered. */
async function conferring(joins = true) {
  const parts = await talkingToBen(joins);
  const { chloe, target } = await parts.ask();
  chloe.named(callId('c'));
  chloe.says?.onAccepted();
  return { ...parts, answered: target };
}
