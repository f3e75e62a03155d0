import type { CallRecord, MailboxVisit } from '@perch/shared';
import { expect, test } from 'vitest';
import { CallHouse, idOf, terminalAt } from '../support/call-house.ts';
import { faultsInRecord } from '../support/record-faults.ts';

const answered = { kind: 'answered', sdp: 'answer', contact: 'sip:x@phone.invalid' } as const;
const hold = 'm=audio 9 RTP/SAVPF 111\r\na=sendonly\r\n';
const talk = 'm=audio 9 RTP/SAVPF 111\r\na=sendrecv\r\n';

/** The one record that there is; it must not contradict itself. */
function onlyRecord({ store }: CallHouse): CallRecord {
  const [record, ...others] = store.records;
  if (record === undefined || others.length > 0) throw new Error(`${String(store.records.length)} records`);
  expect(faultsInRecord(record)).toEqual([]);
  return record;
}

test('the record says at whose desk it rang, since when, and for how long', async () => {
  const house = new CallHouse();
  const [ben] = [house.register('102'), house.register('201')];
  house.move({ 101: '201' });
  const start = house.clock.now();
  house.dial(ben, '101');
  await house.clock.advance(100);
  house.rung.says({ kind: 'progress', status: 180 });
  await house.clock.advance(24_900);
  expect(onlyRecord(house)).toMatchObject({
    ...{
      result: 'no-answer',
      startedAt: start,
      rangAt: start + 100,
      answeredAt: null,
      endedAt: start + 25_000,
    },
    ...{ ringMs: 25_000, endedBy: null, reason: { protocol: 'Q.850', cause: 19 } },
    attempts: [
      {
        ...{ number: '101', name: 'Ada', terminal: terminalAt('201'), result: 'no-answer' },
        ...{ desk: { number: '201', name: 'Front desk', since: 0 }, at: start, endedAt: start + 25_000 },
      },
    ],
    parts: [
      { number: '102', role: 'caller', result: null, other: idOf('101') },
      {
        ...{ number: '101', role: 'callee', result: 'missed', other: idOf('102'), ringMs: 25_000 },
        ...{ terminal: terminalAt('201'), station: { number: '201', name: 'Front desk' } },
      },
    ],
  });
});

test('a ring that ends because another phone of the extension has answered is not missed', async () => {
  const house = new CallHouse();
  const [ada, ben] = [house.register('101'), house.register('102'), house.register('102')];
  const caller = house.dial(ada, '102');
  const [first, second] = house.userAgent.invited;
  first?.says({ kind: 'progress', status: 180 });
  second?.says(answered);
  await house.clock.advance(0);
  first?.says({ kind: 'failed', status: 487 });
  await house.clock.advance(3_000);
  caller.says({ kind: 'ended', by: 'peer' });
  expect(onlyRecord(house).parts).toMatchObject([
    { number: '101', result: null, talkMs: 3_000 },
    { number: '102', result: 'handled', talkMs: 3_000 },
  ]);
  expect(ben.binding.terminal).toBe(terminalAt('102'));
});

test('a ringing call that follows its extension has an attempt at each desk, and is missed once', async () => {
  const house = new CallHouse();
  const [ben] = [house.register('102'), house.register('101'), house.register('201')];
  const caller = house.dial(ben, '101');
  house.rung.says({ kind: 'progress', status: 180 });
  await house.clock.advance(4_000);
  house.move({ 101: '201' });
  await house.clock.advance(5_000);
  caller.says({ kind: 'cancelled' });
  const record = onlyRecord(house);
  expect(record).toMatchObject({
    ...{ result: 'cancelled', ringMs: 9_000, endedBy: { number: '102', name: 'Ben' } },
    attempts: [
      { terminal: terminalAt('101'), desk: null, result: 'moved' },
      { terminal: terminalAt('201'), desk: { name: 'Front desk' }, result: 'cancelled' },
    ],
  });
  expect(record.parts.map(({ number, result }) => [number, result])).toEqual([
    ['102', null],
    ['101', 'missed'],
  ]);
});

test('what did not ring says why: who is on the phone, whose desk is offline, that it is asleep', () => {
  const house = new CallHouse();
  const [ben, asleep] = [house.register('102'), house.register('101')];
  house.sleeps(asleep);
  house.move({ 104: '101', 103: '201' });
  for (const number of ['101', '104', '103', '201']) house.dial(ben, number);
  house.suspend('104');
  house.dial(ben, '104');
  expect(house.userAgent.invited).toEqual([]);
  expect(house.store.records.map(({ attempts }) => attempts)).toMatchObject([
    [{ result: 'homeless', terminal: null, occupant: { number: '104', name: 'Dev', since: 0 } }],
    [{ result: 'asleep', terminal: terminalAt('101'), desk: { name: 'Ada' }, occupant: null }],
    [{ result: 'base-offline', terminal: terminalAt('201'), desk: { name: 'Front desk', since: 0 } }],
    [{ result: 'desk-in-use', terminal: null, occupant: { number: '103', name: 'Chloe' } }],
    [{ result: 'suspended' }],
  ]);
  expect(house.store.records.map(({ parts }) => parts.at(-1)?.result)).toEqual([
    ...['missed', 'missed', 'missed', 'missed'],
    null,
  ]);
});

test('who declines has not missed it; the side that hangs up is named', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  house.dial(ada, '102');
  house.rung.says({ kind: 'failed', status: 603 });
  expect(onlyRecord(house)).toMatchObject({
    ...{
      result: 'refused',
      endedBy: { number: '102', name: 'Ben' },
      reason: { protocol: 'SIP', cause: 603 },
    },
    parts: [{ number: '101' }, { number: '102', result: 'declined' }],
  });
});

