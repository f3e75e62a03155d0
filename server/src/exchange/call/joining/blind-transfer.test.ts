import { callId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import { Switchboard } from '../calls.ts';
import { answersTo, CallHouse, idOf, offersTo, terminalAt } from '../support/call-house.ts';
import { PLACEHOLDER_OFFER } from '../ringing/placeholder-offer.ts';
import { progress, answered, refer, talking, ringing, told } from './support/transferring.ts';

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
  const first = house.store.saved[0];
  const second = house.store.saved.at(-1);
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

test('a REFER before the call is answered is refused', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const caller = house.dial(ada, '102');
  caller.says(refer('sip:103@example.org'));
  expect(caller.told('refuse-refer')).toHaveLength(1);
});

test('blind: a target that falls asleep while it rings is left at once, and the referrer told', async () => {
  const { house, chloe, referrer, target } = await ringing();
  house.serves = false;
  house.sleeps(chloe);
  expect([told(referrer), target.told('end').length]).toEqual([[480], 1]);
});
