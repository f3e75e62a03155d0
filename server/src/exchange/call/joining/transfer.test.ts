import { callId, type DepositReason } from '@perch/shared';
import { describe, expect, test } from 'vitest';
import type { Replaces } from '../../../sip/message/fields/replaces.ts';
import type { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import { Switchboard } from '../calls.ts';
import { answersTo, CallHouse, idOf, offersTo, terminalAt } from '../support/call-house.ts';
import { PLACEHOLDER_OFFER } from '../ringing/placeholder-offer.ts';

const progress = { kind: 'progress', status: 180 } as const;
const answered = { kind: 'answered', sdp: 'to the placeholder', contact: 'sip:x@x' } as const;

const refer = (uri: string, replaces?: Replaces) =>
  ({ kind: 'refer', id: 7, referTo: { uri, displayName: undefined, replaces } }) as const;

const AUDIO = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=sendrecv\r\n';

/** Ada has called Ben, and will transfer him. */
async function talking() {
  const house = new CallHouse();
  const [ada, ben] = [house.register('101'), house.register('102')];
  const chloe = house.register('103');
  const [referrer, transferee] = await house.connect(ada, '102');
  return { house, ada, ben, chloe, referrer, transferee };
}

async function ringing() {
  const set = await talking();
  set.referrer.says(refer('sip:103@example.org'));
  return { ...set, target: set.house.rung };
}

const told = (leg: FakeLeg): readonly number[] => leg.told('refer-progress').map(({ status }) => status);

test('blind: the target sees who it will talk to, answers, and only then is the transferee joined', async () => {
  const { house, referrer, transferee, target } = await ringing();
  expect(referrer.told('accept-refer')).toEqual([{ kind: 'accept-refer', id: 7 }]);
  expect(target.invitation).toMatchObject({
    sdp: PLACEHOLDER_OFFER,
    from: { displayName: 'Ben', uri: 'sip:102@example.org' },
    to: { uri: 'sip:103@example.org' },
    fields: [['Referred-By', '<sip:101@example.org>']],
  });
  target.says(progress);
  expect(told(referrer)).toEqual([180]);
  target.says(answered);
  expect(transferee.told('ask-offer')).toHaveLength(1);
  transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  expect(offersTo(target)).toEqual(['from Ben']);
  target.says({ kind: 'offer-answered', sdp: 'from Chloe' });
  await house.clock.advance(0);
  expect(answersTo(transferee)).toEqual(['from Chloe']);
  expect(told(referrer)).toEqual([180, 200]);
  expect(referrer.told('end')).toHaveLength(1);
  expect([transferee.told('end'), target.told('end')]).toEqual([[], []]);
});

test('blind: targets who did not answer leave nothing behind in a long call', async () => {
  const { house, referrer } = await talking();
  house.serves = false;
  for (let time = 0; time < 3; time++) {
    referrer.says(refer('sip:103@example.org'));
    house.rung.says({ kind: 'failed', status: 603 });
  }
  expect(told(referrer)).toEqual([603, 603, 603]);
  const { calls } = house;
  const [call] = calls instanceof Switchboard ? calls.placements.betweenPhonesAt(terminalAt('101')) : [];
  expect(call?.seats.size).toBe(2);
});

test('blind: the record has all three, each with their own time in the call', async () => {
  const { house, transferee, target } = await ringing();
  target.says(answered);
  transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  house.store.held = [];
  target.says({ kind: 'offer-answered', sdp: 'from Chloe' });
  expect(answersTo(transferee)).toEqual([]);
  for (const last of house.store.held) last();
  await house.clock.advance(0);
  expect(answersTo(transferee)).toEqual(['from Chloe']);
  const [first, second] = house.store.saved;
  expect(house.store.records).toEqual([]);
  expect(second?.id).toBe(first?.id);
  expect(second).toMatchObject({ caller: { name: 'Chloe' }, callee: { name: 'Ben' } });
  await house.clock.advance(5_000);
  target.says({ kind: 'ended', by: 'peer' });
  expect(transferee.told('end')).toHaveLength(1);
  expect(house.store.records).toMatchObject([
    {
      ...{ id: second?.id, result: 'answered', talkMs: 5_000, endedBy: { name: 'Chloe' } },
      attempts: [
        { number: '102', result: 'answered', by: null },
        { number: '103', result: 'answered', by: { name: 'Ada' } },
      ],
      parts: [
        { number: '101', role: 'caller', talkMs: 0, transferred: true },
        { number: '102', result: 'handled', talkMs: 5_000, transferred: false },
        { number: '103', result: 'handled', talkMs: 5_000 },
      ],
    },
  ]);
  expect(house.calls.size).toBe(0);
  expect(house.clock.pending).toBe(0);
});

test('blind: pages see who rings, who talks, and who has left the call', async () => {
  const { house, transferee, target } = await ringing();
  const [viewAtChloe] = house.calls.views(terminalAt('103'));
  expect(viewAtChloe).toMatchObject({ state: 'ringing', with: { name: 'Ben' }, as: { name: 'Chloe' } });
  target.says(answered);
  transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  target.says({ kind: 'offer-answered', sdp: 'from Chloe' });
  await house.clock.advance(0);
  expect(house.calls.views(terminalAt('101'))).toEqual([]);
  expect(house.calls.views(terminalAt('102'))).toMatchObject([{ state: 'talking', with: { name: 'Chloe' } }]);
  expect(house.calls.views(terminalAt('103'))).toMatchObject([{ state: 'talking', with: { name: 'Ben' } }]);
  expect(['101', '102', '103'].map((number) => house.calls.busy(idOf(number)))).toEqual([false, true, true]);
});

test('blind: a transferee that was on hold talks again once it is joined', async () => {
  const { house, referrer, transferee } = await talking();
  referrer.says({ kind: 'offered', sdp: 'm=audio 9\r\na=inactive\r\n', method: 'INVITE' });
  transferee.says({ kind: 'offer-answered', sdp: 'm=audio 9\r\na=inactive\r\n' });
  expect(house.calls.views(terminalAt('102'))).toMatchObject([{ hold: { here: false, there: true } }]);
  referrer.says(refer('sip:103@example.org'));
  const target = house.rung;
  target.says(answered);
  transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  target.says({ kind: 'offer-answered', sdp: 'from Chloe' });
  expect(house.calls.views(terminalAt('102'))).toMatchObject([{ state: 'talking' }]);
});

const direction = (name: string): string => `m=audio 9\r\na=${name}\r\n`;

test('blind: a transferee that is on hold would offer to listen only, and gets the offer of the target', async () => {
  const { house, referrer, transferee } = await talking();
  referrer.says({ kind: 'offered', sdp: direction('sendonly'), method: 'INVITE' });
  transferee.says({ kind: 'offer-answered', sdp: direction('recvonly') });
  referrer.says(refer('sip:103@example.org'));
  const target = house.rung;
  target.says(answered);
  expect(transferee.told('ask-offer')).toEqual([]);
  target.says({ kind: 'offer-made', sdp: direction('sendrecv') });
  expect(offersTo(transferee)).toEqual([direction('sendonly'), direction('sendrecv')]);
  transferee.says({ kind: 'offer-answered', sdp: direction('sendrecv') });
  await house.clock.advance(0);
  expect(answersTo(target)).toEqual([direction('sendrecv')]);
  expect(told(referrer)).toContain(200);
});

test('blind: a transferee that offers to listen only, as if on hold, is then offered sound both ways', async () => {
  const { house, referrer, transferee, target } = await ringing();
  target.says(answered);
  transferee.says({ kind: 'offer-made', sdp: direction('recvonly') });
  target.says({ kind: 'offer-answered', sdp: direction('sendonly') });
  await house.clock.advance(0);
  expect(told(referrer)).toContain(200);
  expect(house.calls.views(terminalAt('102'))).toMatchObject([{ hold: { here: false, there: false } }]);
  target.says({ kind: 'offer-made', sdp: direction('sendrecv') });
  expect(offersTo(transferee)).toEqual([direction('sendrecv')]);
  transferee.says({ kind: 'offer-answered', sdp: direction('sendrecv') });
  expect(answersTo(target)).toEqual([direction('sendrecv')]);
});

test('blind: where the target makes no offer to a transferee that was on hold, they go on talking as they are', async () => {
  const { house, transferee, target } = await ringing();
  target.says(answered);
  transferee.says({ kind: 'offer-made', sdp: direction('recvonly') });
  target.says({ kind: 'offer-answered', sdp: direction('sendonly') });
  await house.clock.advance(0);
  target.says({ kind: 'offer-refused', status: 488 });
  expect([transferee.told('end'), target.told('end')]).toEqual([[], []]);
  target.says({ kind: 'offered', sdp: 'again', method: 'INVITE' });
  expect(offersTo(transferee)).toEqual(['again']);
});

test('blind: routed with the virtualization state at that moment, and following it while it rings', async () => {
  const { house, referrer } = await talking();
  const [station, other] = [house.register('201'), house.register('104')];
  house.move({ 103: '201' });
  referrer.says(refer('sip:103@example.org'));
  expect(house.rung.target.contact).toBe(station.binding.contact);
  house.move({ 103: '104' });
  expect(house.ringing).toEqual([other.binding.contact]);
  expect(house.rung.invitation).toMatchObject({
    from: { uri: 'sip:102@example.org' },
    sdp: PLACEHOLDER_OFFER,
  });
});

test.for<readonly [dialled: string, status: number]>([
  ['sip:105@example.org', 404],
  ['sip:103@example.com', 404],
  ['sip:101@example.org', 403],
  ['sip:102@example.org', 486],
  ['sip:*30@example.org', 403],
  ['sip:112@example.org', 403],
])('blind to %s is refused with %i, and the call goes on', async ([uri, status]) => {
  const { house, referrer, transferee } = await talking();
  referrer.says(refer(uri));
  expect(referrer.told('refuse-refer')).toEqual([{ kind: 'refuse-refer', id: 7, status }]);
  referrer.says({ kind: 'offered', sdp: 'hold', method: 'INVITE' });
  expect(offersTo(transferee)).toEqual(['hold']);
  expect(house.calls.size).toBe(1);
});

test.for<readonly [what: string, failure: number, status: number]>([
  ['is busy', 486, 486],
  ['declines', 603, 603],
  ['is gone', 503, 480],
])(
  'blind: the target %s and has no mailbox, and the referrer has the transferee back',
  async ([, failure, status]) => {
    const { house, referrer, transferee, target } = await ringing();
    house.serves = false;
    target.says({ kind: 'failed', status: failure });
    expect(told(referrer)).toEqual([status]);
    referrer.says({ kind: 'offered', sdp: 'unhold', method: 'INVITE' });
    expect(offersTo(transferee)).toEqual(['unhold']);
    referrer.says({ kind: 'ended', by: 'peer' });
    expect(transferee.told('end')).toHaveLength(1);
  },
);

test('blind: the target does not answer for 25 s and has no mailbox, and the referrer gets the transferee back', async () => {
  const { house, referrer, transferee, target } = await ringing();
  house.serves = false;
  await house.clock.advance(25_000);
  expect(told(referrer)).toEqual([480]);
  expect(target.told('end')).toHaveLength(1);
  expect(transferee.told('end')).toEqual([]);
  expect(house.calls.views(terminalAt('103'))).toEqual([]);
});

test('blind: taken back while the target rings, the call is as before, and the target sees a missed call', async () => {
  const { house, referrer, transferee, target } = await ringing();
  target.says(progress);
  const [view] = house.calls.views(terminalAt('101'));
  const id = callId(view?.id ?? '');
  const takeBack = (number: string) => house.calls.takeBack(terminalAt(number), id);
  expect(['102', '103', '104'].map(takeBack)).toEqual(['too-late', 'no-such-call', 'no-such-call']);
  expect(takeBack('101')).toBe('done');
  expect(told(referrer)).toEqual([180, 487]);
  expect(target.told('end')).toMatchObject([{ reason: { cause: 487 } }]);
  expect(house.calls.views(terminalAt('103'))).toEqual([]);
  expect(takeBack('101')).toBe('too-late');
  target.says({ kind: 'failed', status: 487 });
  referrer.says({ kind: 'offered', sdp: 'unhold', method: 'INVITE' });
  expect(offersTo(transferee)).toEqual(['unhold']);
  expect(house.clock.pending).toBe(0);
});

test('blind: what the target has answered, or whose sender has hung up, is not taken back', async () => {
  const answering = await ringing();
  const takeBack = ({ house }: typeof answering) =>
    house.calls.takeBack(terminalAt('101'), callId(house.calls.views(terminalAt('102'))[0]?.id ?? ''));
  answering.target.says(answered);
  expect(takeBack(answering)).toBe('too-late');
  const leaving = await ringing();
  leaving.referrer.says({ kind: 'ended', by: 'peer' });
  expect(takeBack(leaving)).toBe('too-late');
  expect(leaving.target.told('end')).toEqual([]);
});

test('blind: while the target rings, hold and DTMF go on between the two', async () => {
  const { referrer, transferee } = await ringing();
  referrer.says({ kind: 'offered', sdp: 'hold', method: 'INVITE' });
  transferee.says({ kind: 'offer-answered', sdp: 'held' });
  expect(answersTo(referrer)).toEqual(['held']);
});

test('blind: the target answers in the middle of a re-offer: the join waits for its end', async () => {
  const { referrer, transferee, target } = await ringing();
  referrer.says({ kind: 'offered', sdp: 'hold', method: 'INVITE' });
  target.says(answered);
  expect(transferee.told('ask-offer')).toEqual([]);
  transferee.says({ kind: 'offer-answered', sdp: 'held' });
  expect(transferee.told('ask-offer')).toHaveLength(1);
});

test('transfer while the transferee hangs up: the target is hung up, the referrer told', async () => {
  const { house, referrer, transferee, target } = await ringing();
  transferee.says({ kind: 'ended', by: 'peer' });
  expect(target.told('end')).toHaveLength(1);
  expect(told(referrer)).toEqual([487]);
  expect(referrer.told('end')).toHaveLength(1);
  expect(house.clock.pending).toBe(0);
});

test('transfer while the transferee hangs up, at the moment of its own offer', async () => {
  const { house, referrer, transferee, target } = await ringing();
  target.says(answered);
  transferee.says({ kind: 'ended', by: 'peer' });
  expect([target.told('end'), referrer.told('end')].flat()).toHaveLength(2);
  expect(house.store.outcomes).toEqual(['answered']);
});

test('the referrer hangs up after its 202: the transfer goes on', async () => {
  const { house, referrer, transferee, target } = await ringing();
  referrer.says({ kind: 'ended', by: 'peer' });
  expect(transferee.told('end')).toEqual([]);
  target.says(progress);
  target.says(answered);
  transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  target.says({ kind: 'offer-answered', sdp: 'from Chloe' });
  await house.clock.advance(0);
  expect(answersTo(transferee)).toEqual(['from Chloe']);
  expect(house.calls.views(terminalAt('101'))).toEqual([]);
});

test('the referrer hangs up, and the target declines and has no mailbox: the call of the transferee ends', async () => {
  const { house, referrer, transferee, target } = await ringing();
  house.serves = false;
  referrer.says({ kind: 'ended', by: 'peer' });
  target.says({ kind: 'failed', status: 603 });
  expect(transferee.told('end')).toHaveLength(1);
  expect(house.calls.size).toBe(0);
});

test('the referrer hangs up in the middle of the transferee’s re-offer', async () => {
  const { referrer, transferee, target } = await ringing();
  transferee.says({ kind: 'offered', sdp: 'hold', method: 'INVITE' });
  referrer.says({ kind: 'ended', by: 'peer' });
  expect(transferee.told('refuse-offer')).toEqual([{ kind: 'refuse-offer', status: 491 }]);
  target.says(answered);
  expect(transferee.told('ask-offer')).toHaveLength(1);
});

test('the transferee refuses to offer: the target is hung up, the referrer gets the transferee back', async () => {
  const { referrer, transferee, target } = await ringing();
  target.says(answered);
  transferee.says({ kind: 'offer-refused', status: 488 });
  expect(told(referrer)).toEqual([488]);
  expect(target.told('end')).toHaveLength(1);
  expect([referrer.told('end'), transferee.told('end')]).toEqual([[], []]);
});

test.for<readonly [string, (target: FakeLeg) => void]>([
  ['refuses the offer', (target) => target.says({ kind: 'offer-refused', status: 488 })],
  ['hangs up', (target) => target.says({ kind: 'ended', by: 'peer' })],
])('the target %s when the transferee’s offer is out: the referrer answers it', async ([, act]) => {
  const { house, referrer, transferee, target } = await ringing();
  target.says(answered);
  transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  act(target);
  expect(offersTo(referrer)).toEqual(['from Ben']);
  referrer.says({ kind: 'offer-answered', sdp: 'from Ada' });
  expect(answersTo(transferee)).toEqual(['from Ada']);
  expect(referrer.told('end')).toEqual([]);
  expect(house.calls.size).toBe(1);
  expect(house.store.records).toEqual([]);
});

test('the target hangs up before the transferee has offered: its offer goes to the referrer', async () => {
  const { referrer, transferee, target } = await ringing();
  target.says(answered);
  target.says({ kind: 'ended', by: 'peer' });
  expect(told(referrer)).toEqual([480]);
  transferee.says({ kind: 'offer-made', sdp: 'from Ben' });
  expect(offersTo(referrer)).toEqual(['from Ben']);
});

test('blind: a target whose line breaks before it is joined has 30 s to come back, then the referrer gets the transferee back', async () => {
  const { house, chloe, referrer, transferee, target } = await ringing();
  target.says(answered);
  expect(transferee.told('ask-offer')).toHaveLength(1);
  await house.loseFlow(chloe);
  await house.clock.advance(30_000);
  expect(target.told('end')).toHaveLength(1);
  expect(told(referrer)).toEqual([480]);
  expect([referrer.told('end'), transferee.told('end')]).toEqual([[], []]);
});

test('one transfer at a time', async () => {
  const { referrer, transferee } = await ringing();
  referrer.says(refer('sip:103@example.org'));
  transferee.says(refer('sip:103@example.org'));
  for (const leg of [referrer, transferee]) {
    expect(leg.told('refuse-refer')).toEqual([{ kind: 'refuse-refer', id: 7, status: 491 }]);
  }
});

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

test('a REFER before the call is answered is refused', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const caller = house.dial(ada, '102');
  caller.says(refer('sip:103@example.org'));
  expect(caller.told('refuse-refer')).toHaveLength(1);
});