test('hold counts for the one who holds, and as waiting for the other', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const [caller, callee] = await house.connect(ada, '102');
  await house.clock.advance(10_000);
  callee.says({ kind: 'offered', sdp: hold, method: 'INVITE' });
  caller.says({ kind: 'offer-answered', sdp: 'recvonly' });
  await house.clock.advance(7_000);
  callee.says({ kind: 'offered', sdp: talk, method: 'INVITE' });
  caller.says({ kind: 'offer-answered', sdp: talk });
  await house.clock.advance(3_000);
  callee.says({ kind: 'ended', by: 'peer' });
  expect(onlyRecord(house)).toMatchObject({
    ...{ result: 'answered', talkMs: 13_000, holdMs: 7_000, endedBy: { name: 'Ben' } },
    parts: [
      { number: '101', talkMs: 13_000, holdMs: 0, waitMs: 7_000 },
      { number: '102', talkMs: 13_000, holdMs: 7_000, waitMs: 0 },
    ],
  });
});

test('the record waits for a visit to the mailbox, and has the message; a stop does not lose it', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const over: ((visit: MailboxVisit) => void)[] = [];
  house.atMailbox = ({ over: left }) => {
    if (left) over.push(left);
  };
  house.dial(ada, '102');
  await house.clock.advance(25_000);
  house.dial(ada, '103');
  expect(house.store.records).toEqual([]);
  const from = house.clock.now();
  await house.clock.advance(8_000);
  over[0]?.({
    number: '102',
    name: 'Ben',
    from,
    until: from + 8_000,
    message: { id: 'm', durationMs: 5_000 },
  });
  expect(onlyRecord(house)).toMatchObject({
    ...{ result: 'no-answer', ringMs: 25_000, mailboxMs: 8_000, endedAt: from + 8_000 },
    ...{ mailbox: { name: 'Ben', message: { durationMs: 5_000 } }, parts: [{}, { result: 'missed' }] },
  });
  house.calls.close();
  expect(house.store.records.map(({ dialled, mailbox }) => [dialled, mailbox?.name])).toEqual([
    ['102', 'Ben'],
    ['103', undefined],
  ]);
});

test('a transfer that nobody answers is missed by its target, and the two go on', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('103')];
  const [caller, callee] = await house.connect(ada, '102');
  callee.says({
    kind: 'refer',
    id: 1,
    referTo: { uri: 'sip:103@example.org', displayName: undefined, replaces: undefined },
  });
  await house.clock.advance(25_000);
  caller.says({ kind: 'ended', by: 'peer' });
  const record = onlyRecord(house);
  expect(record.attempts.at(-1)).toMatchObject({ number: '103', by: { name: 'Ben' }, result: 'no-answer' });
  expect(record.parts.map(({ number, result, transferred }) => [number, result, transferred])).toEqual([
    ['101', null, false],
    ['102', 'handled', false],
    ['103', 'missed', false],
  ]);
});

test('a restart ends what rang for a call, and nothing that comes later is before it, though the clock was set back', async () => {
  const before = new CallHouse();
  const [ada, ben] = [before.register('101', 'key-a'), before.register('102', 'key-b')];
  before.register('103');
  const referTo = { uri: 'sip:103@example.org', displayName: undefined, replaces: undefined };
  const [, referrer] = await before.connect(ada, '102');
  await before.clock.advance(60_000);
  referrer.says({ kind: 'refer', id: 1, referTo });
  const house = new CallHouse();
  expect(house.clock.now()).toBeLessThan(before.clock.now());
  house.calls.restore(before.store.saved.slice(-1));
  house.register('101', 'key-a', ada.binding.contact);
  house.register('102', 'key-b', ben.binding.contact);
  house.register('103');
  const [caller, callee] = house.userAgent.restored;
  await house.clock.advance(5_000);
  callee?.says({ kind: 'refer', id: 2, referTo });
  await house.clock.advance(25_000);
  caller?.says({ kind: 'ended', by: 'peer' });
  const sentOn = before.clock.now();
  expect(onlyRecord(house).attempts.slice(1)).toMatchObject([
    { number: '103', at: sentOn, endedAt: sentOn, result: 'cancelled' },
    { number: '103', at: sentOn + 5_000, endedAt: sentOn + 30_000, result: 'no-answer' },
  ]);
});

test('a call to a service is recorded, and is nobody’s call: it counts in no figure', async () => {
  const house = new CallHouse();
  const ada = house.register('101');
  const begun = house.clock.now();
  const leg = house.dial(ada, '*97');
  leg.answer('sound');
  leg.says({ kind: 'acknowledged' });
  await house.clock.advance(30_000);
  house.move({ 103: '201' });
  leg.says({ kind: 'ended', by: 'peer' });
  expect(onlyRecord(house)).toMatchObject({
    ...{ dialled: '*97', caller: { number: '101' }, callee: { extension: null, number: '*97' } },
    ...{ result: 'answered', startedAt: begun, answeredAt: begun, talkMs: 0, mailboxMs: 30_000 },
    attempts: [],
    parts: [{ number: '101', role: 'joined', result: null, talkMs: 0, waitMs: 30_000, other: null }],
  });
});

test('a call that a service does not answer is recorded, too', () => {
  const house = new CallHouse();
  const ada = house.register('101');
  house.serves = false;
  house.dial(ada, '*43');
  expect(onlyRecord(house)).toMatchObject({
    ...{ dialled: '*43', result: 'cancelled', answeredAt: null, legs: [], mailboxMs: 0 },
    parts: [{ number: '101', role: 'joined' }],
  });
});
