import { describe, expect, test } from 'vitest';
import type { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import { answersTo, CallHouse, offersTo, terminalAt } from '../support/call-house.ts';
import {
  progress,
  answered,
  refer,
  AUDIO,
  talking,
  ringing,
  told,
  replacesOf,
  consulting,
} from './support/transferring.ts';

describe('attended, before the target has answered', () => {
  const replacing = (leg: FakeLeg) =>
    refer('sip:103@example.org', {
      callId: `call-${leg.id}`,
      toTag: `local-${leg.id}`,
      fromTag: `remote-${leg.id}`,
      earlyOnly: false,
    });

  test('while it rings: it rings on for the transferee, and no call is missed', async () => {
    const { house, ada, referrer, transferee } = await talking();
    const consulting = house.dial(ada, '103');
    const first = house.rung;
    first.says(progress);
    referrer.says(replacing(consulting));
    const second = house.rung;
    expect(second.invitation?.from).toEqual({ displayName: 'Ben', uri: 'sip:102@example.org' });
    expect(first.told('end')).toMatchObject([{ reason: { cause: 200 } }]);
    expect(consulting.told('end')).toHaveLength(1);
    first.says({ kind: 'failed', status: 487 });
    expect(house.calls.views(terminalAt('103'))).toMatchObject([{ state: 'ringing', with: { name: 'Ben' } }]);
    second.says(answered);
    transferee.says({ kind: 'offer-made', sdp: AUDIO });
    second.says({ kind: 'offer-answered', sdp: AUDIO });
    await house.clock.advance(0);
    expect([told(referrer).at(-1), house.calls.size]).toEqual([200, 1]);
    expect(house.store.records).toMatchObject([{ result: 'cancelled', parts: [{}, { result: null }] }]);
  });

  test('while its mailbox speaks: the transferee is left with that', async () => {
    const { house, ada, referrer, transferee } = await talking();
    const consulting = house.dial(ada, '104');
    consulting.state = 'confirmed';
    referrer.says(replacing(consulting));
    expect(house.deposits).toEqual([
      ['101', '104', 'offline'],
      ['102', '104', 'offline'],
    ]);
    expect(consulting.told('end')).toHaveLength(1);
    transferee.says({ kind: 'offer-made', sdp: AUDIO });
    await house.clock.advance(0);
    expect(told(referrer)).toEqual([181, 200]);
  });

  test.for([
    ['somebody else calls', '201', '103'],
    ['is with another service', '101', '*97'],
  ] as const)('not where that call %s', async ([, from, dialled]) => {
    const { house, ada, referrer } = await talking();
    const consulting = house.dial(from === '101' ? ada : house.register(from), dialled);
    referrer.says(replacing(consulting));
    expect(referrer.told('refuse-refer')).toMatchObject([{ status: 481 }]);
    expect(consulting.told('end')).toEqual([]);
  });
});

test.for([false, true])(
  'attended: the two far sides are joined, the referrer’s legs hung up (tags swapped: %s)',
  async (swapped) => {
    const { house, referrer, transferee, consult, target, replaces } = await consulting();
    const { toTag, fromTag } = replaces;
    referrer.says(
      refer('sip:103@example.org', swapped ? { ...replaces, toTag: fromTag, fromTag: toTag } : replaces),
    );
    transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
    expect(offersTo(target)).toEqual(['from Ben']);
    target.says({ kind: 'offer-answered', sdp: 'from Chloe' });
    await house.clock.advance(0);
    expect(answersTo(transferee)).toEqual(['from Chloe']);
    expect(told(referrer)).toEqual([200]);
    expect([referrer.told('end'), consult.told('end')].flat()).toHaveLength(2);
    expect(house.store.outcomes).toEqual(['transferred']);
    expect(house.calls.size).toBe(1);
    expect(house.calls.views(terminalAt('103'))).toMatchObject([{ with: { name: 'Ben' } }]);
    target.says({ kind: 'offered', sdp: 'hold', method: 'INVITE' });
    expect(offersTo(transferee)).toEqual(['hold']);
    transferee.says({ kind: 'offer-answered', sdp: 'held' });
    target.says({ kind: 'ended', by: 'peer' });
    expect(transferee.told('end')).toHaveLength(1);
    expect(house.calls.size).toBe(0);
  },
);

test('attended: two calls with the same phone become one, which its page sees once and not after its end', async () => {
  const { house, ada, referrer, transferee } = await talking();
  const [consult, target] = await house.connect(ada, '102');
  referrer.says(refer('sip:102@example.org', replacesOf(consult)));
  transferee.says({ kind: 'offer-made', sdp: 'from one line' });
  target.says({ kind: 'offer-answered', sdp: 'from the other' });
  await house.clock.advance(0);
  expect(house.calls.views(terminalAt('102'))).toHaveLength(1);
  target.says({ kind: 'ended', by: 'peer' });
  expect(house.calls.views(terminalAt('102'))).toEqual([]);
  expect(house.calls.size).toBe(0);
});

test('attended: the terminal that called for help stays unchanged until it has hung up, whichever call it ends up in', async () => {
  const house = new CallHouse();
  const [ada, reception] = [house.register('101'), house.register('112')];
  house.register('103');
  const [caller, answering] = await house.connect(ada, '112');
  const [consult, target] = await house.connect(reception, '103');
  consult.says(refer('sip:112@example.org', replacesOf(answering)));
  target.says({ kind: 'offer-made', sdp: 'from Chloe' });
  caller.says({ kind: 'offer-answered', sdp: 'from Ada' });
  await house.clock.advance(0);
  expect(house.calls.size).toBe(1);
  expect(house.emergencies).toEqual([terminalAt('101')]);
  expect(house.store.saved.at(-1)).toMatchObject({ emergencyOn: terminalAt('101') });
  target.says({ kind: 'ended', by: 'peer' });
  expect(house.emergencies).toEqual([]);
});

test('attended: what is stored in the end is the one call that is left', async () => {
  const { house, referrer, transferee, target, replaces } = await consulting();
  referrer.says(refer('sip:103@example.org', replaces));
  transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  target.says({ kind: 'offer-answered', sdp: 'from Chloe' });
  await house.clock.advance(0);
  const finished = new Set(house.store.records.map(({ id }) => id));
  const left = house.store.saved.filter(({ id }) => !finished.has(id));
  expect(left.slice(-1)).toMatchObject([{ caller: { name: 'Chloe' }, callee: { name: 'Ben' } }]);
});

test('attended: the target is told the id of the call that it joins, or its own again where that fails', async () => {
  const joined = await consulting();
  const id = joined.transferee.labelled;
  const consulted = joined.target.labelled;
  expect(consulted).not.toEqual(id);
  joined.referrer.says(refer('sip:103@example.org', joined.replaces));
  joined.transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  expect(offersTo(joined.target)).toHaveLength(1);
  expect(joined.target.labelled).toEqual(id);
  joined.target.says({ kind: 'offer-refused', status: 488 });
  expect(joined.target.told('relabel')).toEqual([{ kind: 'relabel', field: consulted }]);
});

test('attended: the target hangs up meanwhile: the referrer gets the transferee back', async () => {
  const { house, referrer, transferee, consult, target, replaces } = await consulting();
  referrer.says(refer('sip:103@example.org', replaces));
  transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  target.says({ kind: 'ended', by: 'peer' });
  expect(consult.told('end')).toHaveLength(1);
  expect(offersTo(referrer)).toEqual(['from Ben']);
  expect(house.calls.size).toBe(1);
});

test('attended: the target refuses the offer: both calls are as before', async () => {
  const { house, referrer, transferee, consult, target, replaces } = await consulting();
  referrer.says(refer('sip:103@example.org', replaces));
  transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  target.says({ kind: 'offer-refused', status: 488 });
  referrer.says({ kind: 'offer-answered', sdp: 'from Ada' });
  expect(answersTo(transferee)).toEqual(['from Ada']);
  consult.says({ kind: 'offered', sdp: 'unhold', method: 'INVITE' });
  expect(offersTo(target)).toEqual(['from Ben', 'unhold']);
  expect(house.calls.size).toBe(2);
  expect(house.store.records).toEqual([]);
});

test('attended: while the join is under way, a re-offer of the lent leg is refused with 491', async () => {
  const { referrer, target, replaces } = await consulting();
  referrer.says(refer('sip:103@example.org', replaces));
  target.says({ kind: 'offered', sdp: 'hold', method: 'INVITE' });
  expect(target.told('refuse-offer')).toEqual([{ kind: 'refuse-offer', status: 491 }]);
});

test('attended: the referrer hangs both up at once: the two are joined all the same', async () => {
  const { house, referrer, transferee, consult, target, replaces } = await consulting();
  referrer.says(refer('sip:103@example.org', replaces));
  consult.says({ kind: 'ended', by: 'peer' });
  referrer.says({ kind: 'ended', by: 'peer' });
  transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  target.says({ kind: 'offer-answered', sdp: 'from Chloe' });
  await house.clock.advance(0);
  expect(answersTo(transferee)).toEqual(['from Chloe']);
  expect([transferee.told('end'), target.told('end')]).toEqual([[], []]);
});

test('attended: the referrer hangs both up, and the target refuses: both calls end', async () => {
  const { house, referrer, transferee, consult, target, replaces } = await consulting();
  referrer.says(refer('sip:103@example.org', replaces));
  consult.says({ kind: 'ended', by: 'peer' });
  referrer.says({ kind: 'ended', by: 'peer' });
  transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  target.says({ kind: 'offer-refused', status: 488 });
  expect([transferee.told('end'), target.told('end')].flat()).toHaveLength(2);
  expect(house.calls.size).toBe(0);
});

test.for<readonly [string, number]>([
  ['a call in which the referrer takes no part', 481],
  ['no call at all', 481],
  ['the very call that it refers', 491],
])('attended: Replaces of %s is refused', async ([what, status]) => {
  const { house, chloe, referrer } = await talking();
  house.register('104');
  const [foreign] = await house.connect(chloe, '104');
  const leg = what.startsWith('the very') ? referrer : foreign;
  const id = what.startsWith('no call') ? 'nothing' : leg.id;
  const replaces = { callId: `call-${id}`, toTag: `local-${id}`, fromTag: `remote-${id}`, earlyOnly: false };
  referrer.says(refer('sip:103@example.org', replaces));
  expect(referrer.told('refuse-refer')).toEqual([{ kind: 'refuse-refer', id: 7, status }]);
});

test('attended: the transferee hangs up while its offer is out: once answered, the target is joined with the referrer again', async () => {
  const { house, referrer, transferee, consult, target, replaces } = await consulting();
  referrer.says(refer('sip:103@example.org', replaces));
  transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  transferee.says({ kind: 'ended', by: 'peer' });
  consult.says({ kind: 'offered', sdp: 'too early', method: 'INVITE' });
  expect(consult.told('refuse-offer')).toEqual([{ kind: 'refuse-offer', status: 491 }]);
  target.says({ kind: 'offer-answered', sdp: 'to someone who is gone' });
  expect(target.told('ask-offer')).toHaveLength(1);
  target.says({ kind: 'offer-made', sdp: 'from Chloe' });
  expect(offersTo(consult)).toEqual(['from Chloe']);
  consult.says({ kind: 'offer-answered', sdp: 'from Ada' });
  expect(answersTo(target)).toEqual(['from Ada']);
  expect(house.calls.size).toBe(1);
});

test('the referrer hangs up while its own re-offer is out: what that is answered is no answer to the transfer', async () => {
  const { referrer, transferee, target } = await ringing();
  referrer.says({ kind: 'offered', sdp: 'hold', method: 'INVITE' });
  target.says(answered);
  referrer.says({ kind: 'ended', by: 'peer' });
  expect(transferee.told('ask-offer')).toHaveLength(0);
  transferee.says({ kind: 'offer-refused', status: 488 });
  expect(transferee.told('ask-offer')).toHaveLength(1);
  expect([target.told('end'), transferee.told('end')]).toEqual([[], []]);
});
