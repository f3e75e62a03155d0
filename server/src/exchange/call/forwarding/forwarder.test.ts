import { type CallForwards, NO_FORWARDS } from '@perch/shared';
import { expect, test } from 'vitest';
import { CallHouse, idOf, refusalOf } from '../support/call-house.ts';
import { refer, talking, told } from '../joining/support/transferring.ts';

const progress = { kind: 'progress', status: 180 } as const;
const answered = { kind: 'answered', sdp: 'answer', contact: 'sip:x@x' } as const;

function wish(house: CallHouse, number: string, forwards: Partial<CallForwards>, doNotDisturb = false): void {
  const extension = house.directory.byNumber(number);
  if (extension !== undefined)
    house.directory.set({ ...extension, doNotDisturb, forwards: { ...NO_FORWARDS, ...forwards } });
}

/** The header fields by which a phone is told of the way. */
const way = (house: CallHouse): readonly string[] =>
  (house.rung.invitation?.fields ?? [])
    .filter(([name]) => name === 'Diversion' || name === 'History-Info')
    .map(([name, value]) => `${name}: ${value}`);

test('a call that is not answered in time goes on, and the caller hears one ring', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('103')];
  wish(house, '102', { unanswered: { to: '103', seconds: 10 } });
  const caller = house.dial(ada, '102');
  const ben = house.rung;
  ben.says(progress);
  await house.clock.advance(9_999);
  expect(house.rung).toBe(ben);
  await house.clock.advance(1);
  expect(ben.told('end')).toMatchObject([{ reason: { cause: 408 } }]);
  const chloe = house.rung;
  expect(chloe.invitation).toMatchObject({ from: { displayName: 'Ada' }, to: { displayName: 'Chloe' } });
  expect(way(house)).toEqual([
    'Diversion: <sip:102@example.org>;reason=no-answer;counter=1',
    'History-Info: <sip:102@example.org?Reason=SIP%3Bcause%3D408>;index=1',
    'History-Info: <sip:103@example.org>;index=1.1;mp=1',
  ]);
  chloe.says(progress);
  expect(caller.told('progress')).toHaveLength(1);
  chloe.says(answered);
  await house.clock.advance(0);
  expect(caller.told('answer')).toHaveLength(1);
  caller.says({ kind: 'ended', by: 'peer' });
  expect(house.store.records).toMatchObject([
    {
      result: 'answered',
      dialled: '102',
      callee: { number: '102' },
      attempts: [
        { number: '102', result: 'no-answer', forwarded: '103' },
        { number: '103', result: 'answered' },
      ],
      parts: [
        { number: '101', role: 'caller' },
        { number: '102', role: 'callee', result: 'missed' },
        { number: '103', role: 'callee', result: 'handled' },
      ],
    },
  ]);
  expect(house.clock.pending).toBe(0);
});

test('nobody answers there either: the caller gets the mailbox of the one whom they have called', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('103')];
  wish(house, '102', { unanswered: { to: '103', seconds: 10 } });
  house.dial(ada, '102');
  await house.clock.advance(10_000);
  house.rung.says(progress);
  await house.clock.advance(25_000);
  expect(house.deposits).toEqual([['101', '102', 'no-answer']]);
  expect(house.store.records).toMatchObject([{ result: 'no-answer', callee: { number: '102' } }]);
});

test.for([
  ['busy', 486, { busy: '103' }, 'busy'],
  ['without a line', 503, { unreachable: '103' }, 'offline'],
] as const)('a phone that is %s sends a call on', ([, status, forwards, result]) => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('103')];
  wish(house, '102', forwards);
  house.dial(ada, '102');
  house.rung.says({ kind: 'failed', status });
  expect(house.rung.invitation?.to.displayName).toBe('Chloe');
  house.rung.says({ kind: 'failed', status: 603 });
  expect(house.store.records).toMatchObject([
    { result: 'refused', attempts: [{ number: '102', result, forwarded: '103' }, { number: '103' }] },
  ]);
});

test('a person who declines has decided: nothing goes on', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('103')];
  wish(house, '102', { busy: '103', unanswered: { to: '103', seconds: 10 }, unreachable: '103' });
  house.dial(ada, '102');
  house.rung.says({ kind: 'failed', status: 480 });
  expect(house.deposits).toEqual([['101', '102', 'declined']]);
});

test('a circle that comes about while it rings ends with the mailbox, and says so', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('103')];
  wish(house, '102', { unanswered: { to: '103', seconds: 5 } });
  wish(house, '103', { unanswered: { to: '102', seconds: 5 } });
  house.dial(ada, '102');
  await house.clock.advance(10_000);
  expect(house.ringing).toEqual([]);
  expect(house.deposits).toEqual([['101', '102', 'forward-loop']]);
  expect(house.store.records).toMatchObject([
    {
      result: 'forward-loop',
      attempts: [
        { number: '102', result: 'no-answer', forwarded: '103' },
        { number: '103', result: 'no-answer', forwarded: '102' },
      ],
    },
  ]);
  expect(house.clock.pending).toBe(0);
});

test('a forward that was taken back while it rang is none', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('103')];
  wish(house, '102', { unanswered: { to: '103', seconds: 5 } });
  house.dial(ada, '102');
  wish(house, '102', {});
  await house.clock.advance(5_000);
  expect(house.deposits).toEqual([['101', '102', 'no-answer']]);
});