/** The Replaces value for that leg's dialog. */
const replacesOf = ({ id }: FakeLeg): Replaces => ({
  callId: `call-${id}`,
  toTag: `local-${id}`,
  fromTag: `remote-${id}`,
  earlyOnly: false,
});

/** Ada talks to Ben, and has called Chloe to ask her. `consult` is Ada's leg to Chloe, `target` Chloe's. */
async function consulting() {
  const set = await talking();
  const [consult, target] = await set.house.connect(set.ada, '103');
  return { ...set, consult, target, replaces: replacesOf(consult) };
}

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

describe('a transferee whose phone can be re-seated', () => {
  const made = { kind: 'offer-made', sdp: 'from Chloe' } as const;

  /** Ada has called Ben and transferred him to Chloe, who has answered and been asked for an offer. */
  async function asked() {
    const house = new CallHouse();
    const ada = house.register('101');
    const ben = house.register('102', 'ben', 'sip:ben@phone.invalid', true);
    house.register('103');
    const [referrer, transferee] = await house.connect(ada, '102');
    referrer.says(refer('sip:103@example.org'));
    const target = house.rung;
    target.says(answered);
    expect(target.told('ask-offer')).toHaveLength(1);
    expect(transferee.told('ask-offer')).toEqual([]);
    return { house, ben, referrer, transferee, target };
  }

  async function reseating() {
    const set = await asked();
    set.target.says(made);
    return { ...set, renewed: set.house.rung };
  }

  test('is called anew, by the call’s id and the dialog that it has', async () => {
    const { transferee, target, renewed, ben } = await reseating();
    expect(offersTo(transferee)).toEqual([]);
    expect(renewed.target).toEqual({ flow: ben.flow, contact: ben.binding.contact });
    const { id } = transferee;
    expect(renewed.invitation).toMatchObject({
      sdp: 'from Chloe',
      from: { displayName: 'Chloe' },
      to: { displayName: 'Ben' },
      fields: [
        ['Replaces', `call-${id};to-tag=remote-${id};from-tag=local-${id}`],
        ['Require', 'replaces'],
      ],
      label: target.labelled,
    });
  });

  test('once both are in storage, the target has its answer and the old leg is ended, once', async () => {
    const { house, referrer, transferee, target, renewed } = await reseating();
    house.store.held = [];
    renewed.says({ kind: 'answered', sdp: 'from Ben', contact: renewed.target.contact });
    expect([answersTo(target), transferee.told('end'), referrer.told('end')]).toEqual([[], [], []]);
    for (const last of house.store.held) last();
    await house.clock.advance(0);
    expect(house.store.saved.at(-1)).toMatchObject({
      caller: { name: 'Chloe', dialog: target.snapshot() },
      callee: { name: 'Ben', dialog: renewed.snapshot(), binding: 'ben' },
    });
    expect(answersTo(target)).toEqual(['from Ben']);
    expect([transferee, referrer, target, renewed].map((leg) => leg.told('end').length)).toEqual([
      1, 1, 0, 0,
    ]);
    expect(told(referrer)).toEqual([200]);
    // One record of the call before the transfer, and one after it: none of the new leg.
    expect(house.store.records).toEqual([]);
    target.says({ kind: 'ended', by: 'peer' });
    expect(renewed.told('end')).toHaveLength(1);
    expect(house.store.records).toMatchObject([{ result: 'answered' }]);
    expect([house.calls.size, house.clock.pending]).toEqual([0, 0]);
  });

  test.for([408, 481, 486, 488])('%i to the new INVITE: a re-INVITE instead', async (status) => {
    const { house, transferee, target, renewed } = await reseating();
    renewed.says({ kind: 'failed', status });
    expect(offersTo(transferee)).toEqual(['from Chloe']);
    transferee.says({ kind: 'offer-answered', sdp: 'from Ben' });
    await house.clock.advance(0);
    expect(answersTo(target)).toEqual(['from Ben']);
    expect([transferee.told('end'), target.told('end')]).toEqual([[], []]);
    expect(house.clock.pending).toBe(0);
  });

  test('no answer in time: the new INVITE is cancelled, and once it has failed a re-INVITE goes out instead', async () => {
    const { house, transferee, renewed } = await reseating();
    renewed.says(progress);
    await house.clock.advance(4_000);
    expect(renewed.told('withdraw')).toHaveLength(1);
    expect(offersTo(transferee)).toEqual([]);
    renewed.says({ kind: 'failed', status: 487 });
    expect(offersTo(transferee)).toEqual(['from Chloe']);
  });

  test('its answer crosses our CANCEL, and it ends its old session: the call goes on in the new one', async () => {
    const { house, transferee, target, renewed } = await reseating();
    await house.clock.advance(4_000);
    renewed.says({ kind: 'answered', sdp: 'from Ben', contact: renewed.target.contact });
    transferee.says({ kind: 'ended', by: 'peer' });
    await house.clock.advance(0);
    expect(answersTo(target)).toEqual(['from Ben']);
    expect([renewed.told('end'), target.told('end'), house.calls.size]).toEqual([[], [], 1]);
  });

  test('it hangs up after our CANCEL: the new INVITE is given up for good', async () => {
    const { house, transferee, target, renewed } = await reseating();
    await house.clock.advance(4_000);
    transferee.says({ kind: 'ended', by: 'peer' });
    expect([renewed.told('end').length, target.told('end').length, house.calls.size]).toEqual([1, 1, 0]);
  });

  test('the phone has lost its connection: the re-INVITE waits for it', async () => {
    const { house, ben, transferee, target } = await asked();
    await house.loseFlow(ben);
    target.says(made);
    expect(house.rung).toBe(target);
    expect(offersTo(transferee)).toEqual(['from Chloe']);
  });

  /** Ada has called Chloe as well, and joins Ben with her; Chloe has made her offer. */
  async function attended() {
    const house = new CallHouse();
    const ada = house.register('101');
    house.register('102', 'ben', 'sip:ben@phone.invalid', true);
    const chloe = house.register('103');
    const [referrer, transferee] = await house.connect(ada, '102');
    const [consult, target] = await house.connect(ada, '103');
    referrer.says(refer('sip:103@example.org', replacesOf(consult)));
    target.says(made);
    return { house, chloe, referrer, transferee, consult, target, renewed: house.rung };
  }

  test('attended: it gets a new session with the target of the other call', async () => {
    const { house, referrer, transferee, consult, target, renewed } = await attended();
    expect(renewed.invitation).toMatchObject({ sdp: 'from Chloe', label: transferee.labelled });
    renewed.says({ kind: 'answered', sdp: 'from Ben', contact: renewed.target.contact });
    await house.clock.advance(0);
    expect(answersTo(target)).toEqual(['from Ben']);
    expect([referrer, transferee, consult].map((leg) => leg.told('end').length)).toEqual([1, 1, 1]);
    expect([target, renewed].map((leg) => leg.told('end').length)).toEqual([0, 0]);
    expect(house.calls.size).toBe(1);
    expect(house.store.outcomes).toEqual(['transferred']);
  });

  test('attended: the target’s phone is disconnected while it is being joined: the call that it joins waits for it', async () => {
    const { house, chloe, target, renewed } = await attended();
    await house.loseFlow(chloe);
    renewed.says({ kind: 'answered', sdp: 'from Ben', contact: renewed.target.contact });
    await house.clock.advance(0);
    expect([house.calls.size, target.told('end').length]).toEqual([1, 0]);
    await house.clock.advance(30_000);
    expect(house.calls.size).toBe(0);
    expect(renewed.told('end')).toHaveLength(1);
  });

  test('attended: it refuses both: the target’s offer goes to the referrer’s other leg, and both calls are as before', async () => {
    const { house, referrer, transferee, consult, target, renewed } = await attended();
    renewed.says({ kind: 'failed', status: 488 });
    transferee.says({ kind: 'offer-refused', status: 488 });
    expect(told(referrer)).toEqual([488]);
    expect(offersTo(consult)).toEqual(['from Chloe']);
    consult.says({ kind: 'offer-answered', sdp: 'from Ada' });
    expect(answersTo(target)).toEqual(['from Ada']);
    expect(house.calls.size).toBe(2);
    expect(house.store.records).toEqual([]);
  });

  test('it hangs up meanwhile: everyone is told once', async () => {
    const { house, referrer, transferee, target, renewed } = await reseating();
    transferee.says({ kind: 'ended', by: 'peer' });
    expect([referrer, target, renewed].map((leg) => leg.told('end').length)).toEqual([1, 1, 1]);
    renewed.says({ kind: 'failed', status: 487 });
    expect(house.store.records).toHaveLength(1);
    expect([house.calls.size, house.clock.pending]).toEqual([0, 0]);
  });
});