test('do not disturb: nothing rings, and the record says why', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  wish(house, '102', {}, true);
  const caller = house.dial(ada, '102');
  expect(house.userAgent.invited).toEqual([]);
  expect(house.deposits).toEqual([['101', '102', 'do-not-disturb']]);
  expect(refusalOf(caller)).toBeUndefined();
  expect(house.store.records).toMatchObject([
    {
      result: 'do-not-disturb',
      attempts: [{ number: '102', result: 'do-not-disturb', rangAt: null }],
      parts: [{ number: '101' }, { number: '102', result: 'missed' }],
      reason: { protocol: 'Q.850', cause: 21, text: 'Do not disturb' },
    },
  ]);
});

test('a call that always goes on counts for the one who takes it', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('103')];
  wish(house, '102', { always: '103' });
  const [caller] = await house.connect(ada, '102');
  expect(way(house)[0]).toBe('Diversion: <sip:102@example.org>;reason=unconditional;counter=1');
  caller.says({ kind: 'ended', by: 'peer' });
  expect(house.store.records).toMatchObject([
    {
      callee: { number: '102' },
      attempts: [
        { number: '102', result: 'forwarded', forwarded: '103' },
        { number: '103', result: 'answered' },
      ],
      parts: [{ number: '101' }, { number: '102', result: null }, { number: '103', result: 'handled' }],
    },
  ]);
});

test('a ringing call follows the extension to which it has gone on', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('103'), house.register('201')];
  wish(house, '102', { always: '103' });
  house.dial(ada, '102');
  house.move({ 103: '201' });
  expect(house.rung.target.contact).toBe(house.ringing[0]);
  expect(way(house)[0]).toBe('Diversion: <sip:102@example.org>;reason=unconditional;counter=1');
  await house.clock.advance(25_000);
  expect(house.deposits).toEqual([['101', '102', 'no-answer']]);
});

test('a ring that has begun goes on, though its extension does not want to be disturbed any more', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('201')];
  house.dial(ada, '102');
  wish(house, '102', {}, true);
  house.calls.moved([idOf('102')]);
  house.move({ 102: '201' });
  expect(house.ringing).toHaveLength(1);
  expect(house.deposits).toEqual([]);
});

test('a call that is sent on to somebody goes on as they have set, and the one who has sent it is told', async () => {
  const { house, referrer, transferee } = await talking();
  house.register('104');
  wish(house, '103', { unanswered: { to: '104', seconds: 5 } });
  referrer.says(refer('sip:103@example.org'));
  const chloe = house.rung;
  await house.clock.advance(5_000);
  expect(chloe.told('end')).toHaveLength(1);
  expect(house.rung.invitation?.to.displayName).toBe('Dev');
  house.rung.says(progress);
  expect(told(referrer)).toEqual([180]);
  await house.clock.advance(25_000);
  expect(house.deposits).toEqual([['102', '103', 'no-answer']]);
  expect(transferee.told('end')).toEqual([]);
});

test('a blind transfer to somebody who does not want to be disturbed reaches the mailbox', async () => {
  const { house, referrer } = await talking();
  wish(house, '103', {}, true);
  referrer.says(refer('sip:103@example.org'));
  expect(house.deposits).toEqual([['102', '103', 'do-not-disturb']]);
  expect(told(referrer)).toEqual([181]);
});

test('the way is told whole at every phone to which a call goes on', async () => {
  const house = new CallHouse();
  const [ada] = ['101', '102', '103', '104'].map((number) => house.register(number));
  if (ada === undefined) throw new Error('nobody calls');
  wish(house, '102', { unanswered: { to: '103', seconds: 5 } });
  wish(house, '103', { unanswered: { to: '104', seconds: 5 } });
  house.dial(ada, '102');
  await house.clock.advance(10_000);
  expect(way(house)).toEqual([
    'Diversion: <sip:103@example.org>;reason=no-answer;counter=1',
    'Diversion: <sip:102@example.org>;reason=no-answer;counter=1',
    'History-Info: <sip:102@example.org?Reason=SIP%3Bcause%3D408>;index=1',
    'History-Info: <sip:103@example.org?Reason=SIP%3Bcause%3D408>;index=1.1;mp=1',
    'History-Info: <sip:104@example.org>;index=1.1.1;mp=1.1',
  ]);
});

test('a call that is sent on goes on as it would for anyone: what it has passed before that does not count', async () => {
  const { house, referrer } = await talking();
  wish(house, '103', { unanswered: { to: '101', seconds: 5 } });
  referrer.says(refer('sip:103@example.org'));
  house.rung.says(progress);
  await house.clock.advance(5_000);
  expect(house.deposits).toEqual([]);
  expect(house.rung.invitation?.to.displayName).toBe('Ada');
});

test('a call for help that the answer point sends on rings there, in spite of do not disturb and forwards', async () => {
  const house = new CallHouse();
  const [ada] = ['101', '112', '103', '104'].map((number) => house.register(number));
  if (ada === undefined) throw new Error('nobody calls');
  wish(house, '103', { always: '104', unanswered: { to: '104', seconds: 5 } }, true);
  const [, help] = await house.connect(ada, '112');
  help.says(refer('sip:103@example.org'));
  const chloe = house.rung;
  expect(chloe.invitation?.to.displayName).toBe('Chloe');
  await house.clock.advance(10_000);
  expect(house.rung).toBe(chloe);
  expect(chloe.told('end')).toEqual([]);
});