test('blind: a target that falls asleep while it rings is left at once, and the referrer told', async () => {
  const { house, chloe, referrer, target } = await ringing();
  house.serves = false;
  house.sleeps(chloe);
  expect([told(referrer), target.told('end').length]).toEqual([[480], 1]);
});

describe('a blind transfer that is not answered', () => {
  type Set = Awaited<ReturnType<typeof talking>>;

  test.for<readonly [what: string, reason: DepositReason, act: (set: Set) => unknown]>([
    ['has no phone', 'offline', ({ referrer }) => referrer.says(refer('sip:104@example.org'))],
    [
      'is away from every phone',
      'homeless',
      ({ house, referrer }) => {
        house.move({ 112: '104' });
        referrer.says(refer('sip:104@example.org'));
      },
    ],
    [
      'is busy',
      'busy',
      ({ house, referrer }) => {
        referrer.says(refer('sip:103@example.org'));
        house.rung.says({ kind: 'failed', status: 486 });
      },
    ],
    [
      'sends it to voicemail',
      'declined',
      ({ house, referrer }) => {
        referrer.says(refer('sip:103@example.org'));
        house.rung.says({ kind: 'failed', status: 302 });
      },
    ],
    [
      'does not answer',
      'no-answer',
      async ({ house, referrer }) => {
        referrer.says(refer('sip:103@example.org'));
        await house.clock.advance(25_000);
        expect(house.rung.told('end')).toMatchObject([{ reason: { cause: 408 } }]);
        house.rung.says({ kind: 'failed', status: 487 });
      },
    ],
    [
      'loses its phone',
      'offline',
      ({ house, referrer }) => {
        referrer.says(refer('sip:103@example.org'));
        house.rung.says({ kind: 'failed', status: 503 });
      },
    ],
    [
      'falls asleep',
      'offline',
      ({ house, chloe, referrer }) => {
        referrer.says(refer('sip:103@example.org'));
        house.sleeps(chloe);
      },
    ],
  ])('as the target %s leaves the transferee with its mailbox', async ([, reason, act]) => {
    const set = await talking();
    const { house, referrer, transferee } = set;
    await act(set);
    const number = house.deposits[0]?.[1] ?? '';
    expect(house.deposits).toEqual([['102', number, reason]]);
    expect(told(referrer)).toEqual([181]);
    transferee.says({ kind: 'offer-made', sdp: AUDIO });
    await house.clock.advance(0);
    expect(transferee.told('accept-offer')).toHaveLength(1);
    expect(told(referrer)).toEqual([181, 200]);
    expect([referrer.told('end').length, transferee.told('end').length]).toEqual([1, 0]);
    const { name } = house.directory.byNumber(number) ?? {};
    expect(house.calls.views(terminalAt('102'))).toMatchObject([
      { state: 'talking', with: { number, name } },
    ]);
    expect([house.calls.views(terminalAt('101')), house.calls.views(terminalAt(number))]).toEqual([[], []]);
    expect(['101', '102', number].map((each) => house.calls.busy(idOf(each)))).toEqual([false, true, false]);
    house.joined[0]?.leave();
    await house.clock.advance(0);
    expect(transferee.told('end')).toHaveLength(1);
    const [record] = house.store.records;
    expect(record?.parts.map((part) => [part.number, part.result, part.transferred])).toEqual([
      ['101', null, true],
      ['102', 'handled', false],
      [number, reason === 'declined' ? 'declined' : 'missed', false],
    ]);
    expect(record?.attempts.at(-1)).toMatchObject({ number, by: { name: 'Ada' } });
    expect(record?.mailbox).toMatchObject({ number, name });
    expect([house.calls.size, house.clock.pending]).toEqual([0, 0]);
  });

  test('the transferee hangs up, or the mailbox refuses its sound: nothing is left', async () => {
    const gone = await talking();
    gone.referrer.says(refer('sip:104@example.org'));
    gone.transferee.says({ kind: 'ended', by: 'peer' });
    await gone.house.clock.advance(0);
    expect(gone.house.joined[0]?.state).toBe('over');
    const refused = await talking();
    refused.referrer.says(refer('sip:104@example.org'));
    refused.transferee.says({ kind: 'offer-made', sdp: 'm=video 9' });
    await refused.house.clock.advance(0);
    expect(told(refused.referrer)).toEqual([181, 488]);
    expect(refused.house.joined[0]?.state).toBe('over');
  });

  test('the transferee is with a mailbox: it cannot hand that on, and is asked for in no other call', async () => {
    const { house, referrer, transferee } = await talking();
    referrer.says(refer('sip:104@example.org'));
    transferee.says({ kind: 'offer-made', sdp: AUDIO });
    await house.clock.advance(0);
    transferee.says(refer('sip:103@example.org'));
    expect(transferee.told('refuse-refer')).toMatchObject([{ status: 403 }]);
  });

  test('an emergency call goes to no mailbox', async () => {
    const house = new CallHouse();
    const ada = house.register('101');
    house.register('112');
    const [, referrer] = await house.connect(ada, '112');
    referrer.says(refer('sip:103@example.org'));
    expect([referrer.told('refuse-refer').map(({ status }) => status), house.deposits]).toEqual([[480], []]);
  });
});
